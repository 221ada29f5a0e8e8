import { expect, it } from 'vitest';
import { stepFrom } from './step.js';

it('stays within the list', () => {
  expect([stepFrom('ArrowUp', 0, 3), stepFrom('ArrowDown', 0, 3), stepFrom('ArrowDown', 2, 3), stepFrom('Home', 2, 3), stepFrom('End', 0, 3)]).toEqual([0, 1, 2, 0, 2]);
});

it('leads nowhere for other keys, and in an empty list', () => {
  expect([stepFrom('a', 0, 3), stepFrom('ArrowDown', 0, 0)]).toEqual([null, null]);
});
