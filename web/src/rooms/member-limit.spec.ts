import { describe, expect, it } from 'vitest';
import { CreateRoom } from '../../../src/protocol/rooms.js';
import { MEMBER_LIMIT, parseMemberLimit } from './member-limit.js';

describe('a member limit', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['12', 12],
    [' 2 ', 2],
    ['１０', 10],
    ['1', 1],
    ['2.5', 'invalid'],
    ['many', 'invalid'],
  ])('written as %j is %s', (text, limit) => {
    expect(parseMemberLimit(text)).toBe(limit);
  });

  it('has the bounds of the server', () => {
    const accepts = (maxMembers: number): boolean => CreateRoom.safeParse({ name: 'x', maxMembers }).success;
    const { min, max } = MEMBER_LIMIT;
    expect([min - 1, min, max, max + 1].map(accepts)).toEqual([false, true, true, false]);
  });
});
