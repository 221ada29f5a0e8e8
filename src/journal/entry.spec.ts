import { describe, expect, it } from 'vitest';
import { encodeView, type NewEntry, type Placed, toView } from './entry.js';

const CHANNEL = '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77';
const ACTOR = '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a78';
const placed: Placed = { seq: 7, ordinal: 3, at: '2026-01-01T00:00:00.000Z' };
const entryWith = (fields: Partial<NewEntry>): NewEntry => ({ kind: 'page', channelId: CHANNEL, type: 'op-patch', actorId: ACTOR, ...fields });
const encode = (entry: NewEntry) => encodeView(entry, placed, entry.payload && JSON.stringify(entry.payload));

describe('an entry as JSON', () => {
  it.each([
    ['of an actor', entryWith({ opId: 'a', payload: { pageId: 'page', patches: [{ op: 'add', path: '/a"\\/ü', value: null }], nothing: undefined } })],
    ['of the system', entryWith({ actorId: null, payload: { text: '"},{"seq":1\u2028\u0001' } })],
  ])('%s says what clients get, member by member', (_of, entry) => {
    expect(encode(entry)).toBe(JSON.stringify(toView(entry, placed)));
  });

  it('is not at hand when what is sent is not what is stored', () => {
    const fields = ({ seq }: Placed) => ({ number: seq });
    for (const entry of [entryWith({ payload: {} }), entryWith({}), entryWith({ fields }), entryWith({ payload: { a: 1 }, fields })]) expect(encode(entry)).toBeUndefined();
  });
});
