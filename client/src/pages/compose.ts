import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import { formatPointer } from '../../../src/modules/pages/document/json-pointer.js';
import { equalJson, type Json } from '../../../src/modules/pages/document/json-value.js';
import { AtriumError } from '../errors.js';
import type { PageTree } from './page-tree.js';
import type { Component, ComponentId, Fragment } from './page-types.js';

/** What an editor does, as patches. */
export interface Composed<T> {
  readonly patches: readonly Operation[];
  /** What there is to tell of it. */
  readonly made: T;
}

const add = (path: readonly (string | number)[], value: unknown): Operation => ({ op: 'add', path: formatPointer(path), value: value as Json });
/** `replace` edits a text, and is merged with what others type into it; `add` sets a value as a whole, and the last one wins. */
const write = (path: readonly (string | number)[], before: unknown, value: unknown, isWhole = false): Operation =>
  typeof before === 'string' && typeof value === 'string' && !isWhole ? { op: 'replace', path: formatPointer(path), value } : add(path, value);
const remove = (path: readonly (string | number)[]): Operation => ({ op: 'remove', path: formatPointer(path) });

/** Behind `index` children; without, or beyond the last one, at the end, whoever else puts something there. */
function gapAt(tree: PageTree, parent: ComponentId, index?: number): number | '-' {
  return index === undefined || index >= tree.childrenOf(parent).length ? '-' : Math.max(0, index);
}

/** A new component. Without an `id` of its own it gets one unlike any other. */
export function addComponent(tree: PageTree, parentId: ComponentId, index: number | undefined, component: Component): Composed<ComponentId> {
  const id = component.id ?? freshId();
  const said = parentIdFor(tree, parentId, [component]);
  const value = { ...component, id, ...said, children: component.children ?? [] };
  return { patches: [add(['components', id], value), ...listing(tree, parentId, index, [id])], made: id };
}

/** To the place that it is to have in the end: `index` counts its new siblings, itself left out. */
export function moveComponent(tree: PageTree, id: ComponentId, parentId: ComponentId, index?: number): Composed<void> {
  const component = requireComponent(tree, id);
  requireComponent(tree, parentId);
  const place = tree.placeOf(id);
  // Of its own list, it leaves before it is put in again.
  const last = tree.childrenOf(parentId).length - (place?.parent === String(parentId) ? 1 : 0);
  const path = ['components', parentId, 'children', gapAt(tree, parentId, index !== undefined && index < last ? index : undefined)];
  const said = Object.hasOwn(component, 'parentId') ? [add(['components', id, 'parentId'], idOf(tree, parentId))] : [];
  if (!place) return { patches: [...listing(tree, parentId, index, [component.id ?? id]), ...said], made: undefined };
  if (place.parent === String(parentId) && place.index === (index ?? last)) return { patches: [], made: undefined };
  return { patches: [{ op: 'move', from: formatPointer(['components', place.parent, 'children', place.index]), path: formatPointer(path) }, ...said], made: undefined };
}

/** Components with everything in them. */
export function removeComponents(tree: PageTree, ids: readonly ComponentId[]): Composed<void> {
  const roots = outermost(tree, ids);
  const places = roots.flatMap((id) => tree.placeOf(id) ?? []);
  // The last one first, so that the others stay where they are.
  const unlisted = places.sort((a, b) => b.index - a.index).map(({ parent, index }) => remove(['components', parent, 'children', index]));
  // Each before what it contains: so the page is whole at every point, and a large removal can be divided.
  return { patches: [...unlisted, ...roots.flatMap((id) => tree.subtreeOf(id)).map((id) => remove(['components', id]))], made: undefined };
}

/**
 * Those that are `undefined` are taken out. Others stay.
 * @param isWhole strings are no texts, but chosen as a whole
 */
export function setProps(tree: PageTree, id: ComponentId, props: Readonly<Record<string, unknown>>, isWhole = false): Composed<void> {
  const before = requireComponent(tree, id).props;
  const at = ['components', id, 'props'];
  const patches = Object.keys(props).flatMap((key): Operation[] => {
    const value = props[key];
    const isThere = before !== undefined && Object.hasOwn(before, key);
    if (value === undefined) return isThere ? [remove([...at, key])] : [];
    if (!isThere) return [add([...at, key], value)];
    return equalJson(before[key] as Json, value as Json) ? [] : [write([...at, key], before[key], value, isWhole)];
  });
  return { patches: before === undefined && patches.length > 0 ? [add(at, {}), ...patches] : patches, made: undefined };
}

export function renameComponent(tree: PageTree, id: ComponentId, name: string): Composed<void> {
  const before = requireComponent(tree, id).name;
  return { patches: before === name ? [] : [write(['components', id, 'name'], before, name)], made: undefined };
}

/** Components with everything in them, as they are. */
export function copyComponents(tree: PageTree, ids: readonly ComponentId[]): Fragment {
  const roots = outermost(tree, ids);
  const components = Object.fromEntries(roots.flatMap((id) => tree.subtreeOf(id)).map((id) => [id, requireComponent(tree, id)]));
  return { rootIds: roots, components };
}

/** What was copied, under new ids. */
export function pasteComponents(tree: PageTree, parentId: ComponentId, index: number | undefined, { rootIds, components }: Fragment): Composed<ComponentId[]> {
  const ids = inOrder({ rootIds, components });
  const fresh = new Map(ids.map((id) => [id, freshId()]));
  const copies = ids.map((id) => {
    const component = components[id]!;
    const children = (component.children ?? []).flatMap((child) => fresh.get(String(child)) ?? []);
    const parent = fresh.get(String(component.parentId));
    return { ...component, id: fresh.get(id)!, children, ...(parent !== undefined && { parentId: parent }) };
  });
  const made = rootIds.flatMap((id) => fresh.get(String(id)) ?? []);
  const said = parentIdFor(tree, parentId, copies);
  // Each after what it contains: so the page is whole at every point.
  const patches = copies.reverse().map((copy) => add(['components', copy.id], made.includes(copy.id) ? { ...copy, ...said } : copy));
  return { patches: [...patches, ...listing(tree, parentId, index, made)], made };
}

/** A copy of each, right behind it. */
export function duplicateComponents(tree: PageTree, ids: readonly ComponentId[]): Composed<ComponentId[]> {
  const patches: Operation[] = [];
  const made: ComponentId[] = [];
  // The last one first, so that the others stay where they are.
  const places = outermost(tree, ids).map((id) => ({ id, place: requirePlace(tree, id) }));
  for (const { id, place } of places.sort((a, b) => b.place.index - a.place.index)) {
    const copy = pasteComponents(tree, place.parent, place.index + 1, copyComponents(tree, [id]));
    patches.push(...copy.patches);
    made.unshift(...copy.made);
  }
  return { patches, made };
}

/** What is reached from the roots, each before what it contains. It may come from anywhere. */
function inOrder({ rootIds, components }: Fragment): string[] {
  const ids = new Set(rootIds.map(String));
  for (const id of ids) for (const child of components[id]?.children ?? []) ids.add(String(child));
  return [...ids].filter((id) => Object.hasOwn(components, id));
}

function listing(tree: PageTree, parentId: ComponentId, index: number | undefined, ids: readonly ComponentId[]): Operation[] {
  const parent = requireComponent(tree, parentId);
  const list = parent.children ? [] : [add(['components', parentId, 'children'], [])];
  const first = gapAt(tree, parentId, index);
  return [...list, ...ids.map((id, nth) => add(['components', parentId, 'children', first === '-' ? '-' : first + nth], id))];
}

/** Those that do not lie in another one of them. */
function outermost(tree: PageTree, ids: readonly ComponentId[]): ComponentId[] {
  const unique = [...new Set(ids.map(String))];
  for (const id of unique) requireComponent(tree, id);
  return unique.filter((id) => !unique.some((other) => other !== id && tree.isWithin(id, other)));
}

/** Said where components of the page, or this one, say it. */
function parentIdFor(tree: PageTree, parentId: ComponentId, components: readonly Component[]): { parentId?: ComponentId } {
  const sibling = tree.childrenOf(parentId)[0];
  const neighbours: Component[] = [requireComponent(tree, parentId), ...components];
  if (sibling !== undefined) neighbours.push(requireComponent(tree, sibling));
  return neighbours.some((component) => Object.hasOwn(component, 'parentId')) ? { parentId: idOf(tree, parentId) } : {};
}

function idOf(tree: PageTree, id: ComponentId): ComponentId {
  return tree.component(id)?.id ?? id;
}

function requireComponent(tree: PageTree, id: ComponentId): Component {
  const component = tree.component(id);
  if (!component) throw new AtriumError('PATCH_FAILED', `There is no component ${id}`);
  return component;
}

function requirePlace(tree: PageTree, id: ComponentId): { parent: string; index: number } {
  const place = tree.placeOf(id);
  if (!place) throw new AtriumError('PATCH_FAILED', `${id} has no place among others`);
  return place;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 12;

/** Unlike any other, in all pages. It begins with a letter, so that nobody takes it for a number. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
  return Array.from(bytes, (byte, place) => LETTERS[byte % (place === 0 ? 26 : 36)]).join('');
}
