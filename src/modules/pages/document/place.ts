import { type ComponentTree, keyOf } from './component-tree.js';
import type { JsonDocument, Operation } from './json-document.js';
import { parseIndex, parsePointer, startsWith } from './json-pointer.js';
import type { Json } from './json-value.js';

/**
 * What a pointer means on the version for which it was written:
 * - `slot`  the place of a component in the list that names it, wherever that is by now
 * - `gap`   the place behind a sibling in a component's list of children; `after` are the siblings to the left, the nearest first
 * - `path`  anything else: names of members, which stay, and indexes into other arrays, which move with what is put in and taken out
 */
export type Place =
  | { readonly kind: 'slot'; readonly child: string }
  | { readonly kind: 'gap'; readonly parent: string; readonly after: readonly string[]; readonly isEnd: boolean }
  | PathPlace;

export interface PathPlace {
  readonly kind: 'path';
  tokens: string[];
  /** The last token is where something is to be put in, not something that is there. */
  readonly isInsertion: boolean;
  /** How many of the tokens lead through arrays, by their depth. */
  readonly indexes: ReadonlySet<number>;
  /** What it pointed at was taken out. */
  isGone: boolean;
  /** Somebody has written to it, into it or over it since. */
  isOverwritten: boolean;
  /** An array on its way was replaced as a whole: which element was meant cannot be told any more. */
  isLost: boolean;
}

/**
 * What the pointer means in the present state of the document.
 * @param moved the place that a `move` takes away first: its target is counted without it (RFC 6902 §4.4)
 */
export function placeOf(tokens: string[], isInsertion: boolean, json: JsonDocument, moved?: Place): Place {
  if (tokens.length === 4 && tokens[0] === 'components' && tokens[2] === 'children') {
    const children = json.find(tokens.slice(0, 3));
    if (Array.isArray(children)) return placeAmong(without(children, moved), tokens, isInsertion, json);
  }
  return pathPlace(tokens, isInsertion, json);
}

function without(children: readonly Json[], moved: Place | undefined): readonly Json[] {
  return moved?.kind === 'slot' ? children.filter((child) => keyOf(child) !== moved.child) : children;
}

function placeAmong(children: readonly Json[], tokens: string[], isInsertion: boolean, json: JsonDocument): Place {
  const [, parent, , token] = tokens as [string, string, string, string];
  const index = parseIndex(token);
  if (isInsertion) {
    const end = index ?? children.length;
    const after = children.slice(0, end).reverse().flatMap((child) => keyOf(child) ?? []);
    return { kind: 'gap', parent, after, isEnd: token === '-' };
  }
  const child = index === undefined ? undefined : keyOf(children[index]);
  return child === undefined ? pathPlace(tokens, isInsertion, json) : { kind: 'slot', child };
}

function pathPlace(tokens: string[], isInsertion: boolean, json: JsonDocument): PathPlace {
  const indexes = new Set<number>();
  for (let depth = 0; depth < tokens.length; depth++) {
    if (parseIndex(tokens[depth]!) !== undefined && Array.isArray(json.find(tokens.slice(0, depth)))) indexes.add(depth);
  }
  return { kind: 'path', tokens: [...tokens], isInsertion, indexes, isGone: false, isOverwritten: false, isLost: false };
}

/** Follows the place through an operation that is about to be applied to the document. */
export function shiftPlace(place: Place, operation: Operation, json: JsonDocument): void {
  if (place.kind !== 'path' || operation.op === 'test') return;
  const path = parsePointer(operation.path);
  switch (operation.op) {
    case 'move': {
      const from = parsePointer(operation.from);
      if (startsWith(place.tokens, from) && !(place.isInsertion && place.tokens.length === from.length)) return moveAlong(place, from, path, json);
      takeOut(place, from, json);
      return putIn(place, path, json);
    }
    case 'remove':
      return takeOut(place, path, json);
    case 'replace':
      return overwrite(place, path);
    default:
      return putIn(place, path, json);
  }
}

/** What is pointed at, or something around it, is moved: the place goes along. */
function moveAlong(place: PathPlace, from: readonly string[], path: readonly string[], json: JsonDocument): void {
  const target = [...path];
  if (target.at(-1) === '-') {
    const array = json.find(target.slice(0, -1));
    const isSame = startsWith(from, target.slice(0, -1)) && from.length === target.length;
    target[target.length - 1] = String((Array.isArray(array) ? array.length : 0) - (isSame ? 1 : 0));
  }
  // Indexes further in keep their depth only if the way in is as long as it was.
  if (target.length !== from.length && [...place.indexes].some((depth) => depth >= from.length)) place.isLost = true;
  place.tokens = [...target, ...place.tokens.slice(from.length)];
}

function takeOut(place: PathPlace, path: readonly string[], json: JsonDocument): void {
  const depth = path.length - 1;
  const removed = elementOf(place, path, json);
  const own = Number(place.tokens[depth]);
  if (removed !== undefined && own > removed) return setIndex(place, depth, own - 1);
  const isGap = place.isInsertion && place.tokens.length === path.length;
  if (isGap && removed !== undefined) return;
  if (startsWith(place.tokens, path)) {
    // A member that is taken out can be put in again; what lies deeper has lost its ground.
    if (!isGap) place.isGone = true;
    place.isOverwritten = true;
  }
}

function putIn(place: PathPlace, path: readonly string[], json: JsonDocument): void {
  const depth = path.length - 1;
  const added = elementOf(place, path, json);
  if (added !== undefined) {
    const own = Number(place.tokens[depth]);
    if (own >= added) setIndex(place, depth, own + 1);
    return;
  }
  if (path.at(-1) === '-' && Array.isArray(json.find(path.slice(0, -1)))) return;
  overwrite(place, path);
}

/** A value takes the place of another one. */
function overwrite(place: PathPlace, path: readonly string[]): void {
  if (startsWith(place.tokens, path)) {
    place.isOverwritten = true;
    if ([...place.indexes].some((depth) => depth >= path.length)) place.isLost = true;
  } else if (startsWith(path, place.tokens)) place.isOverwritten = true;
}

/** The index at which the operation changes an array that the place leads through; undefined when it does not. */
function elementOf(place: PathPlace, path: readonly string[], json: JsonDocument): number | undefined {
  const depth = path.length - 1;
  if (depth < 0 || !place.indexes.has(depth)) return undefined;
  const container = path.slice(0, -1);
  if (!startsWith(place.tokens, container) || !Array.isArray(json.find(container))) return undefined;
  return parseIndex(path[depth]!);
}

function setIndex(place: PathPlace, depth: number, index: number): void {
  place.tokens[depth] = String(index);
}

/**
 * The pointer that means the same now; undefined when none does. The place must not be gone.
 * @param moved as for `placeOf`
 */
export function tokensNow(place: Place, tree: ComponentTree, moved?: Place): string[] | undefined {
  switch (place.kind) {
    case 'path':
      return place.isLost ? undefined : place.tokens;
    case 'slot': {
      const parent = tree.parentOf(place.child)!;
      const index = tree.childrenOf(parent)!.findIndex((child) => keyOf(child) === place.child);
      return ['components', parent, 'children', String(index)];
    }
    case 'gap': {
      const children = tree.childrenOf(place.parent);
      if (!children) return undefined;
      if (place.isEnd) return ['components', place.parent, 'children', '-'];
      const keys = without(children, moved).map((child) => keyOf(child));
      const sibling = place.after.map((id) => keys.indexOf(id)).find((index) => index >= 0);
      return ['components', place.parent, 'children', String(sibling === undefined ? 0 : sibling + 1)];
    }
  }
}
