import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageDocument } from '../page.document.js';
import { JsonDocument, type Operation } from './json-document.js';
import { cloneJson, type Json } from './json-value.js';
import type { Change } from './rebase.js';
import { withoutReversed } from './undone.js';

const replace = (path: string, value: Json): Operation => ({ op: 'replace', path, value });
const add = (path: string, value: Json): Operation => ({ op: 'add', path, value });
const remove = (path: string): Operation => ({ op: 'remove', path });
const name = (value: string) => replace('/components/2/name', value);

/** A page that remembers what took back what, as the journal does. */
class UndoablePage {
  readonly document: PageDocument;
  readonly undone = new Map<number, number>();
  private readonly inverses = new Map<number, readonly Operation[]>();

  constructor() {
    const component = (id: number, children: number[]) => ({ id, name: `c${id}`, props: { rows: [['a'], ['b']] }, children });
    this.document = new PageDocument({ rootId: 1, components: { 1: component(1, [2, 3]), 2: component(2, []), 3: component(3, []) } }, 0);
  }

  edit(actorId: string, ...patches: Operation[]): number {
    return this.take(this.document.propose({ actorId, patches, version: this.document.version, mode: 'strict' }));
  }

  /** True when something was taken back. */
  undo(version: number): boolean {
    const applied = this.document.propose({ actorId: null, patches: this.inverses.get(version)!, version, mode: 'undo', undone: this.undone });
    if (applied.outcome === 'discarded') return false;
    this.undone.set(version, this.take(applied));
    return true;
  }

  at(pointer: string): unknown {
    return pointer.split('/').slice(1).reduce<unknown>((value, token) => (value as Record<string, unknown>)[token], this.document.schema);
  }

  get text(): string {
    return JSON.stringify(this.document.schema, (_key, value: Json) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value));
  }

  private take(applied: ReturnType<PageDocument['propose']>): number {
    if (applied.outcome === 'discarded') throw new Error('discarded');
    this.inverses.set(applied.version, applied.inverse);
    return applied.version;
  }
}

describe('undo after undo', () => {
  it('goes back step by step where every step is on the same value', () => {
    const page = new UndoablePage();
    const versions = ['x', 'y', 'z'].map((text) => page.edit('ada', name(text)));
    const seen = versions.reverse().map((version) => [page.undo(version), page.at('/components/2/name')]);
    expect(seen).toEqual([[true, 'y'], [true, 'x'], [true, 'c2']]);
  });

  it('finds again what was deleted and restored', () => {
    const page = new UndoablePage();
    const renamed = page.edit('ada', name('x'));
    const deleted = page.edit('ada', remove('/components/1/children/0'), remove('/components/2'));
    expect([page.undo(deleted), page.undo(renamed)]).toEqual([true, true]);
    expect(page.at('/components/2/name')).toBe('c2');
    expect(page.at('/components/1/children')).toEqual([2, 3]);
  });

  it('takes no notice of what others do elsewhere, on the same component too', () => {
    const page = new UndoablePage();
    const first = page.edit('ada', name('x'));
    page.edit('ben', replace('/components/2/props/rows/0/0', 'ben'));
    const second = page.edit('ada', name('y'));
    page.edit('ben', add('/components/2/props/width', 9), replace('/components/3/name', 'ben'));
    expect([page.undo(second), page.undo(first)]).toEqual([true, true]);
    expect(page.at('/components/2/name')).toBe('c2');
    expect(page.at('/components/2/props')).toEqual({ rows: [['ben'], ['b']], width: 9 });
  });

  it('leaves what somebody else has written since, and all that lies under it', () => {
    const page = new UndoablePage();
    const first = page.edit('ada', name('x'));
    const second = page.edit('ada', name('y'));
    page.edit('ben', name('ben'));
    expect([page.undo(second), page.undo(first)]).toEqual([false, false]);
    expect(page.at('/components/2/name')).toBe('ben');
  });

  it('does not take away, nor hide, a component on which somebody else has worked', () => {
    const page = new UndoablePage();
    const made = page.edit('ada', add('/components/4', { id: 4, name: 'new', children: [] }), add('/components/1/children/-', 4));
    page.edit('ben', replace('/components/4/name', 'ben'));
    expect(page.undo(made)).toBe(false);
    expect(page.at('/components/1/children')).toEqual([2, 3, 4]);
  });

  it('does not take somebody who writes the old value for an undo', () => {
    const page = new UndoablePage();
    const first = page.edit('ada', name('x'));
    page.edit('ada', name('y'));
    page.edit('ben', name('x'));
    expect(page.undo(first)).toBe(false);
    expect(page.at('/components/2/name')).toBe('x');
  });

  it('follows an array that somebody else has changed in between', () => {
    const page = new UndoablePage();
    const cell = page.edit('ada', replace('/components/2/props/rows/1/0', 'x'));
    const row = page.edit('ada', remove('/components/2/props/rows/0'));
    page.edit('ben', add('/components/2/props/rows/0', ['ben']));
    expect(page.undo(row)).toBe(true);
    expect(page.undo(cell)).toBe(true);
    expect(page.at('/components/2/props/rows')).toEqual([['ben'], ['a'], ['b']]);
  });

  it('of everything that one person alone has done leads back to the beginning', () => {
    const random = fc.array(fc.record({ kind: fc.nat(5), component: fc.constantFrom('1', '2', '3'), index: fc.nat(3), text: fc.string({ maxLength: 2 }) }), { maxLength: 12 });
    fc.assert(
      fc.property(random, (steps) => {
        const page = new UndoablePage();
        const before = page.text;
        const versions: number[] = [];
        for (const [i, { kind, component, index, text }] of steps.entries()) {
          const rows = `/components/${component}/props/rows`;
          const patches: Operation[] = [
            [replace(`/components/${component}/name`, text)],
            [add(`${rows}/${index}`, [text])],
            [remove(`${rows}/${index}`)],
            [add(`/components/n${i}`, { id: `n${i}`, children: [], name: text }), add(`/components/${component}/children/${index}`, `n${i}`)],
            [{ op: 'move', from: `/components/${component}/children/${index}`, path: '/components/1/children/0' } as const],
            [add(`/components/${component}/props/${text}`, i)],
          ][kind]!;
          try {
            versions.push(page.edit('ada', ...patches));
          } catch {
            // It does not apply here.
          }
        }
        expect(versions.reverse().map((version) => page.undo(version)).every(Boolean)).toBe(true);
        expect(page.text).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the way without what was taken back', () => {
  interface Step extends Change {
    readonly reverses: readonly Step[];
  }
  const START: Json = { components: { 1: { name: 'a', list: ['x', 'y', 'z'] }, 2: { name: 'b', list: [] } } };
  const NAMES = ['1', '2', '3'];

  /** A document, and what was done to it. */
  class Walk {
    readonly steps: Step[] = [];
    private readonly json = new JsonDocument(cloneJson(START));

    get state(): Json {
      return cloneJson(this.json.root);
    }

    do(patches: readonly Operation[], reverses: readonly Step[] = []): Step {
      const step = { patches, inverse: this.json.apply(patches), reverses };
      this.steps.push(step);
      return step;
    }

    undo(...steps: Step[]): Step {
      return this.do(steps.toReversed().flatMap(({ inverse }) => inverse), steps);
    }

    /** What is left. */
    get rest(): Step[] {
      return withoutReversed(this.steps, ({ reverses }) => reverses);
    }
  }
  const named = (id: number, value: string) => [replace(`/components/${id}/name`, value)];

  it('is without several that were taken back at once, and what is elsewhere in between stays', () => {
    const walk = new Walk();
    const first = walk.do(named(1, 'x'));
    const elsewhere = walk.do([remove('/components/1/list/0')]);
    const second = walk.do(named(1, 'y'));
    walk.undo(first, second);
    expect(walk.rest).toEqual([elsewhere]);
  });

  it('is shorter by each that was taken back, done again, and taken back again', () => {
    const walk = new Walk();
    const again = walk.undo(walk.undo(walk.do(named(1, 'x'))));
    expect(walk.rest).toEqual([again]);
    walk.undo(again);
    expect(walk.rest).toEqual([]);
  });

  it('goes by what took back what, and stays whole where something has met it since, or a part is gone', () => {
    const walk = new Walk();
    walk.do(named(1, 'x'));
    walk.do(named(1, 'a'));
    expect(walk.rest).toEqual(walk.steps);
    const [taken, left] = [walk.do([remove('/components/1/list/0')]), walk.do(named(2, 'y'))];
    walk.do([add('/components/1/list/-', 'new')]);
    walk.undo(taken);
    expect(walk.rest).toEqual(walk.steps);
    walk.do([...left.inverse, ...named(1, 'z')], [left]);
    expect(walk.rest).toEqual(walk.steps);
  });

  it('leads to where the whole way does, wherever people meet', () => {
    const random = fc.array(fc.record({ what: fc.nat(8), id: fc.constantFrom(...NAMES), index: fc.nat(2), back: fc.nat(4), text: fc.string({ maxLength: 1 }) }), { maxLength: 30 });
    let shortened = 0;
    fc.assert(
      fc.property(random, (choices) => {
        const walk = new Walk();
        for (const { what, id, index, back, text } of choices) {
          const list = `/components/${id}/list`;
          const recent = walk.steps.slice(-1 - back);
          const edits: (() => unknown)[] = [
            () => walk.do(named(Number(id), text)),
            () => walk.do([add(`${list}/${index}`, text)]),
            () => walk.do([remove(`${list}/${index}`)]),
            () => walk.do([add(`/components/${id}`, { name: text, list: [text] })]),
            () => walk.do([remove(`/components/${id}`)]),
            () => walk.do([{ op: 'move', from: `${list}/${index}`, path: '/components/1/list/0' }, ...named(2, text)]),
            () => walk.undo(recent[0]!),
            () => walk.undo(walk.steps.at(-1)!),
            () => walk.undo(...recent),
          ];
          try {
            edits[what]!();
          } catch {
            // It does not apply here.
          }
        }
        const json = new JsonDocument(cloneJson(START));
        for (const { patches } of walk.rest) json.apply(patches);
        expect(json.root).toEqual(walk.state);
        for (const { inverse } of walk.rest.toReversed()) json.apply(inverse);
        expect(json.root).toEqual(START);
        if (walk.rest.length < walk.steps.length) shortened++;
      }),
      { numRuns: 1_000 },
    );
    expect(shortened).toBeGreaterThan(100);
  });
});
