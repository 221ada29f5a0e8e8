import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from './diff.js';
import { JsonDocument, type Operation } from './json-document.js';
import { cloneJson, equalJson, isForbiddenKey, type Json } from './json-value.js';

/** Names that pointers have to escape, or that look like something else. */
const key = fc.oneof(fc.constantFrom('', ' ', '/', '~', '~0', '~1', '~01', 'a/b', 'm~n', '-', '0', '1', '01', 'children', 'props', 'é', '\u{1f600}', '"', '%25'), fc.string({ maxLength: 4 })).filter((name) => !isForbiddenKey(name));
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, '', 'text', [], {}),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }).map((object) => ({ ...object })),
  ),
})).value;

/** Something like the value: with members changed, put in, taken out and of another type. */
function mutate(value: Json, random: (below: number) => number, fresh: () => Json): Json {
  if (random(6) === 0) return fresh();
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => (random(5) === 0 ? [] : [mutate(item, random, fresh)]));
    if (random(3) === 0) items.splice(random(items.length + 1), 0, fresh());
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, Json][] => (random(5) === 0 ? [] : [[name, mutate(member, random, fresh)]]));
  if (random(3) === 0) members.push([`new${random(3)}`, fresh()]);
  return Object.fromEntries(members);
}

function applied(from: Json, patches: readonly Operation[]): Json {
  const document = new JsonDocument(cloneJson(from));
  document.apply(patches);
  return document.root;
}

describe('the difference of two values', () => {
  it('makes one of the other, and its inverse the way back', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const document = new JsonDocument(cloneJson(from));
        const inverse = document.apply(diff(from, to));
        expect(equalJson(document.root, to)).toBe(true);
        document.apply(inverse);
        expect(equalJson(document.root, from)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does so between values that are alike', () => {
    fc.assert(
      fc.property(json, fc.infiniteStream(fc.nat()), fc.infiniteStream(json), (from, numbers, values) => {
        const to = mutate(from, (below) => (numbers.next().value as number) % below, () => values.next().value as Json);
        expect(equalJson(applied(from, diff(from, to)), to)).toBe(true);
        expect(equalJson(applied(to, diff(to, from)), from)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is nothing between equals, whatever the order of their members', () => {
    fc.assert(fc.property(json, (value) => void expect(diff(value, cloneJson(value))).toEqual([])));
    expect(diff({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
    expect(diff([], [])).toEqual([]);
    expect(diff(-0, 0)).toEqual([]);
  });

  it('says no more than what differs', () => {
    const components = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, { id: `c${i}`, props: { text: 'x'.repeat(100) } }]));
    const to = { rootId: 'c0', components: { ...components, c7: { id: 'c7', props: { text: 'y' } } } };
    expect(diff({ rootId: 'c0', components }, to)).toEqual([{ op: 'replace', path: '/components/c7/props/text', value: 'y' }]);
  });

  it('leaves both values as they are, and shares nothing that a page would change', () => {
    const from = { a: { b: [1] } };
    const to = { a: { b: [2] }, c: { d: [] } };
    const texts = [from, to].map((value) => JSON.stringify(value));
    const document = new JsonDocument(cloneJson(from));
    document.apply(diff(from, to));
    document.apply([{ op: 'add', path: '/a/b/-', value: 3 }, { op: 'add', path: '/c/d/-', value: 4 }]);
    expect([from, to].map((value) => JSON.stringify(value))).toEqual(texts);
  });

  it.each<[string, Json, Json, Operation[]]>([
    ['a member that changes', { a: 1 }, { a: 2 }, [{ op: 'replace', path: '/a', value: 2 }]],
    ['a member that comes', {}, { a: null }, [{ op: 'add', path: '/a', value: null }]],
    ['a member that goes', { a: null }, {}, [{ op: 'remove', path: '/a' }]],
    ['the empty name', { '': 1 }, { '': 2 }, [{ op: 'replace', path: '/', value: 2 }]],
    ['the empty name within the empty name', { '': { '': 1 } }, { '': {} }, [{ op: 'remove', path: '//' }]],
    ['names with / and ~', { 'a/b': { 'm~n': 1 } }, { 'a/b': { 'm~n': 2 } }, [{ op: 'replace', path: '/a~1b/m~0n', value: 2 }]],
    ['a name that is escaped already', {}, { '~01': 1 }, [{ op: 'add', path: '/~001', value: 1 }]],
    ['an object for an array', { a: [1] }, { a: { 0: 1 } }, [{ op: 'replace', path: '/a', value: { 0: 1 } }]],
    ['null for an object', { a: {} }, { a: null }, [{ op: 'replace', path: '/a', value: null }]],
    ['text for a number', { a: 1 }, { a: '1' }, [{ op: 'replace', path: '/a', value: '1' }]],
    ['the whole', [1], { a: 1 }, [{ op: 'replace', path: '', value: { a: 1 } }]],
    ['a list of children, as a whole', { children: [1, 2, 3] }, { children: [3, 1] }, [{ op: 'replace', path: '/children', value: [3, 1] }]],
    ['what comes before what goes', { a: { x: 1, y: 1 }, b: 1 }, { a: { x: 2, z: 1 } }, [{ op: 'replace', path: '/a/x', value: 2 }, { op: 'add', path: '/a/z', value: 1 }, { op: 'remove', path: '/b' }, { op: 'remove', path: '/a/y' }]],
  ])('writes %s', (_what, from, to, patches) => {
    expect(diff(from, to)).toEqual(patches);
    expect(applied(from, patches)).toEqual(to);
  });
});
