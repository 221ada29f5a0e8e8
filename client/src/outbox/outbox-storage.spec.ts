import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { at } from '../wire.fixture.js';
import { browserOutbox, memoryOutbox, type Operation, type OutboxStorage } from './outbox-storage.js';

const operation = (id: string): Operation => ({ id, roomId: 'room', createdAt: at(0), kind: 'send', content: `text of ${id}`, type: 'text', replyTo: null });

describe.each<[string, () => OutboxStorage]>([
  ['in memory', memoryOutbox],
  ['in IndexedDB', () => browserOutbox(crypto.randomUUID())],
])('an outbox %s', (_where, create) => {
  it('lists what was put and not removed, in the order of the ids', async () => {
    const storage = create();
    for (const id of ['1', '2', '3']) await storage.put('ada', operation(id));
    await storage.remove('ada', '2');
    await storage.remove('ada', 'unknown');
    expect(await storage.list('ada')).toEqual([operation('1'), operation('3')]);
  });

  it('keeps users apart', async () => {
    const storage = create();
    await storage.put('ada', operation('1'));
    await storage.put('ada2', operation('1'));
    await storage.remove('ada2', '1');
    expect(await storage.list('ada')).toEqual([operation('1')]);
    expect(await storage.list('ada2')).toEqual([]);
    expect(await storage.list('ad')).toEqual([]);
  });

  it('holds one operation under one id', async () => {
    const storage = create();
    await storage.put('ada', operation('1'));
    await storage.put('ada', { ...operation('1'), createdAt: at(1) });
    expect(await storage.list('ada')).toEqual([{ ...operation('1'), createdAt: at(1) }]);
  });
});

describe('an outbox in IndexedDB', () => {
  it('is there after a reload, in the order of the ids whatever the order of the puts', async () => {
    const name = crypto.randomUUID();
    const storage = browserOutbox(name);
    await Promise.all(['2', '1', '3'].map((id) => storage.put('ada', operation(id))));
    expect((await browserOutbox(name).list('ada')).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });
});
