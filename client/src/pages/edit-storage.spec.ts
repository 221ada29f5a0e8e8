import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { browserEdits, type EditStorage, type KeptEdits, memoryEdits } from './edit-storage.js';

const kept = (name: string): KeptEdits => ({ pageId: 'page', version: 7, edits: [[{ op: 'replace', path: '/components/1/name', value: name }], []] });
const sent = (name: string): KeptEdits => ({ ...kept(name), sent: { opId: 'op', version: 6, patches: kept(name).edits[0]!, count: 1 } });

describe.each<[string, () => EditStorage]>([
  ['in memory', memoryEdits],
  ['in IndexedDB', () => browserEdits(crypto.randomUUID())],
])('edits %s', (_where, create) => {
  it('are what was put last under their key, until they are removed', async () => {
    const storage = create();
    await storage.put('ada', 'a', kept('first'));
    await storage.put('ada', 'a', sent('second'));
    await storage.put('ada', 'b', kept('other'));
    await storage.put('ada', 'c', kept('gone'));
    await storage.remove('ada', 'c');
    await storage.remove('ada', 'unknown');
    expect(await storage.list('ada')).toEqual([{ key: 'a', kept: sent('second') }, { key: 'b', kept: kept('other') }]);
  });

  it('are kept apart by user', async () => {
    const storage = create();
    await storage.put('ada', 'a', kept('hers'));
    await storage.put('ada2', 'a', kept('theirs'));
    await storage.remove('ada2', 'a');
    expect(await storage.list('ada')).toEqual([{ key: 'a', kept: kept('hers') }]);
    expect(await storage.list('ada2')).toEqual([]);
    expect(await storage.list('ad')).toEqual([]);
  });
});

it('edits in IndexedDB are there after a reload', async () => {
  const name = crypto.randomUUID();
  await browserEdits(name).put('ada', 'a', sent('x'));
  expect(await browserEdits(name).list('ada')).toEqual([{ key: 'a', kept: sent('x') }]);
});
