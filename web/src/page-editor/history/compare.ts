import type { Component, PageSnapshot } from '@atrium/client';

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
    } else if (old.get(id) !== parent || contentOf(before.components[id]) !== contentOf(after.components[id])) {
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

function contentOf(component: Component | undefined): string {
  return JSON.stringify([component?.name, component?.type, component?.props]);
}
