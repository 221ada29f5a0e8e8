import { describe, expect, it } from 'vitest';
import type { Rest } from '../rest/rest.js';
import { roomsApi } from './rooms-api.js';

const PUBLIC = { id: 'room', kind: 'group', name: 'Club', memberCount: 3, lastSeq: 7 };
const MINE = { ...PUBLIC, role: 'member', unread: 0, lastReadSeq: 7 };

/** Answers each POST with this. */
const answering = (data: object) => roomsApi({ POST: () => Promise.resolve({ data, response: new Response(null, { status: 200 }) }) } as unknown as Rest);

describe('a room that was made or joined', () => {
  it('is what the server tells, also when the request was repeated', async () => {
    expect(await answering(MINE).join('room')).toEqual(MINE);
    expect(await answering({ ...MINE, duplicate: true }).join('room')).toEqual(MINE);
  });

  it.each(['join', 'create', 'createDirect'] as const)('is none of ours when it was left before the repeated request was answered: %s', async (name) => {
    const api = answering({ ...PUBLIC, duplicate: true });
    const asked = name === 'create' ? api.create({ name: 'Club' }) : api[name]('room');
    await expect(asked).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });
});
