import { beforeEach, describe, expect, it } from 'vitest';
import type { History } from '../../../src/protocol/messages.js';
import { AtriumError } from '../errors.js';
import type { Operation } from '../outbox/outbox-storage.js';
import type { Queued } from '../outbox/outbox.js';
import { Value } from '../store.js';
import { ADA, at, deleted, edited, history, message, ROOM, sent } from '../wire.fixture.js';
import { Pages, settled } from './timeline.fixture.js';
import { Timeline, type TimelineMessage } from './timeline.js';

let pages: Pages;
let queued: Value<readonly Queued[]>;
let timeline: Timeline;

beforeEach(() => {
  pages = new Pages();
  queued = new Value<readonly Queued[]>([]);
  timeline = new Timeline(pages.read, ROOM, { queued }, () => ADA);
});

const view = () => timeline.view.get();
const seqs = (): number[] => view().items.map(({ seq }) => seq);

async function opened(page: History): Promise<void> {
  void timeline.open();
  await settled();
  await pages.answer(page);
}

describe('loading', () => {
  it('begins with the newest page, once, however many open it', async () => {
    void timeline.open();
    void timeline.open();
    await settled();
    expect(view()).toMatchObject({ items: [], loading: 'initial' });
    await pages.answer(history([message(4), message(5)], true));
    expect(view()).toMatchObject({ hasBefore: true, hasAfter: false, loading: null, error: null });
    expect(seqs()).toEqual([4, 5]);
    await timeline.open();
    expect(pages.asked).toHaveLength(1);
  });

  it('shows why it failed, and is tried again by whoever asks', async () => {
    void timeline.open();
    await settled();
    await pages.fail();
    expect(view()).toMatchObject({ loading: null, error: { code: 'NETWORK' } });
    expect(timeline.isUpToDate).toBe(false);
    await opened(history([message(1)]));
    expect(view().error).toBeNull();
    expect(timeline.isUpToDate).toBe(true);
  });

  it('pages to both sides, one page at a time', async () => {
    void timeline.jumpTo(50);
    await settled();
    await pages.answer(history([message(50), message(51)], true, true));
    void timeline.loadBefore();
    void timeline.loadAfter();
    await settled();
    await pages.answer(history([message(48), message(49)], false, true));
    void timeline.loadAfter();
    await settled();
    await pages.answer(history([message(52)], true, false));
    expect(pages.asked.slice(1)).toEqual([expect.objectContaining({ before: 50 }), expect.objectContaining({ after: 51 })]);
    expect(seqs()).toEqual([48, 49, 50, 51, 52]);
    await timeline.loadBefore();
    await timeline.loadAfter();
    expect(pages.asked).toHaveLength(3);
    expect(view()).toMatchObject({ hasBefore: false, hasAfter: false });
  });

  it('jumps only where it is not yet', async () => {
    await opened(history([message(40), message(50)], true));
    await timeline.jumpTo(45);
    await timeline.jumpToNewest();
    expect(pages.asked).toHaveLength(1);
    void timeline.jumpTo(10);
    await settled();
    await pages.answer(history([message(9), message(10)], true, true));
    expect(seqs()).toEqual([9, 10]);
    void timeline.jumpToNewest();
    await settled();
    await pages.answer(history([message(50)], true));
    expect(seqs()).toEqual([50]);
  });

  it('asks beside the window that there is when its turn comes', async () => {
    await opened(history([message(40)], true));
    void timeline.loadBefore();
    void timeline.jumpTo(10);
    await settled();
    await pages.answer(history([message(39)], true, true));
    await pages.answer(history([message(10)], true, true));
    void timeline.loadAfter();
    await settled();
    expect(pages.asked.at(-1)).toMatchObject({ after: 10 });
  });
});

describe('what comes while a page is on its way', () => {
  it('is not lost when the page is older', async () => {
    await opened(history([message(5), message(6)], true));
    void timeline.loadBefore();
    await settled();
    for (const entry of [edited(7, 3), deleted(8, 5), sent(9)]) timeline.apply(entry);
    await pages.answer(history([message(3), message(4)]));
    expect(view().items.map(({ seq, content }) => [seq, content])).toEqual([
      [3, 'text 3, edited by 7'],
      [4, 'text 4'],
      [5, null],
      [6, 'text 6'],
      [9, 'text 9'],
    ]);
  });

  it('is in the first page', async () => {
    void timeline.open();
    await settled();
    timeline.apply(sent(2));
    await pages.answer(history([message(1)]));
    expect(seqs()).toEqual([1, 2]);
  });
});

describe('doubt: entries were missed that will not come', () => {
  it('reads a live window from the newest again, and puts nothing behind a hole meanwhile', async () => {
    await opened(history([message(1), message(2)]));
    timeline.doubt();
    expect(timeline.isUpToDate).toBe(false);
    timeline.apply(sent(90));
    timeline.apply(edited(91, 2));
    expect(view().items.map(({ content }) => content)).toEqual(['text 1', 'text 2, edited by 91']);
    void timeline.open();
    await settled();
    timeline.apply(sent(92));
    await pages.answer(history([message(89), message(90)], true));
    expect(seqs()).toEqual([89, 90, 92]);
    expect(timeline.isUpToDate).toBe(true);
  });

  it('stays until the window was read: a failure changes nothing, and the next open tries again', async () => {
    await opened(history([message(1)]));
    timeline.doubt();
    void timeline.open();
    await settled();
    await pages.fail();
    timeline.apply(sent(90));
    expect(seqs()).toEqual([1]);
    expect(timeline.isDoubtful).toBe(true);
    await opened(history([message(90)], true));
    expect(seqs()).toEqual([90]);
  });

  it('reads the midst of history where the reader stands', async () => {
    void timeline.jumpTo(300);
    await settled();
    const around = Array.from({ length: 50 }, (_, i) => message(275 + i));
    await pages.answer(history(around, true, true));
    timeline.doubt();
    void timeline.open();
    await settled();
    expect(pages.asked.at(-1)).toEqual({ after: 274, limit: 200 });
    await pages.answer(history(around.slice(0, 30), true, true));
    await pages.answer(history(around.slice(30), true, true));
    expect(seqs()).toEqual(around.map(({ seq }) => seq));
    expect(timeline.isUpToDate).toBe(true);
  });

  it('concerns a page that was asked for before it, too', async () => {
    void timeline.open();
    await settled();
    timeline.doubt();
    timeline.apply(sent(90));
    await pages.answer(history([message(1)]));
    expect(seqs()).toEqual([1]);
    expect(timeline.isDoubtful).toBe(true);
  });

  it('is none where nothing is loaded', () => {
    timeline.doubt();
    expect(timeline.isDoubtful).toBe(false);
  });
});

const operation = (id: string, change: Partial<Operation>): Operation => ({ id, roomId: ROOM, createdAt: at(100), kind: 'send', content: id, type: 'text', replyTo: null, ...change }) as Operation;
const ofItem = ({ key, content, status }: TimelineMessage) => [key, content, status];

describe('one’s own operations', () => {
  const own = { senderId: ADA };

  it('are shown at once: sends at the end, edits and deletions in place', async () => {
    await opened(history([message(1, own), message(2, own)]));
    const error = new AtriumError('PERMISSION_DENIED', 'muted');
    queued.set([
      { operation: operation('a', {}) },
      { operation: operation('b', {}), error },
      { operation: operation('c', { kind: 'edit', messageId: 'message-1', content: 'better' }) },
      { operation: operation('d', { kind: 'delete', messageId: 'message-2' }) },
      { operation: operation('e', { roomId: 'another' }) },
    ]);
    expect(view().items.map(ofItem)).toEqual([
      ['op-1', 'better', 'pending'],
      ['op-2', null, 'pending'],
      ['a', 'a', 'pending'],
      ['b', 'b', 'failed'],
    ]);
    expect(view().items[3]!.error).toBe(error);
  });

  it('keep their key from sending to stored, and are never shown twice', async () => {
    await opened(history([message(1)]));
    const send = operation('a', {}) as Operation & { kind: 'send' };
    queued.set([{ operation: send }]);
    expect(view().items.map(ofItem).at(-1)).toEqual(['a', 'a', 'pending']);
    timeline.apply(sent(2, { ...own, clientMsgId: 'a', content: 'a' }));
    expect(view().items.map(ofItem).at(-1)).toEqual(['a', 'a', 'sent']);
    timeline.sent(send, { messageId: 'message-2', seq: 2, clientMsgId: 'a', createdAt: at(2) });
    queued.set([]);
    expect(seqs()).toEqual([1, 2]);
  });

  it('are at their place when the ack comes first', async () => {
    await opened(history([message(1)]));
    const send = operation('a', {}) as Operation & { kind: 'send' };
    queued.set([{ operation: send }]);
    timeline.sent(send, { messageId: 'message-3', seq: 3, clientMsgId: 'a', createdAt: at(3) });
    queued.set([]);
    timeline.apply(sent(2));
    expect(view().items.map(({ seq, key }) => [seq, key])).toEqual([[1, 'message-1'], [2, 'message-2'], [3, 'a']]);
  });

  it('that were stored long ago make no hole', async () => {
    await opened(history([message(200), message(201)], true));
    const send = operation('a', {}) as Operation & { kind: 'send' };
    timeline.sent(send, { messageId: 'message-12', seq: 12, clientMsgId: 'a', createdAt: at(12), duplicate: true });
    expect(seqs()).toEqual([200, 201]);
  });

  it('are not mistaken for somebody else’s with the same id', async () => {
    await opened(history([message(1, { clientMsgId: 'a' })]));
    queued.set([{ operation: operation('a', {}) }]);
    expect(view().items.map(({ key }) => key)).toEqual(['message-1', 'a']);
  });

  it('have no place in the midst of history', async () => {
    void timeline.jumpTo(1);
    await settled();
    await pages.answer(history([message(1)], false, true));
    queued.set([{ operation: operation('a', {}) }]);
    expect(seqs()).toEqual([1]);
  });

  it('in other rooms change nothing here', async () => {
    await opened(history([message(1)]));
    const before = view();
    queued.set([{ operation: operation('a', { roomId: 'another' }) }]);
    expect(view()).toBe(before);
  });
});

it('an item stays the same object while its message does', async () => {
  await opened(history([message(1), message(2)]));
  const [first, second] = view().items;
  timeline.apply(edited(3, 2));
  expect(view().items[0]).toBe(first);
  expect(view().items[1]).not.toBe(second);
});
