import { describe, expect, it } from 'vitest';
import { mergeChildren } from './document/merge-children.js';
import { checkPatch } from './document/page-limits.js';
import { PatchError, type Operation } from './document/json-document.js';
import type { Json } from './document/json-value.js';
import { PageDocument, StaleVersion } from './page.document.js';

/** A value that counts how often anything in it is looked at. */
function counting<T extends object>(value: T): { value: T; looks: () => number; reset: () => void } {
  let looks = 0;
  const seen = new WeakMap<object, object>();
  const wrap = (inner: object): object => {
    const known = seen.get(inner);
    if (known) return known;
    const proxy = new Proxy(inner, {
      get(target, key, receiver) {
        looks += 1;
        const member: unknown = Reflect.get(target, key, receiver);
        return typeof member === 'object' && member !== null ? wrap(member) : member;
      },
      ownKeys(target) {
        const keys = Reflect.ownKeys(target);
        looks += keys.length;
        return keys;
      },
    });
    seen.set(inner, proxy);
    return proxy;
  };
  return { value: wrap(value) as T, looks: () => looks, reset: () => void (looks = 0) };
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const MANY = 5_000;
const manyRows = () => times(MANY, (i) => ({ i }));

function pageWith(props: Json, children: number[] = []): Json {
  const components = Object.fromEntries([...children, 2].map((id) => [id, { id, props: {}, children: [] as Json[] }]));
  return { rootId: 1, components: { ...components, 1: { id: 1, props, children } } };
}
const propose = (page: PageDocument, patches: Operation[], version = page.version, actorId = 'ben') => page.propose({ actorId, patches, version, mode: 'rebase' });

describe('a large value', () => {
  it('is not looked through when it is moved, however often', () => {
    const { value, looks, reset } = counting(manyRows());
    const page = new PageDocument(pageWith({ at0: value }), 0);
    // The first change has the page looked through, for what is nested too deeply.
    propose(page, [{ op: 'add', path: '/components/1/props/other', value: 1 }]);
    reset();
    propose(page, times(40, (i) => ({ op: 'move', from: `/components/1/props/at${i}`, path: `/components/1/props/at${i + 1}` })));
    expect(looks()).toBeLessThan(100);
    expect((page.schema as { components: { 1: { props: { at40: Json[] } } } }).components[1].props.at40).toHaveLength(MANY);
  });

  it('counts once, wherever it has been moved', () => {
    const page = new PageDocument(pageWith({ a: manyRows() as unknown as Json, b: 1 }), 0);
    const { size } = page;
    for (const [from, to] of [['a', 'longer'], ['longer', 'b'], ['b', 'a']]) propose(page, [{ op: 'move', from: `/components/1/props/${from}`, path: `/components/1/props/${to}` }]);
    expect(page.size).toBe(new PageDocument(structuredClone(page.schema), 0).size);
    for (let i = 0; i < 3; i++) page.retract();
    expect(page.size).toBe(size);
    expect(() => propose(page, [{ op: 'move', from: '/components/1/props/a', path: '/components/1/props/none/a' }])).toThrow(PatchError);
    expect(page.size).toBe(size);
  });

  it.each<[string, (i: number) => Operation[]]>([
    ['compared', () => [{ op: 'test', path: '/components/1/props/names', value: { n0: 1 } }]],
    ['moved over others', (i) => [{ op: 'add', path: `/components/1/props/at${i + 1}`, value: 1 }, { op: 'move', from: `/components/1/props/at${i}`, path: `/components/1/props/at${i + 1}` }]],
    ['moved deeper', (i) => [{ op: 'add', path: `/components/1/props/deep${i}`, value: {} }, { op: 'move', from: i === 0 ? '/components/1/props/at0' : `/components/1/props/deep${i - 1}/at`, path: `/components/1/props/deep${i}/at` }, { op: 'move', from: `/components/1/props/deep${i}/at`, path: `/components/1/props/at0` }, { op: 'move', from: '/components/1/props/at0', path: `/components/1/props/deep${i}/at` }]],
  ])('is not looked through again and again when it is %s', (_how, make) => {
    const names = counting(Object.fromEntries(times(MANY, (i) => [`n${i}`, 1])));
    const rows = counting(manyRows());
    const page = new PageDocument(pageWith({ at0: rows.value, names: names.value }), 0);
    names.reset();
    rows.reset();
    expect(() => propose(page, times(1_000, make).flat())).toThrow(PatchError);
    // To look through the rows once takes four looks at each. Without a budget it were two thousand times.
    expect(names.looks() + rows.looks()).toBeLessThan(200 * 4 * MANY);
  });
});

describe('a long list of children', () => {
  it('is looked at once for each operation that a stale patch carries', () => {
    const ids = times(MANY, (i) => i + 3);
    const { value, looks, reset } = counting(ids);
    const schema = pageWith({}, ids) as { components: Record<string, { children: Json[] }> };
    schema.components['1']!.children = value;
    const page = new PageDocument(schema, 0);
    propose(page, [{ op: 'add', path: '/components/1/children/0', value: 2 }]);
    reset();
    const operations = 100;
    propose(page, times(operations / 2, (i): Operation[] => [{ op: 'add', path: `/components/n${i}`, value: { id: `n${i}` } }, { op: 'add', path: `/components/1/children/${MANY - 1}`, value: `n${i}` }]).flat(), 0, 'ada');
    expect(page.version).toBe(2);
    expect(looks()).toBeLessThan(operations * MANY * 5);
  });

  it('is merged as a whole in one pass', () => {
    const present = times(MANY, (i) => (i % 2 === 0 ? i : `new${i}`));
    const { value, looks } = counting(present);
    const base = times(MANY, (i) => String(i * 2));
    const merged = mergeChildren(base, [4, 2], value, new Set());
    expect(looks()).toBeLessThan(20 * MANY);
    expect(merged.slice(0, 5)).toEqual(['new1', 4, 'new5', 'new7', 'new9']);
    expect(merged.slice(-3)).toEqual([`new${MANY - 1}`, 2, 'new3']);
  });
});

describe('a stale patch', () => {
  /** Rows into which others have put something so many times, so many operations at a time. */
  function busy(changes: number, operations: number): PageDocument {
    const page = new PageDocument(pageWith({ rows: [0] }), 0);
    for (let i = 0; i < changes; i++) propose(page, times(operations, () => ({ op: 'add', path: '/components/1/props/rows/0', value: i })));
    return page;
  }
  /** Operations that count how often somebody asks where they point. */
  function asked(count: number): { patches: Operation[]; reads: () => number } {
    let reads = 0;
    const patches = times(count, (i) => ({ op: 'add' as const, value: 1, get path() { reads += 1; return `/components/1/props/mine${i}`; } }));
    return { patches, reads: () => reads };
  }

  it('is compared with no more than so many operations of others', () => {
    const page = busy(100, 100);
    const { patches, reads } = asked(1_000);
    expect(() => propose(page, patches, 0, 'ada')).toThrow(StaleVersion);
    // Ten million pairs there are.
    expect(reads()).toBeLessThan(500_000);
    expect(page.version).toBe(100);
  });

  it('is carried while there are few, and refused with what stands there now when there are many', () => {
    const page = busy(100, 1);
    expect(propose(page, times(200, (i) => ({ op: 'replace', path: '/components/1/props/rows/0', value: i })), 0, 'ada').outcome).toBe('rebased');
    const page2 = busy(200, 1);
    const before = JSON.stringify(page2.schema);
    const path = '/components/1/props/rows/0';
    expect(() => propose(page2, times(200, (i) => ({ op: 'replace', path, value: i })), 0, 'ada')).toThrow(expect.objectContaining({ name: 'StaleVersion', version: 200, current: { [path]: 199 } }) as Error);
    expect(JSON.stringify(page2.schema)).toBe(before);
  });

  it('does not make the page travel back over megabytes again and again', () => {
    const page = new PageDocument(pageWith({ rows: [0] }), 0);
    const heavy = times(30_000, (i) => `a rather long text ${i}`);
    for (let i = 0; i < 3; i++) propose(page, [{ op: 'replace', path: '/components/1/props/rows', value: heavy }]);
    const before = JSON.stringify(page.schema);
    expect(() => propose(page, [{ op: 'add', path: '/components/1/props/rows/0', value: 1 }], 0, 'ada')).toThrow(StaleVersion);
    expect(JSON.stringify(page.schema)).toBe(before);
    expect(propose(page, [{ op: 'add', path: '/components/1/props/rows/0', value: 1 }]).outcome).toBe('applied');
  });

  it('has pointers of a length that a page can have', () => {
    const deep = (parts: number): Operation[] => [{ op: 'test', path: '/0'.repeat(parts), value: 1 }];
    expect(() => checkPatch(deep(1_001))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', at: '[0].path' }) as Error);
    expect(() => checkPatch([{ op: 'move', from: '/0'.repeat(100_000), path: '/a' }])).toThrow(expect.objectContaining({ at: '[0].from' }) as Error);
    expect(() => checkPatch(deep(1_000))).not.toThrow();
    expect(() => checkPatch([{ op: 'test', path: `/${'long'.repeat(1_000)}`, value: 1 }])).not.toThrow();
  });
});
