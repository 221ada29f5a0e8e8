import type { PageCursor } from '@atrium/client';

/** The height of a name, and a little more. */
export const NAME_STEP_PX = 22;
/** Names of cursors that are nearer than this lie on each other: so wide, and so high, is one. */
const NEAR = { x: 200, y: NAME_STEP_PX } as const;

/** How many steps lower than usual each name stands, so that none lies on another one. */
export function stepsOf(cursors: readonly Pick<PageCursor, 'connectionId' | 'x' | 'y'>[]): Map<string, number> {
  const steps = new Map<string, number>();
  const placed: { x: number; y: number }[] = [];
  for (const { connectionId, x, y } of cursors) {
    let step = 0;
    while (placed.some((other) => Math.abs(other.x - x) < NEAR.x && Math.abs(other.y - (y + step * NAME_STEP_PX)) < NEAR.y)) step++;
    placed.push({ x, y: y + step * NAME_STEP_PX });
    steps.set(connectionId, step);
  }
  return steps;
}
