import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import { AtriumError } from '../errors.js';
import { ADA, deleted, entry, message, myRoom, ROOM, sent } from '../wire.fixture.js';
import { OwnRoom } from './own-room.js';

/** Both ways to the server, answered by hand. */
class Server {
  readonly reads: { resolve: (state: MyRoom | null) => void; reject: (error: Error) => void }[] = [];
  readonly marks: { seq: number; resolve: (lastReadSeq: number) => void; reject: (error: Error) => void }[] = [];

  readonly read = (): Promise<MyRoom | null> => new Promise((resolve, reject) => this.reads.push({ resolve, reject }));

  readonly request = ((name: string, body: { roomId: string; seq: number }) => {
    expect([name, body.roomId]).toEqual(['mark-read', ROOM]);
    return new Promise((resolve, reject) => this.marks.push({ seq: body.seq, resolve: (lastReadSeq) => resolve({ lastReadSeq, unread: -1 }), reject }));
  }) as never;
}

let server: Server;
let own: OwnRoom;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  server = new Server();
  own = new OwnRoom(ROOM, server, server.read, () => ADA);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const state = () => own.state.get();
const settled = () => vi.advanceTimersByTimeAsync(0);
/** Five messages of Bob's, of which Ada has read none. */
const full = (change: Partial<MyRoom> = {}) => myRoom({ lastSeq: 5, unread: 5, lastMessage: message(5), ...change });

describe('the state', () => {
  it('is the newer one of what is told', () => {
    own.adopt(full());
    own.adopt(myRoom({ lastSeq: 4 }));
    expect(state()).toEqual(full());
    own.adopt(full({ lastSeq: 6, name: 'New' }));
    expect(state()).toMatchObject({ name: 'New' });
  });

  it('stays the same object when the same is told again', () => {
    own.adopt(full());
    const before = state();
    own.adopt(full());
    expect(state()).toBe(before);
  });

  it('is nothing before it is known, and once one is gone', () => {
    own.apply(sent(1));
    expect(state()).toBeNull();
    own.adopt(full());
    own.apply(entry(6, 'member-left', { userId: ADA }));
    expect(state()).toBeNull();
  });
});

describe('a state that only the server knows', () => {
  it('is read, with the entries that came meanwhile', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    own.apply(sent(7));
    server.reads[0]!.resolve(full({ lastSeq: 6, unread: 4 }));
    await settled();
    expect(state()).toMatchObject({ lastSeq: 7, unread: 5 });
  });

  it('may have seen them', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    own.apply(sent(7));
    server.reads[0]!.resolve(full({ lastSeq: 7, unread: 5, lastMessage: message(7) }));
    await settled();
    expect(state()).toMatchObject({ lastSeq: 7, unread: 5 });
  });

  it('is read once more when it is needed again during the read, however often', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    own.apply(deleted(7, 2));
    own.apply(deleted(8, 1));
    server.reads[0]!.resolve(full({ lastSeq: 6, unread: 4 }));
    await settled();
    server.reads[1]!.resolve(full({ lastSeq: 8, unread: 2 }));
    await settled();
    expect(state()).toMatchObject({ lastSeq: 8, unread: 2 });
    expect(server.reads).toHaveLength(2);
  });

  it('is read until it is answered', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    server.reads[0]!.reject(AtriumError.network());
    await vi.advanceTimersByTimeAsync(250);
    server.reads[1]!.resolve(full({ lastSeq: 6, unread: 4 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toMatchObject({ unread: 4 });
    expect(server.reads).toHaveLength(2);
  });

  it('is not taken from a server that lags behind', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    server.reads[0]!.resolve(full({ lastSeq: 5 }));
    await vi.advanceTimersByTimeAsync(250);
    expect(state()).toMatchObject({ lastSeq: 6 });
    server.reads[1]!.resolve(full({ lastSeq: 6, unread: 4 }));
    await settled();
    expect(state()).toMatchObject({ unread: 4 });
  });

  it('does not bring back a room that one has left during the read', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    own.gone();
    server.reads[0]!.resolve(full({ lastSeq: 6 }));
    await settled();
    expect(state()).toBeNull();
  });

  it('is not asked for any more once one has left', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    own.gone();
    server.reads[0]!.reject(AtriumError.network());
    await settled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a reset', () => {
  it('reads the state, whatever was under way before it', async () => {
    own.adopt(full());
    own.apply(deleted(6, 3));
    own.reset(5_000);
    own.apply(sent(5_001));
    server.reads[0]!.resolve(full({ lastSeq: 6, unread: 4 }));
    await settled();
    const isRead = own.reconnected();
    server.reads[1]!.resolve(full({ lastSeq: 5_001, unread: 900, lastMessage: message(5_001) }));
    await isRead;
    expect(state()).toMatchObject({ lastSeq: 5_001, unread: 900 });
  });

  it('reads it once more when only the state shows that an entry since has made it stale', async () => {
    own.adopt(myRoom({ lastSeq: 5 }));
    own.reset(5_000);
    own.apply(deleted(5_001, 4_999));
    server.reads[0]!.resolve(full({ lastSeq: 5_000, unread: 900, lastMessage: message(5_000) }));
    await settled();
    server.reads[1]!.resolve(full({ lastSeq: 5_001, unread: 899, lastMessage: message(5_000) }));
    await settled();
    expect(state()).toMatchObject({ lastSeq: 5_001, unread: 899 });
  });

  it('may go back: the server was restored from a backup', async () => {
    own.adopt(full());
    own.reset(2);
    server.reads[0]!.resolve(myRoom({ lastSeq: 2, unread: 2, lastMessage: message(2) }));
    await settled();
    expect(state()).toMatchObject({ lastSeq: 2, unread: 2 });
  });
});

describe('reading', () => {
  it('shows at once, and tells the server one position at a time, the latest', async () => {
    own.adopt(full());
    own.markRead(2);
    own.markRead(3);
    own.markRead(5);
    expect(state()).toMatchObject({ lastReadSeq: 5, unread: 0 });
    expect(server.marks.map(({ seq }) => seq)).toEqual([2]);
    server.marks[0]!.resolve(2);
    await settled();
    expect(server.marks.map(({ seq }) => seq)).toEqual([2, 5]);
    server.marks[1]!.resolve(5);
    await settled();
    server.reads[0]!.resolve(full({ lastSeq: 7, lastReadSeq: 5, unread: 0 }));
    await settled();
    expect(state()).toMatchObject({ lastReadSeq: 5, unread: 0 });
  });

  it('goes forwards only, and not beyond the last message', () => {
    own.adopt(full({ lastReadSeq: 3 }));
    own.markRead(3);
    own.markRead(1);
    expect(server.marks).toEqual([]);
    own.markRead(Number.MAX_SAFE_INTEGER);
    own.markRead(9);
    expect(server.marks.map(({ seq }) => seq)).toEqual([5]);
    expect(state()).toMatchObject({ lastReadSeq: 5 });
  });

  it('stays shown when a state comes that does not know of it yet', () => {
    own.adopt(full());
    own.markRead(5);
    own.adopt(full({ lastSeq: 6 }));
    expect(state()).toMatchObject({ lastReadSeq: 5, unread: 0 });
    own.apply(sent(7));
    expect(state()).toMatchObject({ lastReadSeq: 5 });
  });

  it('ends where the server says', async () => {
    own.adopt(full());
    own.markRead(4);
    server.marks[0]!.resolve(3);
    await settled();
    expect(state()).toMatchObject({ lastReadSeq: 3 });
    server.reads[0]!.resolve(full({ lastSeq: 6, lastReadSeq: 3, unread: 2 }));
    await settled();
    expect(state()).toMatchObject({ lastReadSeq: 3, unread: 2 });
  });

  it('is told again until it is answered, and at once after a reconnect', async () => {
    own.adopt(full());
    own.markRead(5);
    server.marks[0]!.reject(AtriumError.network());
    await settled();
    void own.reconnected();
    expect(server.marks).toHaveLength(2);
    server.marks[1]!.reject(new AtriumError('UNAVAILABLE', 'later'));
    await vi.advanceTimersByTimeAsync(500);
    server.marks[2]!.resolve(5);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.marks).toHaveLength(3);
    expect(state()).toMatchObject({ lastReadSeq: 5, unread: 0 });
  });

  it('did not happen when the server refuses it', async () => {
    own.adopt(full());
    own.markRead(5);
    server.marks[0]!.reject(new AtriumError('ROOM_NOT_FOUND', 'gone'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toMatchObject({ lastReadSeq: 0, unread: 5 });
    expect(server.marks).toHaveLength(1);
  });

  it('on another device is not undone by an answer that is older', () => {
    own.adopt(full());
    own.readUpTo(5);
    own.adopt(full());
    expect(state()).toMatchObject({ lastReadSeq: 5, unread: 0 });
  });
});
