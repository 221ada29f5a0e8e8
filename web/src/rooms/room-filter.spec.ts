import { describe, expect, it } from 'vitest';
import { matches, rankOf } from './room-filter.js';

describe('the search for a room', () => {
  it.each([
    ['', ['Design'], true],
    ['des', ['Design review'], true],
    ['REVIEW des', ['Design review'], true],
    ['zoe', ['Zoë'], true],
    ['Zoë', ['zoe'], true],
    ['讨论', ['产品讨论'], true],
    ['产品 讨', ['产品讨论'], true],
    ['ｌｕｎｃｈ', ['Lunch 午饭 🍜'], true],
    ['🍜', ['Lunch 午饭 🍜'], true],
    ['maya', ['Maya Okafor', 'maya'], true],
    ['lin wei', ['林伟', 'linwei'], true],
    ['lin x', ['林伟', 'linwei'], false],
    ['设计', ['产品讨论'], false],
    ['a', [null, undefined], false],
  ])('%j in %j: %s', (query, texts, isFound) => {
    expect(matches(query, texts)).toBe(isFound);
  });
});

it('ranks what begins with the query before what contains it, and that before what only has its words', () => {
  expect(['Room 12', 'My room 1', 'Room 21', '讨论 room 1'].map((name) => rankOf(' ROOM 1', name))).toEqual([0, 1, 2, 1]);
});
