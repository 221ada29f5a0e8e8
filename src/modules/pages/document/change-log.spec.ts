import { describe, expect, it } from 'vitest';
import { ChangeLog, MAX_LOGGED } from './change-log.js';
import { areCrossed, componentsOf } from './crossing.js';
import type { Operation } from './json-document.js';
import type { LoggedPatch } from './rebase.js';
import { Random } from '../../../../test/support/random.js';

const SET = (id: number, name = 'text'): Operation => ({ op: 'replace', path: `/components/${id}/props/${name}`, value: 'new' });

function change(version: number, ...patches: Operation[]): LoggedPatch {
  return { version, actorId: 'ada', patches, inverse: patches };
}

function logOf(...changes: LoggedPatch[]): ChangeLog {
  const log = new ChangeLog(0);
  for (const entry of changes) log.push(entry);
  return log;
}

describe('ChangeLog', () => {
  it('has what came after a version, in order', () => {
    const log = logOf(change(1, SET(1)), change(4, SET(2)), change(5, SET(3)));
    expect([0, 1, 3, 4, 5].map((version) => log.since(version).map((entry) => entry.version))).toEqual([[1, 4, 5], [4, 5], [4, 5], [5], []]);
    expect([0, 1, 3, 9].map((version) => log.lastUpTo(version))).toEqual([0, 1, 1, 5]);
  });

  it('forgets the oldest beyond its bound, and says from where it still has everything', () => {
    const log = new ChangeLog(0);
    for (let version = 1; version <= 2 * MAX_LOGGED + 1; version++) log.push(change(version, SET(version)));
    expect(log.from).toBe(MAX_LOGGED + 1);
    expect(log.since(0)).toHaveLength(MAX_LOGGED);
    expect(log.weight).toBe(logOf(...log.since(0)).weight);
    expect(log.isUntouched([SET(2 * MAX_LOGGED)], MAX_LOGGED + 1)).toBe(false);
  });

  it('reaches further back with what is put before it, and takes nothing twice', () => {
    const log = new ChangeLog(2);
    log.push(change(3, SET(3)));
    log.prepend([change(1, SET(1)), change(2, SET(2)), change(3, SET(3))], 0);
    expect(log.from).toBe(0);
    expect(log.since(0).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(log.isUntouched([SET(2)], 1)).toBe(false);
    expect(log.isUntouched([SET(2)], 2)).toBe(true);
  });

  it('knows nothing of a change that was taken out again', () => {
    const log = logOf(change(1, SET(1)), change(2, SET(1), SET(1, 'size')));
    expect(log.pop()).toMatchObject({ version: 2 });
    expect(log.isUntouched([SET(1)], 1)).toBe(true);
    expect(log.isUntouched([SET(1)], 0)).toBe(false);
    expect(log.weight).toBe(logOf(change(1, SET(1))).weight);
    log.pop();
    expect(log.pop()).toBeUndefined();
    expect(log.weight).toBe(0);
  });

  it('answers from its index what a look at every change would answer', () => {
    const random = new Random(4);
    const pick = <T>(items: readonly T[]): T => random.pick(items);
    const path = (): string => {
      const id = pick(['1', '2', '3', '~0a', 'toString']);
      return pick(['', '/rootId', '/components', `/components/${id}`, `/components/${id}/props`, `/components/${id}/props/text`, `/components/${id}/children`, `/components/${id}/children/${pick(['0', '1', '-'])}`]);
    };
    const operation = (): Operation =>
      pick<() => Operation>([
        () => ({ op: pick(['add', 'replace', 'test']), path: path(), value: pick([1, 2, '~a', 'text', { a: 1 }]) }),
        () => ({ op: 'remove', path: path() }),
        () => ({ op: pick(['move', 'copy']), from: path(), path: path() }),
      ])();
    const patch = (): Operation[] => Array.from({ length: pick([1, 1, 2]) }, operation);
    const answers = { apart: 0, untouched: 0, crossed: 0 };
    for (let round = 0; round < 3_000; round++) {
      const changes = Array.from({ length: 1 + random.below(4) }, (_, index) => change(index + 1, ...patch()));
      const log = logOf(...changes);
      if (random.next() < 0.3) log.pop();
      const version = random.below(4);
      const mine = patch();
      const since = log.since(version);
      const isApart = since.every(({ patches }) => patches.every((theirs) => mine.every((own) => !areCrossed(own, theirs))));
      const theirs = since.flatMap(({ patches }) => patches.flatMap(componentsOf));
      const own = mine.flatMap(componentsOf);
      const isUntouched = !theirs.includes(undefined) && own.every((id) => id !== undefined && !theirs.includes(id));
      expect(log.isApart(mine, version), JSON.stringify({ changes, mine, version })).toBe(isApart);
      expect(log.isUntouched(mine, version), JSON.stringify({ changes, mine, version })).toBe(isUntouched);
      answers[!isApart ? 'crossed' : isUntouched ? 'untouched' : 'apart'] += 1;
    }
    expect(Math.min(...Object.values(answers))).toBeGreaterThan(100);
  });
});
