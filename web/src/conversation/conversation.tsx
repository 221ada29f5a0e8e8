export function Conversation({ roomId }: { roomId: string }) {
  return <p>{roomId}</p>;
}
