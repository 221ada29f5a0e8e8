import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MessageAck } from '../../../src/protocol/messages.js';
import { AtriumError } from '../errors.js';
import { at } from '../wire.fixture.js';
import { memoryOutbox, type Operation, type OutboxStorage } from './outbox-storage.js';
import { operationId, Outbox } from './outbox.js';

interface Request {
  readonly name: string;
  readonly body: Record<string, unknown>;
  succeed(): void;
  fail(error: AtriumError): void;
}

const ackOf = (id: string): MessageAck => ({ messageId: `message-${id}`, seq: 1, clientMsgId: id, createdAt: at(1) });

let requests: Request[];
let stored: string[];
let storage: OutboxStorage;
let outbox: Outbox;

function newOutbox(): Outbox {
  const request = ((name: string, body: Record<string, unknown>, take?: (ack: MessageAck) => void) =>
    new Promise((resolve, reject) => {
      const succeed = (): void => {
        const ack = ackOf(String(body['clientMsgId']));
        take?.(ack);
        resolve(ack);
      };
      requests.push({ name, body, succeed, fail: reject });
    })) as never;
  return new Outbox(storage, { request }, (operation) => stored.push(operation.id));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  requests = [];
  stored = [];
  storage = memoryOutbox();
  outbox = newOutbox();
  outbox.open('ada');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const send = (id: string, roomId = 'room'): Operation => ({ id, roomId, createdAt: at(0), kind: 'send', content: id, type: 'text', replyTo: null });
const edit = (id: string): Operation => ({ id, roomId: 'room', createdAt: at(0), kind: 'edit', messageId: 'm', content: id });
const remove = (id: string): Operation => ({ id, roomId: 'room', createdAt: at(0), kind: 'delete', messageId: 'm' });
const waiting = () => outbox.queued.get().map(({ operation, error }) => (error ? `${operation.id}: ${error.code}` : operation.id));
const sentIds = () => requests.map(({ body }) => body['clientMsgId']);
const kept = async () => (await storage.list('ada')).map(({ id }) => id);

/** Adds it, and remembers how it ended. */
function add(operation: Operation): { outcome?: unknown } {
  const added: { outcome?: unknown } = {};
  outbox.add(operation).then(
    (ack) => (added.outcome = ack ?? 'done'),
    (error: AtriumError) => (added.outcome = error.code),
  );
  return added;
}

describe('an operation', () => {
  it('waits in the storage until it is acknowledged, and says when the message is stored', async () => {
    const added = add(send('a'));
    await settled();
    expect([waiting(), await kept(), added.outcome]).toEqual([['a'], ['a'], undefined]);
    requests[0]!.succeed();
    expect(stored, 'in the turn of the ack').toEqual(['a']);
    await settled();
    expect([waiting(), await kept(), added.outcome]).toEqual([[], [], ackOf('a')]);
  });

  it('goes out as the event it is', async () => {
    for (const operation of [{ ...send('a'), replyTo: 'm0' } as Operation, edit('b'), remove('c')]) {
      add(operation);
      await settled();
      requests.at(-1)!.succeed();
      await settled();
    }
    expect(requests.map(({ name, body }) => [name, body])).toEqual([
      ['send-message', { roomId: 'room', clientMsgId: 'a', content: 'a', type: 'text', replyTo: 'm0' }],
      ['edit-message', { messageId: 'm', content: 'b' }],
      ['delete-message', { messageId: 'm' }],
    ]);
  });

  it('is for somebody who is signed in', async () => {
    outbox.close();
    await expect(outbox.add(send('a'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await kept()).toEqual([]);
  });
});

describe('order', () => {
  it('is kept in a room: one at a time, whatever the kind', async () => {
    for (const operation of [send('a'), edit('b'), send('c')]) add(operation);
    await settled();
    expect(requests.map(({ name }) => name)).toEqual(['send-message']);
    requests[0]!.succeed();
    await settled();
    requests[1]!.succeed();
    await settled();
    expect(requests.map(({ name }) => name)).toEqual(['send-message', 'edit-message', 'send-message']);
  });

  it('of rooms does not depend on each other', async () => {
    for (const operation of [send('a', 'one'), send('b', 'two'), send('c', 'one')]) add(operation);
    await settled();
    expect(sentIds()).toEqual(['a', 'b']);
  });

  it('begins with what was left before, though it takes a while to find', async () => {
    await storage.put('ada', send('left'));
    let found: (left: Operation[]) => void = () => undefined;
    storage = { ...storage, list: () => new Promise((resolve) => (found = resolve)) };
    outbox = newOutbox();
    outbox.open('ada');
    add(send('new'));
    outbox.flush();
    await settled();
    expect(requests).toEqual([]);
    found([send('left'), send('new')]);
    await settled();
    expect(waiting()).toEqual(['left', 'new']);
    expect(sentIds()).toEqual(['left']);
  });
});

describe('without an answer', () => {
  it('an operation waits for the next connection, and is sent with the same id', async () => {
    const added = add(send('a'));
    add(send('b'));
    await settled();
    requests[0]!.fail(AtriumError.network());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sentIds()).toEqual(['a']);
    outbox.flush();
    await settled();
    requests[1]!.succeed();
    await settled();
    expect(sentIds()).toEqual(['a', 'a', 'b']);
    expect(added.outcome).toEqual(ackOf('a'));
  });

  it('it is taken up again after a reload', async () => {
    add(send('a'));
    add(edit('b'));
    await settled();
    requests[0]!.fail(AtriumError.network());
    await settled();
    outbox = newOutbox();
    outbox.open('ada');
    outbox.flush();
    await settled();
    expect(waiting()).toEqual(['a', 'b']);
    expect(sentIds()).toEqual(['a', 'a']);
  });

  it('it is sent also where nothing can be stored', async () => {
    const broken = () => Promise.reject(new Error('no storage'));
    storage = { list: broken, put: broken, remove: broken };
    outbox = newOutbox();
    outbox.open('ada');
    const added = add(send('a'));
    await settled();
    requests[0]!.succeed();
    await settled();
    expect(added.outcome).toEqual(ackOf('a'));
  });
});

describe('a refusal', () => {
  it('for now is followed by another try, when the server says or after a growing pause', async () => {
    const added = add(send('a'));
    await settled();
    requests[0]!.fail(new AtriumError('RATE_LIMITED', 'slower', { retryAfterMs: 3_000 }));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    requests[1]!.fail(new AtriumError('UNAVAILABLE', 'later'));
    await vi.advanceTimersByTimeAsync(1_000);
    requests[2]!.succeed();
    await settled();
    expect(added.outcome).toEqual(ackOf('a'));
  });

  it('of a send keeps the text, for the user to repeat or discard; the next ones go on', async () => {
    const [first, second] = [add(send('a')), add(send('b'))];
    await settled();
    requests[0]!.fail(new AtriumError('ROOM_NOT_FOUND', 'gone'));
    await settled();
    expect(waiting()).toEqual(['a: ROOM_NOT_FOUND', 'b']);
    expect([first.outcome, await kept()]).toEqual(['ROOM_NOT_FOUND', ['a', 'b']]);
    requests[1]!.succeed();
    await settled();
    expect(second.outcome).toEqual(ackOf('b'));
    outbox.flush();
    await settled();
    expect(requests).toHaveLength(2);
    outbox.retry('a');
    await settled();
    requests[2]!.succeed();
    await settled();
    expect([sentIds(), waiting(), await kept()]).toEqual([['a', 'b', 'a'], [], []]);
  });

  it('of an edit or a deletion is told, and that is all', async () => {
    const [edited, removed] = [add(edit('a')), add(remove('b'))];
    await settled();
    requests[0]!.fail(new AtriumError('PERMISSION_DENIED', 'no'));
    await settled();
    requests[1]!.fail(new AtriumError('PERMISSION_DENIED', 'no'));
    await settled();
    expect([edited.outcome, removed.outcome, waiting(), await kept()]).toEqual(['PERMISSION_DENIED', 'PERMISSION_DENIED', [], []]);
  });

  it('is none when a message to be deleted is gone already', async () => {
    const removed = add(remove('a'));
    await settled();
    requests[0]!.fail(new AtriumError('MESSAGE_NOT_FOUND', 'gone'));
    await settled();
    expect(removed.outcome).toBe('done');
  });
});

describe('discarding', () => {
  it('forgets what waits or was refused', async () => {
    const [first, second] = [add(send('a')), add(send('b'))];
    await settled();
    requests[0]!.fail(new AtriumError('RATE_LIMITED', 'slower', { retryAfterMs: 1_000 }));
    await settled();
    outbox.discard('a');
    await vi.advanceTimersByTimeAsync(1_000);
    requests[1]!.fail(new AtriumError('PERMISSION_DENIED', 'no'));
    await settled();
    outbox.discard('b');
    await settled();
    expect([sentIds(), waiting(), await kept()]).toEqual([['a', 'b'], [], []]);
    expect([first.outcome, second.outcome]).toEqual(['NOT_FOUND', 'PERMISSION_DENIED']);
  });

  it('cannot call back what is on its way', async () => {
    add(send('a'));
    await settled();
    outbox.discard('a');
    requests[0]!.succeed();
    await settled();
    expect([stored, waiting()]).toEqual([['a'], []]);
  });
});

describe('signing out', () => {
  it('leaves what waits in the storage, for one’s own return alone', async () => {
    const added = add(send('a'));
    await settled();
    requests[0]!.fail(AtriumError.network());
    await settled();
    outbox.close();
    await settled();
    expect([added.outcome, waiting(), await kept()]).toEqual(['UNAUTHENTICATED', [], ['a']]);
    outbox.open('bob');
    outbox.flush();
    await settled();
    expect(waiting()).toEqual([]);
    outbox.open('ada');
    await settled();
    expect(waiting()).toEqual(['a']);
  });

  it('ends the pauses, so that whoever comes next need not wait', async () => {
    add(send('a'));
    await settled();
    requests[0]!.fail(new AtriumError('UNAVAILABLE', 'later'));
    await settled();
    outbox.open('bob');
    expect(vi.getTimerCount()).toBe(0);
    add(send('b'));
    await settled();
    expect(sentIds()).toEqual(['a', 'b']);
  });

  it('does not take up what belongs to who was here before', async () => {
    let found: (left: Operation[]) => void = () => undefined;
    storage = { ...memoryOutbox(), list: () => new Promise((resolve) => (found = resolve)) };
    outbox = newOutbox();
    outbox.open('ada');
    const ofAda = found;
    outbox.open('bob');
    ofAda([send('secret')]);
    found([]);
    await settled();
    expect(waiting()).toEqual([]);
  });
});

it('stopping leaves no timer behind, and the next connection goes on', async () => {
  add(send('a'));
  await settled();
  requests[0]!.fail(new AtriumError('UNAVAILABLE', 'later'));
  await settled();
  outbox.stop();
  expect(vi.getTimerCount()).toBe(0);
  await settled();
  expect(sentIds()).toEqual(['a']);
  outbox.flush();
  await settled();
  expect(sentIds()).toEqual(['a', 'a']);
});

describe('ids', () => {
  it('sort in the order in which they were made, also within a millisecond and when the clock goes back', () => {
    vi.setSystemTime(1_800_000_000_000);
    const ids = Array.from({ length: 40 }, operationId);
    vi.setSystemTime(1_800_000_000_001);
    ids.push(operationId());
    vi.setSystemTime(1_700_000_000_000);
    ids.push(operationId(), operationId());
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are what the server takes', () => {
    expect(operationId()).toMatch(/^[\x21-\x7e]{1,64}$/);
  });
});
