import { formatPointer, parseIndex, parsePointer } from './json-pointer.js';
import { equalJson, type Json } from './json-value.js';
import type { LoggedPatch } from './rebase.js';

/**
 * What has happened, without the changes that were taken back and what took them back: to a later undo neither of the two is "newer".
 * A pair is left out only where it cancels out to the letter, that is where the undo is the very inverse, and nothing that is left in
 * between meets it; so the rest, replayed without the pair, leads to the same page.
 * @param undone version → the version that took it back
 */
export function withoutUndone(since: readonly LoggedPatch[], undone: ReadonlyMap<number, number>): readonly LoggedPatch[] {
  if (undone.size === 0) return since;
  const undoes = new Map([...undone].map(([version, by]) => [by, version]));
  const left: LoggedPatch[] = [];
  // In order, so that of nested pairs the inner one is out before the outer one is looked at.
  for (const entry of since) {
    const version = undoes.get(entry.version);
    const index = version === undefined ? -1 : left.findLastIndex((earlier) => earlier.version === version);
    if (index >= 0 && isInverse(left[index]!, entry) && left.slice(index + 1).every((between) => !meet(left[index]!, between))) left.splice(index, 1);
    else left.push(entry);
  }
  return left;
}

function isInverse(change: LoggedPatch, undo: LoggedPatch): boolean {
  return equalJson(change.inverse as unknown as Json, undo.patches as unknown as Json);
}

/** Where a patch reads and writes: the pointers themselves, and all that lie on the way to them. */
interface Footprint {
  readonly ends: ReadonlySet<string>;
  readonly ways: ReadonlySet<string>;
}

const footprints = new WeakMap<LoggedPatch, Footprint>();

/** True when one has to do with a value that the other one has to do with. Then their order may matter. */
function meet(a: LoggedPatch, b: LoggedPatch): boolean {
  const [ours, theirs] = [footprintOf(a), footprintOf(b)];
  return [...ours.ends].some((end) => theirs.ways.has(end)) || [...theirs.ends].some((end) => ours.ways.has(end));
}

function footprintOf(change: LoggedPatch): Footprint {
  const known = footprints.get(change);
  if (known) return known;
  const ends = new Set<string>();
  const ways = new Set<string>();
  for (const operation of change.patches) {
    for (const pointer of 'from' in operation ? [operation.from, operation.path] : [operation.path]) {
      const tokens = parsePointer(pointer);
      if (mayBeElement(tokens)) tokens.pop();
      ends.add(formatPointer(tokens));
      for (let length = 0; length <= tokens.length; length++) ways.add(formatPointer(tokens.slice(0, length)));
    }
  }
  const footprint = { ends, ways };
  footprints.set(change, footprint);
  return footprint;
}

/** What is put into an array or taken out moves its other elements: then it is about the array. Names of components may be numbers, too. */
function mayBeElement(tokens: readonly string[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined || (tokens.length === 2 && tokens[0] === 'components')) return false;
  return last === '-' || parseIndex(last) !== undefined;
}
