import { describe, expect, it } from 'vitest';
import { ComponentTree } from './component-tree.js';
import { JsonDocument, type Operation, PatchError } from './json-document.js';
import type { Json } from './json-value.js';
import { type Change, Rebase } from './rebase.js';

const LIMITS = { pageBytes: 1_000_000, components: 100, treeDepth: 10 };

/** A page with components 1 (the root) to 5, on which somebody else has made changes. */
function pageOf(tree: Record<number, number[]>) {
  const components: Record<string, Json> = {};
  for (let id = 1; id <= 5; id++) components[id] = { id, name: `c${id}`, props: { list: ['a', 'b'] }, children: tree[id] ?? [] };
  const json: JsonDocument = new JsonDocument({ rootId: 1, components }, { leaving: (...left) => index.leaving(...left), entering: (...entered) => index.entering(...entered) });
  const index = new ComponentTree(() => json.root, LIMITS);
  index.check();
  const since: Change[] = [];
  const find = (pointer: string) => json.find(pointer.split('/').slice(1));
  return {
    json,
    find,
    childrenOf: (id: number | string) => find(`/components/${id}/children`),
    happened: (...patches: Operation[]) => void since.push({ patches, inverse: json.apply(patches) }),
    rebase: () => new Rebase(json, index, since),
  };
}

const add = (path: string, value: Json): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: Json): Operation => ({ op: 'replace', path, value });
const remove = (path: string): Operation => ({ op: 'remove', path });
const made = (...patches: Operation[]) => ({ patches });

const NEW = made(add('/components/x', { id: 'x', children: [] }), add('/components/1/children/1', 'x'));

describe('patches that build on one another', () => {
  it('are carried over what has happened since the first of them', () => {
    const page = pageOf({ 1: [2, 3] });
    page.happened(add('/components/1/children/0', 4));
    const carried = page.rebase().applyEach([NEW, made(replace('/components/x/id', 'x'), add('/components/x/name', 'mine')), made(add('/components/1/children/2', 5))]);
    expect(page.childrenOf(1)).toEqual([4, 2, 'x', 5, 3]);
    expect(page.find('/components/x/name')).toBe('mine');
    expect(carried.map((each) => (each as { patches: Operation[] }).patches.length)).toEqual([2, 2, 1]);
  });

  it('are taken back by their inverses, the last one first', () => {
    const page = pageOf({ 1: [2, 3] });
    page.happened(add('/components/1/children/0', 4));
    const before = JSON.stringify(page.json.root);
    const carried = page.rebase().applyEach([NEW, made(add('/components/x/name', 'mine')), made(remove('/components/1/children/1'), remove('/components/x'))]);
    for (const each of carried.toReversed()) page.json.apply((each as { inverse: Operation[] }).inverse);
    expect(JSON.stringify(page.json.root)).toBe(before);
  });

  it('do not suffer from one that can no longer be done, unless they build on it', () => {
    const page = pageOf({ 1: [2, 3] });
    page.happened(remove('/components/1/children/0'), remove('/components/2'));
    const inside = made(add('/components/y', { id: 'y', children: [] }), add('/components/2/children/0', 'y'));
    const [first, second, third, fourth] = page.rebase().applyEach([inside, made(replace('/components/y/id', 'y')), made(add('/components/y/name', 'mine')), made(replace('/components/3/name', 'mine'))]);
    expect([first, second, third]).toEqual(Array.from({ length: 3 }, () => ({ patches: [], inverse: [] })));
    expect(fourth).toMatchObject({ patches: [replace('/components/3/name', 'mine')] });
  });

  it('are left alone by those that are done, whatever became of them', () => {
    const page = pageOf({ 1: [2, 3] });
    page.happened(add('/components/x', { id: 'x', children: [] }), add('/components/1/children/0', 'x'), add('/components/2/props/list/0', 'new'));
    const done = { ...made(...NEW.patches, add('/components/2/props/list/0', 'new')), isDone: true };
    page.rebase().applyEach([done, made(add('/components/1/children/2', 5)), made(replace('/components/2/props/list/1', 'A'))]);
    expect(page.childrenOf(1)).toEqual(['x', 5, 2, 3]);
    expect(page.find('/components/2/props/list')).toEqual(['new', 'A', 'b']);
  });

  it('leave the document as it was if one was wrong from the beginning', () => {
    const page = pageOf({ 1: [2, 3] });
    page.happened(add('/components/1/children/0', 4));
    const before = JSON.stringify(page.json.root);
    expect(() => page.rebase().applyEach([NEW, made(remove('/components/none'))])).toThrow(PatchError);
    expect(JSON.stringify(page.json.root)).toBe(before);
  });
});
