import { beforeEach, describe, expect, it } from 'vitest';
import type { Appender } from '../../journal/commit-queue.js';
import type { NewEntry } from '../../journal/entry.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { JsonPatch } from '../../protocol/pages.js';
import { LiveDocument } from '../collab/live-document.js';
import { LivePage } from './live-page.js';
import { PageAllowance } from './page-allowance.js';
import { PageEditingService } from './page-editing.service.js';
import { PAGE_LIMITS } from './document/page-limits.js';
import { PageDocument } from './page.document.js';

const SCHEMA = { rootId: 1, components: { 1: { id: 1, name: 'Page', title: '', children: [] } } };
const say = (value: string): JsonPatch => [{ op: 'replace', path: '/components/1/title', value }];

/** Whose look-up ends when is the test's to say; the journal takes everything at once. test/e2e/page-editing.spec.ts has the real ones. */
describe('a patch whose rights are looked up', () => {
  let isKnown: boolean;
  let isStranger: boolean;
  let lookUps: (() => void)[];
  let committed: NewEntry[];
  let service: PageEditingService;
  const patch = (opId: string, value: string) => service.patch('ada', 'page', { patches: say(value), version: 0, opId, mode: 'rebase' });

  beforeEach(() => {
    isKnown = false;
    isStranger = false;
    lookUps = [];
    committed = [];
    const appendAt = (seq: number, entry: NewEntry, caller: Appender) => {
      committed.push(entry);
      queueMicrotask(() => caller.resolve({ seq, ordinal: 0, at: '2026-01-01T00:00:00.000Z', duplicate: false }));
    };
    const page = new LivePage('channel', 'page', new PageDocument(structuredClone(SCHEMA), 0, PAGE_LIMITS), new PageAllowance('ada', Infinity, 0, { unstored: () => 0, stored: () => Promise.resolve(0) }));
    const events = { committed: () => undefined, broken: () => undefined, watchers: () => 1 };
    const live = new LiveDocument('channel', page, { appendAt }, { refresh: () => Promise.resolve() }, events);
    const right = { id: 'channel', pageId: 'page', role: 'editor' };
    const judge = () => {
      if (isStranger) throw new AppError('PAGE_NOT_FOUND');
      return right;
    };
    const parts = {
      access: { require: () => (isKnown ? judge() : new Promise((resolve) => lookUps.push(() => resolve(0))).then(judge)) },
      documents: { use: (_kind: unknown, _id: string, work: (document: typeof live) => unknown) => work(live), findToChange: () => live },
      journal: { findOperation: () => Promise.resolve(null) },
      settings: { limits: PAGE_LIMITS },
    };
    const none = {} as never;
    service = new PageEditingService(parts.access as never, parts.documents as never, none, none, parts.journal as never, none, parts.settings, { of: () => 0 } as never);
  });

  it('waits for those that were sent before it', async () => {
    const answers = [patch('a', 'first'), patch('b', 'second'), patch('c', 'third')];
    for (const end of [2, 1, 0]) lookUps[end]!();
    expect((await Promise.all(answers)).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(committed.map(({ opId }) => opId)).toEqual(['a', 'b', 'c']);
  });

  it('is proposed at once when nothing has to be looked up, but not before one that waits', async () => {
    const answers = [patch('a', 'first')];
    isKnown = true;
    answers.push(patch('b', 'second'));
    expect(committed).toEqual([]);
    lookUps[0]!();
    expect((await Promise.all(answers)).map(({ version }) => version)).toEqual([1, 2]);
    const third = patch('c', 'third');
    expect(committed.map(({ opId }) => opId)).toEqual(['a', 'b', 'c']);
    expect(await third).toMatchObject({ version: 3 });
    expect(await patch('d', 'fourth')).toMatchObject({ version: 4 });
  });

  it('is not looked at when it is a stranger’s', async () => {
    const send = async () => patch('a', 'no page can store \u0000');
    for (isKnown of [false, true]) {
      for (const [stranger, code] of [[true, 'PAGE_NOT_FOUND'], [false, 'INVALID_INPUT']] as const) {
        isStranger = stranger;
        const refused = expect(send()).rejects.toMatchObject({ code });
        for (const end of lookUps) end();
        await refused;
      }
    }
    expect(committed).toEqual([]);
  });

  it('is not waited for when it is refused', async () => {
    const refused = service.patch('ada', 'page', { patches: [{ op: 'remove', path: '/components/9' }], version: 0, opId: 'a', mode: 'strict' });
    const next = patch('b', 'second');
    for (const end of lookUps) end();
    await expect(refused).rejects.toMatchObject({ code: 'PATCH_FAILED' });
    expect(await next).toMatchObject({ version: 1 });
  });

  it('is done once when it is sent twice, and the second one is the first to know', async () => {
    const answers = [patch('a', 'text'), patch('a', 'text')];
    lookUps[1]!();
    // Until the second one waits for its turn.
    await new Promise((resolve) => setImmediate(resolve));
    lookUps[0]!();
    const results = await Promise.all(answers);
    expect(results.map(({ version }) => version)).toEqual([1, 1]);
    expect(results.filter(({ duplicate }) => duplicate)).toHaveLength(1);
    expect(committed).toHaveLength(1);
  });
});
