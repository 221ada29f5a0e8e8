import type { ComponentId, PageTree, PatchOperation } from '@atrium/client';

/** A place between the children of a component. */
export interface Place {
  readonly parent: string;
  /** How many of its present children are before it. */
  readonly index: number;
}

const at = (parent: string, index: number | string): string => `/components/${escape(parent)}/children/${index}`;
const escape = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** Those that do not lie in another one of them, in the order of the page; never the page itself. */
export function outermost(tree: PageTree, ids: Iterable<string>): string[] {
  const all = [...ids].filter((id) => tree.parentOf(id) !== undefined);
  const roots = new Set(all.filter((id) => !all.some((other) => other !== id && tree.isWithin(id, other))));
  return roots.size < 2 ? [...roots] : tree.subtreeOf(tree.schema.rootId).filter((id) => roots.has(id));
}

/** False where a component would lie in itself. */
export function canMove(tree: PageTree, ids: Iterable<string>, { parent }: Place): boolean {
  return [...ids].every((id) => tree.parentOf(id) !== undefined && !tree.isWithin(parent, id));
}

/** Brings components to one place, in their order, as one edit; nothing when they are there. */
export function movePatches(tree: PageTree, ids: readonly string[], { parent, index }: Place): PatchOperation[] {
  const lists = new Map<string, ComponentId[]>();
  const listOf = (id: string): ComponentId[] => {
    let list = lists.get(id);
    if (!list) lists.set(id, (list = [...tree.childrenOf(id)]));
    return list;
  };
  const find = (list: readonly ComponentId[], id: string): number => list.findIndex((child) => String(child) === id);
  const target = listOf(parent);
  const before = target.slice(index).find((child) => !ids.includes(String(child)));
  const patches: PatchOperation[] = [];
  for (const id of ids) {
    const from = tree.parentOf(id)!;
    const source = listOf(from);
    const fromIndex = find(source, id);
    const [moved] = source.splice(fromIndex, 1);
    const to = before === undefined ? target.length : find(target, String(before));
    const isLast = to === target.length;
    target.splice(to, 0, moved!);
    if (source === target && fromIndex === to) continue;
    patches.push({ op: 'move', from: at(from, fromIndex), path: at(parent, isLast ? '-' : to) });
    if (tree.component(id)?.parentId !== undefined) patches.push({ op: 'add', path: `/components/${escape(id)}/parentId`, value: tree.component(parent)?.id ?? parent });
  }
  // They may have come back to where they were.
  const isSame = [...lists].every(([id, list]) => list.every((child, at) => tree.childrenOf(id)[at] === child) && list.length === tree.childrenOf(id).length);
  return isSame ? [] : patches;
}

/** Gives props to several components at once, as one edit. */
export function propsPatches(tree: PageTree, ids: readonly string[], prop: string, value: unknown, isWhole: boolean): PatchOperation[] {
  return ids.flatMap((id): PatchOperation[] => {
    const path = `/components/${escape(id)}/props`;
    const props = tree.component(id)?.props;
    // A text that replaces a text is merged with what others write into it.
    const op = !isWhole && typeof value === 'string' && typeof props?.[prop] === 'string' ? 'replace' : 'add';
    const written = { op, path: `${path}/${escape(prop)}`, value } as PatchOperation;
    return props === undefined ? [{ op: 'add', path, value: {} }, written] : [written];
  });
}
