import { expect, it } from 'vitest';
import { roomChanges } from './room-changes.js';

const ROOM = { name: 'Design', isPrivate: false, maxMembers: 10 };
const SAME = { name: 'Design ', isPrivate: false, password: '', maxMembers: 10 };

it('sends nothing when nothing is different', () => {
  expect(roomChanges(ROOM, SAME)).toEqual({});
});

it('sends what is different, and a limit that is gone', () => {
  expect(roomChanges(ROOM, { name: '设计', isPrivate: true, password: 'secret', maxMembers: null })).toEqual({ name: '设计', isPrivate: true, password: 'secret', maxMembers: null });
});
