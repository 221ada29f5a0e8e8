import { keyOf } from './component-tree.js';
import type { Json } from './json-value.js';

/**
 * Three-way merge of lists of ids: the wanted order, without what others have taken out, and with what they have put in, behind its sibling:
 * the nearest one to the left that is wanted, or was put in, too.
 */
export function mergeChildren(base: readonly string[], wanted: readonly Json[], present: readonly Json[], gone: ReadonlySet<string>): Json[] {
  const before = new Set(base);
  const now = new Set(present.map((child) => keyOf(child)!));
  const asked = new Set(wanted.map((child) => keyOf(child)));
  const kept = wanted.filter((child) => {
    const id = keyOf(child);
    return id === undefined || (!gone.has(id) && (!before.has(id) || now.has(id)));
  });
  const ids = new Set(kept.map((child) => keyOf(child)));
  /** What others have put in, by the one behind which it comes; undefined for the beginning. */
  const added = new Map<string | undefined, Json[]>([[undefined, []]]);
  let group = added.get(undefined)!;
  for (const child of present) {
    const id = keyOf(child)!;
    if (ids.has(id)) added.set(id, (group = []));
    else if (!before.has(id) && !asked.has(id)) group.push(child);
  }
  const merged = [...added.get(undefined)!];
  for (const child of kept) {
    const id = keyOf(child);
    merged.push(child);
    if (id === undefined) continue;
    for (const other of added.get(id) ?? []) merged.push(other);
    added.delete(id);
  }
  return merged;
}
