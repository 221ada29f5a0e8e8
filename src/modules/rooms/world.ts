/** The room of everyone. It is made by the first migration. */
export const WORLD_ID = '00000000-0000-7000-8000-000000000001';

/** `world` is an alias for its id. */
export function resolveRoomId(ref: string): string {
  return ref === 'world' ? WORLD_ID : ref;
}
