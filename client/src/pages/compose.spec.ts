import { beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/modules/pages/document/json-value.js';
import { copyComponents, duplicateComponents, freshId, pasteComponents, removeComponents } from './compose.js';
import { PageServer, schemaOf } from './page.fixture.js';
import type { Page } from './page.js';
import type { ComponentId, Fragment } from './page-types.js';

let page: Page;

async function openPage(schema: Json): Promise<Page> {
  return new PageServer(schema).device('ada').open();
}

beforeEach(async () => {
  page = await openPage(schemaOf({ 1: [2, 3, 4], 2: [5, 6], 5: [7] }));
});

const component = (id: ComponentId) => page.tree.component(id);
const childrenOf = (id: ComponentId) => page.tree.childrenOf(id);

describe('adding', () => {
  it('puts a component where it belongs, under an id of its own or a new one', () => {
    const first = page.add(1, { type: 'text' }, 0);
    const last = page.add(1, { id: 'mine', type: 'text', props: { text: 'x' } });
    const beyond = page.add(1, { type: 'text' }, 99);
    expect(childrenOf(1)).toEqual([first, 2, 3, 4, last, beyond]);
    expect(component(last)).toEqual({ id: 'mine', type: 'text', props: { text: 'x' }, children: [] });
    expect(first).toMatch(/^[a-z][a-z0-9]{11}$/);
  });

  it('takes a parent that has no list yet', async () => {
    page = await openPage({ rootId: 'root', components: { root: { type: 'page' } } });
    const id = page.add('root', { type: 'text' });
    expect(childrenOf('root')).toEqual([id]);
  });
});

describe('moving', () => {
  it.each<[index: number | undefined, order: ComponentId[]]>([
    [0, [3, 2, 4]],
    [1, [2, 3, 4]],
    [2, [2, 4, 3]],
    [undefined, [2, 4, 3]],
    [99, [2, 4, 3]],
  ])('within a list ends where it was to end: %s', (index, order) => {
    page.move(3, 1, index);
    expect(childrenOf(1)).toEqual(order);
  });

  it('goes to another list, with everything in it', () => {
    page.move(5, 3);
    page.move(2, 3, 0);
    expect([childrenOf(1), childrenOf(2), childrenOf(3), childrenOf(5)]).toEqual([[3, 4], [6], [2, 5], [7]]);
  });

  it('gives a place to a component that has none', () => {
    page.move(9, 1, 1);
    expect(childrenOf(1)).toEqual([2, 9, 3, 4]);
  });

  it('to where it is changes nothing', () => {
    page.move(3, 1, 1);
    page.move(4, 1);
    expect([page.saved.get(), page.view.get()!.canUndo]).toEqual(['saved', false]);
  });
});

describe('removing', () => {
  it('takes everything along that is in it, of several whatever their order', () => {
    page.remove(3, 2, 5);
    expect(Object.keys(page.tree.schema.components)).toEqual(['1', '4', '8', '9']);
    expect(childrenOf(1)).toEqual([4]);
  });

  it('is whole after each operation but the first ones', () => {
    const { patches } = removeComponents(page.tree, [2]);
    expect(patches.map(({ path }) => path)).toEqual(['/components/1/children/0', '/components/2', '/components/5', '/components/6', '/components/7']);
  });
});

describe('props', () => {
  it('are set, taken out and left alone', async () => {
    page = await openPage({ rootId: 1, components: { 1: { children: [2], props: { a: 1, b: 2, c: 3 } }, 2: {} } });
    page.setProps(1, { a: 9, b: undefined, d: [1] });
    page.setProps(2, { a: 1 });
    page.rename(2, 'two');
    expect([component(1)!.props, component(2)]).toEqual([{ a: 9, c: 3, d: [1] }, { props: { a: 1 }, name: 'two' }]);
  });

  it('that are so already are no edit', () => {
    page.setProps(2, {});
    page.setProps(2, { none: undefined });
    page.rename(2, 'c2');
    expect(page.view.get()!.canUndo).toBe(false);
  });
});

describe('copying', () => {
  it('and pasting makes the same under new ids', () => {
    const [copy] = page.paste(3, page.copy(2));
    const [five, six] = childrenOf(copy!);
    expect(childrenOf(3)).toEqual([copy]);
    expect([component(copy!)!.name, component(five!)!.name, component(six!)!.name, component(childrenOf(five!)[0]!)!.name]).toEqual(['c2', 'c5', 'c6', 'c7']);
    for (const id of page.tree.subtreeOf(copy!)) expect(component(id)!.id).toBe(id);
  });

  it('takes several in their order, and what lies in another one once', () => {
    const fragment = page.copy(4, 5, 2, 3);
    expect(fragment.rootIds).toEqual(['4', '2', '3']);
    expect(page.paste(1, fragment, 1).map((id) => component(id)!.name)).toEqual(['c4', 'c2', 'c3']);
    expect(childrenOf(1).map((id) => component(id)!.name)).toEqual(['c2', 'c4', 'c2', 'c3', 'c3', 'c4']);
  });

  it('survives the clipboard, and what is wrong with it', () => {
    const fragment = JSON.parse(JSON.stringify(copyComponents(page.tree, [2]))) as Fragment;
    const broken = { rootIds: [...fragment.rootIds, 'none'], components: { ...fragment.components, 7: { ...fragment.components['7'], children: [2, 'none', 99] } } } as Fragment;
    expect(() => page.paste(1, broken), 'it would contain itself').toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    expect(pasteComponents(page.tree, 1, undefined, { ...broken, components: { 2: { children: ['none'] } } }).made).toHaveLength(1);
  });

  it('duplicates each right behind it', () => {
    const copies = page.duplicate(2, 4, 5);
    expect(childrenOf(1)).toEqual([2, copies[0], 3, 4, copies[1]]);
    expect(() => duplicateComponents(page.tree, [1])).toThrow(expect.objectContaining({ code: 'PATCH_FAILED' }));
  });
});

describe('where components say which one they are in', () => {
  beforeEach(async () => {
    page = await openPage({ rootId: 1, components: { 1: { id: 1, parentId: null, children: [2, 3] }, 2: { id: 2, parentId: 1, children: [] }, 3: { id: 3, parentId: 1, children: [] } } });
  });
  const expectRight = () => {
    for (const id of page.tree.subtreeOf(1)) for (const child of childrenOf(id)) expect(String(component(child)!.parentId)).toBe(id);
  };

  it('they keep saying it', () => {
    const added = page.add(2, { type: 'text' });
    page.move(3, added);
    page.duplicate(2);
    page.paste(3, page.copy(2));
    expect(page.tree.subtreeOf(1)).toHaveLength(10);
    expectRight();
    page.undo();
    page.undo();
    expectRight();
  });
});

it('ids are unlike each other', () => {
  expect(new Set(Array.from({ length: 10_000 }, freshId)).size).toBe(10_000);
});
