import { describe, expect, it } from 'vitest';
import type { Operation } from './document/json-document.js';
import { sizeOfJson } from './document/json-size.js';
import type { Json } from './document/json-value.js';
import { PAGE_LIMITS } from './document/page-limits.js';
import { type Applied, PageDocument, type PatchRequest, StaleVersion } from './page.document.js';

type Component = { id: number; name?: string; props?: Record<string, Json>; children?: Json[] };

/** A page with components 1 (the root) to 9; `tree` lists the children of each. */
function pageOf(tree: Record<number, number[]>, props: Record<number, Record<string, Json>> = {}): PageDocument {
  const components: Record<string, Component> = {};
  for (let id = 1; id <= 9; id++) components[id] = { id, name: `c${id}`, props: props[id] ?? {}, children: tree[id] ?? [] };
  return new PageDocument({ rootId: 1, components }, 0);
}

const childrenOf = (page: PageDocument, id: number) => (page.schema as { components: Record<string, Component> }).components[id]?.children;
const propsOf = (page: PageDocument, id: number) => (page.schema as { components: Record<string, Component> }).components[id]?.props;

const ADA = 'ada';
const BEN = 'ben';
const patch = (page: PageDocument, version: number, patches: Operation[], extra: Partial<PatchRequest> = {}): Applied =>
  page.propose({ actorId: ADA, version, patches, mode: 'rebase', ...extra });

const add = (path: string, value: Json): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: Json): Operation => ({ op: 'replace', path, value });
const remove = (path: string): Operation => ({ op: 'remove', path });
const move = (from: string, path: string): Operation => ({ op: 'move', from, path });
const test = (path: string, value: Json): Operation => ({ op: 'test', path, value });

/** Deletes a component that is a child. */
const deleteChild = (parent: number, index: number, id: number) => [remove(`/components/${parent}/children/${index}`), remove(`/components/${id}`)];

describe('a patch on the present version', () => {
  it('applies as it is, and makes the next version', () => {
    const page = pageOf({ 1: [2] });
    expect(patch(page, 0, [add('/components/1/children/0', 3)])).toMatchObject({ outcome: 'applied', version: 1 });
    expect(childrenOf(page, 1)).toEqual([3, 2]);
    expect(page.version).toBe(1);
  });

  it('leaves nothing behind when it is refused', () => {
    const page = pageOf({ 1: [2] });
    const before = JSON.stringify(page.schema);
    for (const patches of [
      [replace('/components/2/name', 'x'), remove('/components/2/props/none')],
      [add('/components/1/children/-', 77)],
      [add('/components/1/children/-', 2)],
      [remove('/components/1')],
      [remove('/components/2')],
      [replace('/rootId', 2)],
      [replace('/rootId', 99)],
      [add('/components/2/children/-', 1)],
      [add('/components/3/children/-', 3)],
      [add('/components/3/children/-', 4), add('/components/4/children/-', 3)],
      [replace('/components/2/id', 3)],
      [replace('/components/2/children', 'none')],
      [add('/components/2/children/-', { id: 3 })],
      [replace('/components/2', 'gone')],
      [replace('', { rootId: 1 })],
    ]) {
      expect(() => patch(page, 0, patches), JSON.stringify(patches)).toThrow();
      expect(JSON.stringify(page.schema), JSON.stringify(patches)).toBe(before);
      expect(page.version).toBe(0);
    }
  });

  it('may break the tree on its way, if it is whole in the end', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, [add('/components/3/children/-', 2), remove('/components/1/children/0')]);
    expect([childrenOf(page, 1), childrenOf(page, 3)]).toEqual([[3], [2]]);
  });

  it('is undone by its inverse', () => {
    const page = pageOf({ 1: [2, 3], 3: [4] }, { 2: { list: [1, 2, 3] } });
    const before = JSON.stringify(page.schema);
    const applied = patch(page, 0, [move('/components/1/children/0', '/components/3/children/0'), ...deleteChild(3, 1, 4), move('/components/2/props/list/0', '/components/2/props/list/-')]);
    expect(propsOf(page, 2)).toEqual({ list: [2, 3, 1] });
    patch(page, 1, [...(applied as unknown as { inverse: Operation[] }).inverse]);
    expect(JSON.stringify(page.schema)).toBe(before);
  });

  it('that cannot be true is a conflict: the version does not exist', () => {
    expect(() => patch(pageOf({}), 5, [replace('/components/2/name', 'x')])).toThrow(StaleVersion);
  });
});

describe('a stale patch', () => {
  it('that touches other components applies as it is', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, [replace('/components/2/name', 'ada')]);
    expect(patch(page, 0, [replace('/components/3/name', 'ben')])).toMatchObject({ outcome: 'rebased', version: 2, patches: [replace('/components/3/name', 'ben')] });
  });

  it('on the same value has the last word', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [replace('/components/2/name', 'ada')]);
    expect(patch(page, 0, [replace('/components/2/name', 'ben')])).toMatchObject({ outcome: 'rebased' });
    expect(page.schema).toMatchObject({ components: { 2: { name: 'ben' } } });
  });

  it('is refused in strict mode, with what stands there now', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [replace('/components/2/name', 'ada')]);
    try {
      patch(page, 0, [replace('/components/2/name', 'ben'), add('/components/2/props/new', 1)], { mode: 'strict' });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: 'StaleVersion', version: 1, current: { '/components/2/name': 'ada' } });
    }
  });

  it('puts a child behind the sibling that it meant', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, [add('/components/1/children/0', 5)]);
    patch(page, 0, [add('/components/1/children/2', 6)]);
    expect(childrenOf(page, 1)).toEqual([5, 2, 3, 6, 4]);
  });

  it('follows a sibling that was moved within the list', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, [move('/components/1/children/1', '/components/1/children/2')]);
    expect(childrenOf(page, 1)).toEqual([2, 4, 3]);
    patch(page, 0, [add('/components/1/children/2', 6)]);
    expect(childrenOf(page, 1)).toEqual([2, 4, 3, 6]);
  });

  it('takes the next sibling to the left when the meant one is gone, and the beginning when none is left', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, deleteChild(1, 1, 3));
    patch(page, 0, [add('/components/1/children/2', 5)]);
    expect(childrenOf(page, 1)).toEqual([2, 5, 4]);
    const other = pageOf({ 1: [2, 3] });
    patch(other, 0, [remove('/components/1/children/0')]);
    patch(other, 0, [add('/components/1/children/1', 5)]);
    expect(childrenOf(other, 1)).toEqual([5, 3]);
  });

  it('stays at the end when it asked for the end', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [add('/components/1/children/-', 3)]);
    patch(page, 0, [add('/components/1/children/-', 4)]);
    expect(childrenOf(page, 1)).toEqual([2, 3, 4]);
  });

  it('takes out the child that it meant, wherever that is now', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, [move('/components/1/children/1', '/components/4/children/-')]);
    expect(patch(page, 0, deleteChild(1, 1, 3))).toMatchObject({ patches: [remove('/components/4/children/0'), remove('/components/3')] });
    expect(childrenOf(page, 1)).toEqual([2, 4]);
  });

  it('moves a child that somebody else has moved: the last one wins', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, [move('/components/1/children/0', '/components/3/children/0')]);
    patch(page, 0, [remove('/components/1/children/0'), add('/components/4/children/0', 2)]);
    expect([childrenOf(page, 1), childrenOf(page, 3), childrenOf(page, 4)]).toEqual([[3, 4], [], [2]]);
  });

  it('about something that is gone is discarded', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, deleteChild(1, 0, 2));
    for (const patches of [
      [replace('/components/2/name', 'x')],
      [add('/components/2/props/x', 1)],
      deleteChild(1, 0, 2),
      [move('/components/1/children/0', '/components/3/children/0')],
      [add('/components/8', { id: 8, children: [] }), add('/components/2/children/0', 8)],
      [test('/components/2/name', 'c2'), replace('/components/3/name', 'x')],
    ]) {
      expect(patch(page, 0, patches), JSON.stringify(patches)).toEqual({ outcome: 'discarded', version: 1 });
    }
  });

  it('about several things does what is left of it', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, deleteChild(1, 0, 2));
    expect(patch(page, 0, [replace('/components/2/name', 'x'), replace('/components/3/name', 'x')])).toMatchObject({
      outcome: 'rebased',
      patches: [replace('/components/3/name', 'x')],
    });
  });

  it('never meets another component under the name of one that is gone', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, deleteChild(1, 0, 2));
    patch(page, 1, [add('/components/2', { id: 2, name: 'another', children: [] }), add('/components/1/children/-', 2)]);
    expect(patch(page, 0, [replace('/components/2/name', 'x')])).toMatchObject({ outcome: 'discarded' });
    expect(page.schema).toMatchObject({ components: { 2: { name: 'another' } } });
  });

  it('never puts another component in the place of one that is gone', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, [remove('/components/9')]);
    patch(page, 1, [add('/components/9', { id: 9, name: 'another', children: [] })]);
    expect(patch(page, 0, [add('/components/3/children/-', 9)])).toMatchObject({ outcome: 'discarded' });
    expect(childrenOf(page, 3)).toEqual([]);
  });

  it('that makes a component under a name that is taken by now is refused', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [remove('/components/9')]);
    patch(page, 1, [add('/components/9', { id: 9, name: 'of Ada', children: [] })]);
    expect(() => patch(page, 1, [add('/components/9', { id: 9, name: 'of Ben', children: [] })], { actorId: BEN })).toThrow(StaleVersion);
    expect(page.schema).toMatchObject({ components: { 9: { name: 'of Ada' } } });
  });

  it('that would close a circle does not happen, though it has also put something into what it moves', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, [move('/components/1/children/0', '/components/3/children/-')]);
    const mine = [add('/components/new', { id: 'new', children: [] }), add('/components/2/children/-', 'new'), move('/components/1/children/1', '/components/2/children/0')];
    expect(patch(page, 0, mine)).toEqual({ outcome: 'discarded', version: 1 });
    expect(() => patch(page, 1, [add('/components/9/children/-', 9), add('/components/9/children/-', 8)])).toThrow('would contain itself');
  });

  it('that would close a circle with what has happened since does not happen', () => {
    const page = pageOf({ 1: [2, 3] });
    patch(page, 0, [move('/components/1/children/0', '/components/3/children/0')]);
    expect(patch(page, 0, [move('/components/1/children/1', '/components/2/children/0')])).toEqual({ outcome: 'discarded', version: 1 });
    expect([childrenOf(page, 1), childrenOf(page, 3), childrenOf(page, 2)]).toEqual([[3], [2], []]);
  });

  it('that deletes a branch leaves alone what somebody has saved out of it', () => {
    const page = pageOf({ 1: [2, 3], 2: [4, 5], 4: [6] });
    patch(page, 0, [move('/components/2/children/0', '/components/3/children/0')]);
    const branch = [remove('/components/1/children/0'), ...[2, 4, 6, 5].map((id) => remove(`/components/${id}`))];
    expect(patch(page, 0, branch)).toMatchObject({ patches: [remove('/components/1/children/0'), remove('/components/2'), remove('/components/5')] });
    expect([childrenOf(page, 1), childrenOf(page, 3), childrenOf(page, 4)]).toEqual([[3], [4], [6]]);
  });

  it('that deletes a branch deletes what was only moved within it', () => {
    const page = pageOf({ 1: [2, 3], 2: [4, 5] });
    patch(page, 0, [move('/components/2/children/0', '/components/5/children/0')]);
    patch(page, 0, [remove('/components/1/children/0'), ...[2, 4, 5].map((id) => remove(`/components/${id}`))]);
    expect(Object.keys((page.schema as { components: object }).components)).not.toEqual(expect.arrayContaining(['2']));
    expect([childrenOf(page, 2), childrenOf(page, 4), childrenOf(page, 5)]).toEqual([undefined, undefined, undefined]);
  });

  it('that moves within a list counts without what it moves', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, [add('/components/1/children/0', 5)]);
    patch(page, 0, [move('/components/1/children/0', '/components/1/children/1')]);
    expect(childrenOf(page, 1)).toEqual([5, 3, 2, 4]);
    patch(page, 0, [move('/components/1/children/2', '/components/1/children/0')]);
    expect(childrenOf(page, 1)).toEqual([4, 5, 3, 2]);
  });

  it('whose condition no longer holds is refused', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [replace('/components/2/name', 'ada')]);
    expect(() => patch(page, 0, [test('/components/2/name', 'c2'), replace('/components/2/name', 'ben')])).toThrow(StaleVersion);
  });

  it('that was wrong on its own version is told so', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [replace('/components/2/name', 'ada')]);
    expect(() => patch(page, 0, [remove('/components/2/props/none')], { actorId: BEN })).toThrow(expect.objectContaining({ code: 'PATCH_FAILED', at: '[0].path' }));
    expect(() => patch(page, 0, [add('/components/2/children/-', 2)], { actorId: BEN })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
  });

  it('of somebody who does not wait for acks may build on what that one has sent before', () => {
    const page = pageOf({ 1: [2] });
    patch(page, 0, [remove('/components/9')]);
    patch(page, 1, [add('/components/9', { id: 9, children: [] }), add('/components/1/children/-', 9)]);
    expect(patch(page, 1, [add('/components/9/props', { text: 'mine' })])).toMatchObject({ outcome: 'rebased' });
  });

  it('that writes a whole list keeps what others have put in and taken out', () => {
    const page = pageOf({ 1: [2, 3, 4] });
    patch(page, 0, [add('/components/1/children/1', 5)]);
    patch(page, 1, deleteChild(1, 3, 4));
    patch(page, 0, [replace('/components/1/children', [4, 3, 2])]);
    expect(childrenOf(page, 1)).toEqual([3, 2, 5]);
  });

  it('finds its element in a list of properties', () => {
    const page = pageOf({ 1: [2] }, { 2: { list: ['a', 'b', 'c'] } });
    patch(page, 0, [add('/components/2/props/list/0', 'x'), remove('/components/2/props/list/2')]);
    expect(propsOf(page, 2)).toEqual({ list: ['x', 'a', 'c'] });
    expect(patch(page, 0, [replace('/components/2/props/list/2', 'C')])).toMatchObject({ patches: [replace('/components/2/props/list/2', 'C')] });
    expect(patch(page, 0, [replace('/components/2/props/list/1', 'B')])).toMatchObject({ outcome: 'discarded' });
    patch(page, 0, [add('/components/2/props/list/1', 'y')]);
    expect(propsOf(page, 2)).toEqual({ list: ['x', 'a', 'y', 'C'] });
    patch(page, 3, [replace('/components/2/props/list', ['p', 'q'])]);
    expect(() => patch(page, 3, [replace('/components/2/props/list/1', '?')])).toThrow(StaleVersion);
  });
});

describe('an undo', () => {
  it('takes back its own change, over what others have done elsewhere', () => {
    const page = pageOf({ 1: [2, 3] });
    const made = patch(page, 0, [move('/components/1/children/0', '/components/3/children/0'), replace('/components/2/name', 'x')]) as unknown as { inverse: Operation[] };
    patch(page, 1, [add('/components/1/children/0', 4)]);
    expect(patch(page, 1, made.inverse, { mode: 'undo' })).toMatchObject({ outcome: 'rebased' });
    expect([childrenOf(page, 1), childrenOf(page, 3)]).toEqual([[2, 4, 3], []]);
    expect(page.schema).toMatchObject({ components: { 2: { name: 'c2' } } });
  });

  it('leaves alone what is newer', () => {
    const page = pageOf({ 1: [2] });
    const made = patch(page, 0, [replace('/components/2/name', 'ada')]) as unknown as { inverse: Operation[] };
    patch(page, 1, [replace('/components/2/name', 'ben')], { actorId: BEN });
    expect(patch(page, 1, made.inverse, { mode: 'undo' })).toMatchObject({ outcome: 'discarded' });
    expect(page.schema).toMatchObject({ components: { 2: { name: 'ben' } } });
  });
});

describe('a page that is larger than what is allowed by now', () => {
  it('can be changed and shrunk, but not grow', () => {
    const limits = { ...PAGE_LIMITS, pageBytes: 100, components: 2 };
    const schema = { rootId: 1, components: { 1: { children: [2, 3] }, 2: { text: 'x'.repeat(200) }, 3: {} } };
    expect(() => new PageDocument(structuredClone(schema), 0, limits)).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
    const page = new PageDocument(structuredClone(schema), 0, limits, true);
    patch(page, 0, [replace('/components/2/text', 'y'.repeat(200))]);
    expect(() => patch(page, 1, [replace('/components/2/text', 'y'.repeat(201))])).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
    expect(() => patch(page, 1, [add('/components/4', {}), replace('/components/2/text', '')])).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
    patch(page, 1, [replace('/components/2/text', 'short')]);
    expect(() => patch(page, 2, [replace('/components/2/text', 'y'.repeat(200))])).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
  });
});

describe('the size of a page', () => {
  it('counts the names of members, too, however they came', () => {
    const page = new PageDocument({ rootId: 1, components: { 1: { props: {}, children: [] } } }, 0, { ...PAGE_LIMITS, pageBytes: 1_000 });
    patch(page, 0, [add(`/components/1/props/${'a'.repeat(400)}`, 1), add('/components/1/props/list', [1, { b: 'c' }]), add('/components/1/props/list/-', 2)]);
    expect(() => patch(page, 1, [add(`/components/1/props/${'b'.repeat(600)}`, 1)])).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
    patch(page, 1, [move(`/components/1/props/${'a'.repeat(400)}`, '/components/1/props/list/0'), add('/components/12', {}), replace('/components/1/props/list/1', 'x')]);
    patch(page, 2, [{ op: 'remove', path: '/components/1/props/list/0' }, { op: 'remove', path: '/components/12' }]);
    expect(page.size).toBe(sizeOfJson(page.schema));
  });
});

describe('a change that was not committed', () => {
  it('can be taken back, one after the other', () => {
    const page = pageOf({ 1: [2] });
    const before = JSON.stringify(page.schema);
    patch(page, 0, [add('/components/1/children/-', 3)]);
    patch(page, 1, [replace('/components/3/name', 'x'), move('/components/1/children/0', '/components/3/children/-')]);
    page.retract();
    page.retract();
    expect([page.version, JSON.stringify(page.schema)]).toEqual([0, before]);
  });
});
