import type { Component, PageSnapshot, PageTree } from '@atrium/client';

/** A page by its lists of children; the first is the root. What has children is a container, all else a text, unless it is said. */
export function snapshotOf(tree: Record<string, string[]>, types: Record<string, string> = {}): PageSnapshot {
  const components: Record<string, Component> = {};
  const put = (id: string): void => {
    const children = tree[id] ?? [];
    components[id] ??= { id, name: id.toUpperCase(), type: types[id] ?? (id in tree ? 'container' : 'text'), props: {}, children };
  };
  for (const [id, children] of Object.entries(tree)) [id, ...children].forEach(put);
  return { rootId: Object.keys(tree)[0]!, components };
}

/** What the SDK says of it. */
export function treeOf(schema: PageSnapshot): PageTree {
  const parents = new Map(Object.entries(schema.components).flatMap(([id, { children = [] }]) => children.map((child) => [String(child), id] as const)));
  const tree = {
    schema,
    component: (id: string | number) => schema.components[String(id)],
    parentOf: (id: string | number) => parents.get(String(id)),
    childrenOf: (id: string | number) => schema.components[String(id)]?.children ?? [],
    placeOf(id: string | number) {
      const parent = parents.get(String(id));
      return parent === undefined ? undefined : { parent, index: tree.childrenOf(parent).findIndex((child) => String(child) === String(id)) };
    },
    subtreeOf: (id: string | number): string[] => [String(id), ...tree.childrenOf(id).flatMap((child) => tree.subtreeOf(child))],
    isWithin(id: string | number, ancestor: string | number): boolean {
      for (let at: string | undefined = String(id); at !== undefined; at = parents.get(at)) if (at === String(ancestor)) return true;
      return false;
    },
  };
  return tree as unknown as PageTree;
}

/** What a page is after moves within and between its lists, by id of the list. */
export function childrenAfter(schema: PageSnapshot, patches: readonly { op: string; path: string; from?: string }[]): Record<string, string[]> {
  const lists = Object.fromEntries(Object.entries(schema.components).map(([id, { children = [] }]) => [id, children.map(String)]));
  const place = (pointer: string) => ({ list: lists[pointer.split('/')[2]!]!, at: pointer.split('/')[4]! });
  for (const { op, path, from } of patches) {
    if (op !== 'move') continue;
    const source = place(from!);
    const [moved] = source.list.splice(Number(source.at), 1);
    const { list, at } = place(path);
    list.splice(at === '-' ? list.length : Number(at), 0, moved!);
  }
  return lists;
}
