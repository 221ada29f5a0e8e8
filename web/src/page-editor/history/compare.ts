import { type Component, isSameJson, type PageSnapshot } from '@atrium/client';

/** What differs between two versions of a page. */
export interface Difference {
  /** Of what is on the later one. */
  readonly marks: ReadonlyMap<string, 'added' | 'changed'>;
  readonly removed: number;
}

export function compareVersions(before: PageSnapshot, after: PageSnapshot): Difference {
  const marks = new Map<string, 'added' | 'changed'>();
  const [old, now] = [parentsOf(before), parentsOf(after)];
  for (const [id, parent] of now) {
    if (!old.has(id)) {
      // What came in something new is marked with it.
      if (parent === null || old.has(parent)) marks.set(id, 'added');
    } else if (old.get(id) !== parent || !isSameContent(before.components[id], after.components[id])) {
      marks.set(id, 'changed');
    }
  }
  return { marks, removed: [...old.keys()].filter((id) => !now.has(id)).length };
}

/** Each component that is shown, and what it is in. */
function parentsOf({ rootId, components }: PageSnapshot): Map<string, string | null> {
  const parents = new Map<string, string | null>([[String(rootId), null]]);
  for (const [id] of parents) for (const child of components[id]?.children ?? []) if (!parents.has(String(child))) parents.set(String(child), id);
  return parents;
}

/** Two versions may have the same props in another order, depending on how they were read. */
function isSameContent(before: Component | undefined, after: Component | undefined): boolean {
  return before?.name === after?.name && before?.type === after?.type && isSameJson(before?.props ?? {}, after?.props ?? {});
}
