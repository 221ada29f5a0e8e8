import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/support/random.js';
import { canonical } from '../../../test/support/random-edits.js';
import { findWrong, namesOf, PatchMaker, type RowPage } from '../../../test/support/stale-patches.js';
import type { Operation } from './document/json-document.js';
import type { Json } from './document/json-value.js';
import { type Applied, PageDocument, StaleVersion } from './page.document.js';

/** A longer run: STALE_SEEDS=20000; and one that goes on from there: STALE_FIRST_SEED=20001. */
const FIRST_SEED = Number(process.env['STALE_FIRST_SEED'] ?? 1);
const SEEDS = Number(process.env['STALE_SEEDS'] ?? 1_000);
const TIMEOUT_MS = 60_000 + SEEDS * 200;
const STEPS = 20;
const MAX_BEHIND = 6;

interface Entry {
  readonly version: number;
  readonly patches: readonly Operation[];
}

const pageOf = (document: PageDocument) => document.schema as unknown as RowPage;
const namesOn = (document: PageDocument) => new Map(Object.values(pageOf(document).components).flatMap((component) => [...namesOf(component)]));
const textsOf = (document: PageDocument) => new Map(Object.values(pageOf(document).components).map(({ id, props }) => [id, props.text]));

/** The characters of `text` that are in `other`, in the order of `text`. */
const shared = (text: string, other: string): string => [...text].filter((character) => other.includes(character)).join('');

function run(seed: number): { sent: number; refused: number } {
  const random = new Random(seed);
  const maker = new PatchMaker(random);
  const start = maker.startPage() as unknown as Json;
  const server = new PageDocument(structuredClone(start), 0);
  const journal: Entry[] = [];
  const tally = { sent: 0, refused: 0 };
  for (let step = 0; step < STEPS; step++) {
    const version = Math.max(0, server.version - random.below(MAX_BEHIND + 1));
    const seen = server.readAt(version, (schema) => structuredClone(schema));
    const { patches, removes, adds } = maker.patch(seen, 2 + random.below(5));
    const before = { text: canonical(server.schema), names: namesOn(server), texts: textsOf(server) };
    tally.sent += 1;
    let applied: Applied;
    try {
      applied = server.propose({ actorId: `${random.below(4)}`, patches, version, mode: 'rebase' });
    } catch (error) {
      if (!(error instanceof StaleVersion)) throw error;
      expect(canonical(server.schema)).toBe(before.text);
      tally.refused += 1;
      continue;
    }
    if (applied.outcome === 'discarded') {
      expect(canonical(server.schema)).toBe(before.text);
      continue;
    }
    journal.push({ version: applied.version, patches: applied.patches });
    expect(findWrong(pageOf(server))).toEqual([]);
    const after = namesOn(server);
    const isMeant = ([name, around]: [string, readonly string[]]): boolean => [name, ...around].some((each) => removes.has(each));
    expect([...before.names].filter((named) => !after.has(named[0]) && !isMeant(named)), 'what nobody meant to remove').toEqual([]);
    expect([...after.keys()].filter((name) => !before.names.has(name) && !adds.has(name)), 'what nobody has added').toEqual([]);
    for (const [id, text] of textsOf(server)) {
      const previous = before.texts.get(id) ?? '';
      expect(shared(previous, text), 'what others have typed is in its order').toBe(shared(text, previous));
      const typed = patches.findLast(({ path }) => path === `/components/${id}/props/text`) as { value: string } | undefined;
      if (!typed) continue;
      expect(shared(typed.value, text), 'what this one has typed is in its order').toBe(shared(text, typed.value));
      expect([...typed.value].filter((character) => adds.has(character) && !text.includes(character)), 'what was typed is there').toEqual([]);
    }
    new PageDocument(structuredClone(server.schema), server.version);
  }
  // Another node, which follows the entries.
  const other = new PageDocument(structuredClone(start), 0);
  for (const { version, patches } of journal) other.follow(version, null, patches);
  expect(canonical(other.schema)).toBe(canonical(server.schema));
  while (server.version > 0) server.retract();
  expect(canonical(server.schema)).toBe(canonical(start));
  return tally;
}

describe('P15: stale patches of two to six operations over lists, children and text', () => {
  it('hit what they mean, lose nothing that nobody took away, and hide nothing', () => {
    const tally = { sent: 0, refused: 0 };
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        const { sent, refused } = run(seed);
        tally.sent += sent;
        tally.refused += refused;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    expect(tally.sent).toBe(SEEDS * STEPS);
    expect(tally.refused / tally.sent).toBeLessThan(0.02);
  }, TIMEOUT_MS);
});
