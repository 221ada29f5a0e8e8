import { type ComponentTree, keyOf } from './component-tree.js';
import { type Effect, followRoute, isSameRoute, type Route } from './effect.js';
import type { JsonDocument } from './json-document.js';
import { parseIndex } from './json-pointer.js';
import type { Json } from './json-value.js';
import type { CarriedText } from './text-edit.js';

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
  route: Route;
  /** What it pointed at was taken out. */
  isGone: boolean;
  /** Somebody has written to it, into it or over it since, and that cannot be merged. */
  isOverwritten: boolean;
  /** An array on its way was replaced as a whole: which element was meant cannot be told any more. */
  isLost: boolean;
  /** The text that is to be written there. */
  readonly text?: CarriedText | undefined;
}

/**
 * What a pointer into a list of children means in the present state of the document; undefined for any other pointer.
 * @param moved the place that a `move` takes away first: its target is counted without it (RFC 6902 §4.4)
 */
export function childPlaceOf(tokens: readonly string[], isInsertion: boolean, json: JsonDocument, moved?: Place): Place | undefined {
  if (tokens.length !== 4 || tokens[0] !== 'components' || tokens[2] !== 'children') return undefined;
  const children = json.find(tokens.slice(0, 3));
  if (!Array.isArray(children)) return undefined;
  const [, parent, , token] = tokens as [string, string, string, string];
  const index = parseIndex(token);
  if (isInsertion) return { kind: 'gap', parent, after: siblingsBefore(children, index ?? children.length, moved), isEnd: token === '-' };
  const child = index === undefined ? undefined : keyOf(children[index]);
  return child === undefined ? undefined : { kind: 'slot', child };
}

export function pathPlaceOf(route: Route, text?: CarriedText): PathPlace {
  return { kind: 'path', route, isGone: false, isOverwritten: false, isLost: false, text };
}

/** So many of those before it say where a gap is: when all of them are gone, it is at the beginning. */
const MAX_AFTER = 1_000;

/** Has the place follow what happens to the document. @throws TextTooDifferent */
export function shiftPlace(place: Place, effect: Effect): void {
  if (place.kind !== 'path') return;
  if (place.text && effect.kind === 'set' && effect.text && isSameRoute(effect.at, place.route)) return place.text.carryOver(effect.text);
  const { route, fate } = followRoute(place.route, effect);
  place.route = route;
  if (fate === 'gone') place.isGone = place.isOverwritten = true;
  if (fate === 'overwritten' || fate === 'lost') place.isOverwritten = true;
  if (fate === 'lost') place.isLost = true;
}

/** The ids of those to the left of the place in the list without what is moved, the nearest first. */
function siblingsBefore(children: readonly Json[], index: number, moved: Place | undefined): string[] {
  const taken = moved?.kind === 'slot' ? indexOfChild(children, moved.child) : -1;
  const after: string[] = [];
  for (let at = Math.min(taken >= 0 && taken < index ? index : index - 1, children.length - 1); at >= 0 && after.length < MAX_AFTER; at--) {
    const id = at === taken ? undefined : keyOf(children[at]);
    if (id !== undefined) after.push(id);
  }
  return after;
}

/** Where the list names the component; -1 where it does not. Lists may be long, so no name is made of each number in them. */
export function indexOfChild(children: readonly Json[], id: string): number {
  const index = children.indexOf(id);
  const number = Number(id);
  return index >= 0 || String(number) !== id ? index : children.indexOf(number);
}

/**
 * The pointer that means the same now; undefined when none does. The place must not be gone.
 * @param moved as for `childPlaceOf`
 */
export function tokensNow(place: Place, tree: ComponentTree, moved?: Place): readonly string[] | undefined {
  switch (place.kind) {
    case 'path':
      return place.isLost ? undefined : place.route.tokens;
    case 'slot': {
      const parent = tree.parentOf(place.child)!;
      return ['components', parent, 'children', String(indexOfChild(tree.childrenOf(parent)!, place.child))];
    }
    case 'gap': {
      const children = tree.childrenOf(place.parent);
      if (!children) return undefined;
      if (place.isEnd) return ['components', place.parent, 'children', '-'];
      const taken = moved?.kind === 'slot' ? moved.child : undefined;
      const sibling = place.after.find((id) => id !== taken && tree.isListed(id, place.parent));
      const index = sibling === undefined ? 0 : indexOfChild(children, sibling) + 1;
      // The target of a move is counted without what is moved.
      const isAhead = taken !== undefined && index > 0 && tree.isListed(taken, place.parent) && indexOfChild(children, taken) < index;
      return ['components', place.parent, 'children', String(isAhead ? index - 1 : index)];
    }
  }
}
