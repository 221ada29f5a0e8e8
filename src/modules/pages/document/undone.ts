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
  const trail = new Trail();
  // In order, so that of nested pairs the inner one is out before the outer one is looked at.
  for (const entry of since) {
    const version = undoes.get(entry.version);
    if (version === undefined || !trail.cancel(version, entry)) trail.add(entry);
  }
  return trail.entries;
}

/** Changes in order, with an index of where they read and write: of a thousand pairs each is looked at once, and not with all the others. */
class Trail {
  private readonly changes: (LoggedPatch | undefined)[] = [];
  private readonly places = new Map<number, number>();
  /** Pointer → places of the changes that it is an end of, or on the way to; ascending. Those that were cancelled are dropped when met. */
  private readonly ends = new Map<string, number[]>();
  private readonly ways = new Map<string, number[]>();

  get entries(): LoggedPatch[] {
    return this.changes.filter((change) => change !== undefined);
  }

  add(change: LoggedPatch): void {
    const place = this.changes.push(change) - 1;
    this.places.set(change.version, place);
    const { ends, ways } = footprintOf(change);
    for (const end of ends) note(this.ends, end, place);
    for (const way of ways) note(this.ways, way, place);
  }

  /** False, and nothing is done, when the two do not cancel out. */
  cancel(version: number, undo: LoggedPatch): boolean {
    const place = this.places.get(version);
    const change = place === undefined ? undefined : this.changes[place];
    if (!change || !equalJson(change.inverse as unknown as Json, undo.patches as unknown as Json) || this.isMetAfter(place!, change)) return false;
    this.changes[place!] = undefined;
    return true;
  }

  /** True when a later change has to do with a value that this one has to do with. Then their order may matter. */
  private isMetAfter(place: number, change: LoggedPatch): boolean {
    const { ends, ways } = footprintOf(change);
    return ends.some((end) => this.last(this.ways, end) > place) || ways.some((way) => this.last(this.ends, way) > place);
  }

  private last(index: Map<string, number[]>, pointer: string): number {
    const places = index.get(pointer) ?? [];
    while (places.length > 0 && !this.changes[places.at(-1)!]) places.pop();
    return places.at(-1) ?? -1;
  }
}

function note(index: Map<string, number[]>, pointer: string, place: number): void {
  const places = index.get(pointer);
  if (places) places.push(place);
  else index.set(pointer, [place]);
}

/** Where a patch reads and writes: the pointers themselves, and all that lie on the way to them, ends included. */
interface Footprint {
  readonly ends: readonly string[];
  readonly ways: readonly string[];
}

const footprints = new WeakMap<LoggedPatch, Footprint>();

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
  const footprint = { ends: [...ends], ways: [...ways] };
  footprints.set(change, footprint);
  return footprint;
}

/** What is put into an array or taken out moves its other elements: then it is about the array. Names of components may be numbers, too. */
function mayBeElement(tokens: readonly string[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined || (tokens.length === 2 && tokens[0] === 'components')) return false;
  return last === '-' || parseIndex(last) !== undefined;
}
