import { keyOf } from './component-tree.js';
import type { Json } from './json-value.js';

/** Three-way merge of lists of ids: the wanted order, without what others have taken out, and with what they have put in, behind its sibling. */
export function mergeChildren(base: readonly string[], wanted: readonly Json[], present: readonly Json[], gone: ReadonlySet<string>): Json[] {
  const before = new Set(base);
  const now = new Set(present.map((child) => keyOf(child)!));
  const asked = new Set(wanted.map((child) => keyOf(child)));
  const merged = wanted.filter((child) => {
    const id = keyOf(child);
    return id === undefined || (!gone.has(id) && (!before.has(id) || now.has(id)));
  });
  present.forEach((child, index) => {
    const id = keyOf(child)!;
    if (before.has(id) || asked.has(id)) return;
    const sibling = present.slice(0, index).findLast((left) => merged.some((kept) => keyOf(kept) === keyOf(left)));
    merged.splice(sibling === undefined ? 0 : merged.findIndex((kept) => keyOf(kept) === keyOf(sibling)) + 1, 0, child);
  });
  return merged;
}
