import { describe, expect, it } from 'vitest';
import { stepsOf } from './name-steps.js';
import { boxAt, cornerBeside, cornersAround, freeCorner, overlap } from './tag-places.js';

const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
const bounds = box(0, 0, 500, 500);
const size = { width: 80, height: 20 };
const frame = box(100, 100, 400, 130);

describe('a name tag', () => {
  const place = (taken = [] as ReturnType<typeof box>[], content = [] as ReturnType<typeof box>[], around = frame) =>
    freeCorner(cornersAround(around, size, 'end'), size, bounds, taken, (tag) => content.some((each) => overlap(tag, each)));

  it('stands above its frame', () => expect(place()).toEqual({ left: 320, top: 80 }));
  it('goes into the frame where it would lie on what is above', () => expect(place([], [box(0, 70, 500, 95)])).toEqual({ left: 320, top: 100 }));
  it('goes below where the frame is full, too', () => expect(place([], [box(0, 70, 500, 95), box(100, 100, 400, 130)])).toEqual({ left: 320, top: 130 }));
  it('gives way to another tag', () => expect(place([box(320, 80, 400, 100)])).toEqual({ left: 320, top: 100 }));
  it('stays on the page', () => expect(place([], [], box(100, 5, 400, 35))).toEqual({ left: 320, top: 5 }));
  it('has no place where everything is full', () => expect(place([], [bounds])).toBeUndefined());

  it('stands beside the page below the others that do', () => {
    const taken: ReturnType<typeof box>[] = [];
    for (const top of [100, 105, 300]) taken.push(boxAt(cornerBeside(500, top, size, taken), size));
    expect(taken.map((each) => each.top)).toEqual([100, 120, 300]);
  });
});

describe('the names of cursors', () => {
  it('stand below each other where the cursors are near', () => {
    const at = (connectionId: string, x: number, y: number) => ({ connectionId, x, y });
    const steps = stepsOf([at('a', 10, 10), at('b', 20, 12), at('c', 15, 30), at('d', 400, 10), at('e', 20, 300)]);
    expect(Object.fromEntries(steps)).toEqual({ a: 0, b: 1, c: 2, d: 0, e: 0 });
  });
});
