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
  if (isInsertion) {
    const siblings = without(children, moved);
    const after = siblings.slice(0, index ?? siblings.length).reverse().flatMap((child) => keyOf(child) ?? []);
    return { kind: 'gap', parent, after, isEnd: token === '-' };
  }
  const child = index === undefined ? undefined : keyOf(children[index]);
  return child === undefined ? undefined : { kind: 'slot', child };
}

export function pathPlaceOf(route: Route, text?: CarriedText): PathPlace {
  return { kind: 'path', route, isGone: false, isOverwritten: false, isLost: false, text };
}

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

function without(children: readonly Json[], moved: Place | undefined): readonly Json[] {
  return moved?.kind === 'slot' ? children.filter((child) => keyOf(child) !== moved.child) : children;
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
