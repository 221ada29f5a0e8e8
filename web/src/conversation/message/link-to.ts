/** Leads to a message of a room. */
export function linkTo(roomId: string, seq: number): string {
  return `${location.origin}/rooms/${roomId}?m=${seq}`;
}
