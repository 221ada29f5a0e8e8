import type { PageTree } from '@atrium/client';
import { mayHaveChildren } from '../components/component-types.js';
import type { Place } from './move-patches.js';

export type Step = 'up' | 'down' | 'in' | 'out';

/** Where components come that take one step: past a neighbour, into the one before them, or out of what they are in. Null at an end. */
export function stepPlace(tree: PageTree, ids: readonly string[], step: Step): Place | null {
  const first = tree.placeOf(ids[0]!);
  const last = tree.placeOf(ids.at(-1)!);
  if (!first || !last) return null;
  const siblings = tree.childrenOf(first.parent);
  switch (step) {
    case 'up':
      return first.index > 0 ? { parent: first.parent, index: first.index - 1 } : null;
    case 'down':
      return last.parent === first.parent && last.index < siblings.length - 1 ? { parent: first.parent, index: last.index + 2 } : null;
    case 'in': {
      const before = siblings.slice(0, first.index).map(String).findLast((id) => !ids.includes(id));
      return before !== undefined && mayHaveChildren(tree.component(before)) ? { parent: before, index: tree.childrenOf(before).length } : null;
    }
    case 'out': {
      const outer = tree.placeOf(first.parent);
      return outer ? { parent: outer.parent, index: outer.index + 1 } : null;
    }
  }
}
