import type { Operation } from './json-document.js';
import { formatPointer, parseIndex, parsePointer } from './json-pointer.js';
import { equalJson, type Json } from './json-value.js';
import type { Change, LoggedPatch } from './rebase.js';

/**
 * What has happened, without the changes that were taken back and what took them back.
 * @param undone version → the version that took it back
 */
export function withoutUndone(since: readonly LoggedPatch[], undone: ReadonlyMap<number, number>): readonly LoggedPatch[] {
  if (undone.size === 0) return since;
  const changes = new Map(since.map((change) => [change.version, change]));
  const undoes = new Map([...undone].map(([version, by]) => [by, changes.get(version)]));
  return withoutReversed(since, ({ version }) => {
    const change = undoes.get(version);
    return change ? [change] : [];
  });
}

/**
 * The same way from one state to another, without what was done on it and taken back again: to a later undo neither of the two is "newer",
 * and a component that went and came back is the one that it was. Changes are left out only where they cancel out to the letter, that is
 * where one is the very inverse of the others, and nothing that is left in between meets them; so the rest, replayed without them, leads
 * to the same page.
 * @param reversedBy the changes that one took back
 */
export function withoutReversed<C extends Change>(changes: readonly C[], reversedBy: (change: C) => readonly C[]): C[] {
  const trail = new Trail<C>();
  // In order, so that of nested pairs the inner one is out before the outer one is looked at.
  for (const change of changes) if (change.patches.length > 0 && !trail.cancel(reversedBy(change), change)) trail.add(change);
  return trail.left;
}

/** An inverse without what comes and goes within it: what somebody wrote, and wrote otherwise a moment later. */
export function simplified(inverse: readonly Operation[]): Operation[] {
  const left: Operation[] = [];
  for (const operation of inverse) {
    const last = left.at(-1);
    const isSame = last !== undefined && last.path === operation.path;
    if (isSame && last.op === 'add' && operation.op === 'remove') left.pop();
    else if (isSame && last.op === 'replace' && (operation.op === 'replace' || operation.op === 'remove')) left[left.length - 1] = operation;
    else left.push(operation);
  }
  return left;
}

/** Changes in order, with an index of where they read and write: of a thousand pairs each is looked at once, and not with all the others. */
class Trail<C extends Change> {
  private readonly changes: (C | undefined)[] = [];
  /** Of those that are left. */
  private readonly places = new Map<C, number>();
  /** Pointer → places of the changes that it is an end of, or on the way to; ascending. Those that were cancelled are dropped when met. */
  private readonly ends = new Map<string, number[]>();
  private readonly ways = new Map<string, number[]>();

  get left(): C[] {
    return this.changes.filter((change) => change !== undefined);
  }

  add(change: C): void {
    const place = this.changes.push(change) - 1;
    this.places.set(change, place);
    const { ends, ways } = footprintOf(change);
    for (const end of ends) note(this.ends, end, place);
    for (const way of ways) note(this.ways, way, place);
  }

  /** False, and nothing is done, when they do not cancel out. */
  cancel(reversed: readonly C[], by: C): boolean {
    const changes = new Set(reversed.filter(({ patches }) => patches.length > 0));
    const places = new Set([...changes].flatMap((change) => this.places.get(change) ?? []).sort((a, b) => b - a));
    if (places.size === 0 || places.size < changes.size) return false;
    const inverse = [...places].flatMap((place) => this.changes[place]!.inverse);
    if (!isSame(inverse, by.patches) && !isSame(simplified(inverse), by.patches)) return false;
    if ([...places].some((place) => this.isMetAfter(place, places))) return false;
    for (const change of changes) this.places.delete(change);
    for (const place of places) this.changes[place] = undefined;
    return true;
  }

  /** True when a later change, none of `those`, has to do with a value that this one has to do with. Then their order may matter. */
  private isMetAfter(place: number, those: ReadonlySet<number>): boolean {
    const { ends, ways } = footprintOf(this.changes[place]!);
    const isMet = (index: Map<string, number[]>, pointer: string): boolean => {
      const places = index.get(pointer) ?? [];
      while (places.length > 0 && !this.changes[places.at(-1)!]) places.pop();
      for (let at = places.length - 1; at >= 0 && places[at]! > place; at--) if (this.changes[places[at]!] && !those.has(places[at]!)) return true;
      return false;
    };
    return ends.some((end) => isMet(this.ways, end)) || ways.some((way) => isMet(this.ends, way));
  }
}

function isSame(a: readonly Operation[], b: readonly Operation[]): boolean {
  return equalJson(a as unknown as Json, b as unknown as Json);
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

/** By the patches: a change that is carried over others gets new ones. */
const footprints = new WeakMap<readonly Operation[], Footprint>();

function footprintOf({ patches }: Change): Footprint {
  const known = footprints.get(patches);
  if (known) return known;
  const ends = new Set<string>();
  const ways = new Set<string>();
  for (const operation of patches) {
    for (const pointer of 'from' in operation ? [operation.from, operation.path] : [operation.path]) {
      const tokens = parsePointer(pointer);
      if (mayBeElement(tokens)) tokens.pop();
      ends.add(formatPointer(tokens));
      for (let length = 0; length <= tokens.length; length++) ways.add(formatPointer(tokens.slice(0, length)));
    }
  }
  const footprint = { ends: [...ends], ways: [...ways] };
  footprints.set(patches, footprint);
  return footprint;
}

/** What is put into an array or taken out moves its other elements: then it is about the array. Names of components may be numbers, too. */
function mayBeElement(tokens: readonly string[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined || (tokens.length === 2 && tokens[0] === 'components')) return false;
  return last === '-' || parseIndex(last) !== undefined;
}
