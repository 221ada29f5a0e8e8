import type { JsonDocument, Operation } from './json-document.js';
import { parseIndex, parsePointer, startsWith } from './json-pointer.js';
import type { Json } from './json-value.js';
import { isText, mineAfter, type TextEdit, theirsAfter } from './text-edit.js';

/** A pointer, and what is known of the containers on its way. */
export interface Route {
  readonly tokens: readonly string[];
  /** Which of the tokens are indexes into arrays, by their depth. */
  readonly indexes: ReadonlySet<number>;
  /** The last token is where something is to be put in, not something that is there. */
  readonly isGap: boolean;
  /** It led into what was taken back, and waits for that to be done again: the effect of this number. */
  readonly waitsFor?: number;
}

/**
 * What an operation does to the pointers of others:
 * - `insert` and `remove` an element of an array: those behind it move
 * - `write`  a value to a member, by `add`, `copy` or `move`; `isNew` when there was none
 * - `set`    another value in the place of one that is there, by `replace`: of a member or an element
 * - `delete` a member
 */
export type Step =
  | { readonly kind: 'insert' | 'remove' | 'delete'; readonly at: Route; readonly number?: number }
  | { readonly kind: 'set'; readonly at: Route; readonly number?: number; readonly text?: TextEdit | undefined }
  | { readonly kind: 'write'; readonly at: Route; readonly isNew: boolean; readonly number?: number };
export type Effect = Step | { readonly kind: 'move'; readonly take: Step; readonly put: Step };

/** What has become of a pointer, besides its way. */
type Fate = 'kept' | 'gone' | 'overwritten' | 'lost';
interface Followed {
  readonly route: Route;
  readonly fate: Fate;
}

/**
 * Runs `apply`, which applies the operation to the document.
 * @returns what that does to pointers; undefined when nothing
 */
export function effectOf(operation: Operation, json: JsonDocument, apply: () => void): Effect | undefined {
  const tokens = parsePointer(operation.path);
  switch (operation.op) {
    case 'test':
      apply();
      return undefined;
    case 'remove':
      return taking(tokens, json, apply);
    case 'replace': {
      const at = routeOf(tokens, json);
      const text = textOf(operation.value, isText(tokens) ? json.find(tokens) : undefined);
      apply();
      return { kind: 'set', at, text };
    }
    case 'move': {
      const isNew = json.find(tokens) === undefined;
      const take = taking(parsePointer(operation.from), json, apply);
      return { kind: 'move', take, put: put(tokens, json, isNew) };
    }
    default: {
      const isNew = json.find(tokens) === undefined;
      apply();
      return put(tokens, json, isNew);
    }
  }
}

function textOf(after: Json, before: Json | undefined): TextEdit | undefined {
  return typeof before === 'string' && typeof after === 'string' ? { before, after } : undefined;
}

function taking(tokens: readonly string[], json: JsonDocument, apply: () => void): Step {
  const at = routeOf(tokens, json);
  apply();
  return { kind: isElement(at) ? 'remove' : 'delete', at };
}

/** Of something that has just been put in. */
function put(tokens: readonly string[], json: JsonDocument, isNew: boolean): Step {
  const container = tokens.at(-1) === '-' ? json.find(tokens.slice(0, -1)) : undefined;
  const at = { ...routeOf(Array.isArray(container) ? [...tokens.slice(0, -1), String(container.length - 1)] : tokens, json), isGap: true };
  return isElement(at) ? { kind: 'insert', at } : { kind: 'write', at, isNew };
}

/** The pointer in the present state of the document. */
export function routeOf(tokens: readonly string[], json: JsonDocument): Route {
  const indexes = new Set<number>();
  json.walk(tokens, (container, depth) => {
    if (Array.isArray(container) && parseIndex(tokens[depth]!) !== undefined) indexes.add(depth);
  });
  return { tokens, indexes, isGap: false };
}

/** What takes it back. */
export function inverseOf(effect: Effect): Effect {
  switch (effect.kind) {
    case 'move':
      return { kind: 'move', take: inverseStep(effect.put), put: inverseStep(effect.take) };
    default:
      return inverseStep(effect);
  }
}

/** Takes away what was put there. */
function takingBack({ at }: Step): Step {
  return { kind: isElement(at) ? 'remove' : 'delete', at: { ...at, isGap: false } };
}

function inverseStep(step: Step): Step {
  const { kind, at, number } = step;
  const known = number === undefined ? {} : { number };
  switch (kind) {
    case 'insert':
      return { kind: 'remove', at: { ...at, isGap: false }, ...known };
    case 'remove':
      return { kind: 'insert', at: { ...at, isGap: true }, ...known };
    case 'delete':
      return { kind: 'write', at: { ...at, isGap: true }, isNew: true, ...known };
    case 'write':
      return step.isNew ? { kind: 'delete', at: { ...at, isGap: false }, ...known } : step;
    case 'set':
      return step;
  }
}

/** The same effects, one after the other, as they are when another one has come before them. */
export function effectsAfter(effects: readonly Effect[], other: Effect): Effect[] {
  const after: Effect[] = [];
  let before: Effect | undefined = other;
  for (const effect of effects) {
    const left: Effect | undefined = before ? effectAfter(effect, before, true) : effect;
    before &&= effectAfter(before, effect, false);
    if (left) after.push(left);
  }
  return after;
}

/**
 * The same effect after another one of the same state. Undefined when nothing is left of it.
 * @param isFirst it was there before the other one: so it comes first in a gap into which both put something, and loses a value that both move
 */
function effectAfter(effect: Effect, other: Effect, isFirst: boolean): Effect | undefined {
  if (effect.kind === 'move') return moveAfter(effect, other, isFirst);
  if (other.kind === 'move') return stepAfterMove(effect, other, isFirst);
  return stepAfter(effect, other, isFirst);
}

function moveAfter({ take, put: target }: Effect & { kind: 'move' }, other: Effect, isFirst: boolean): Effect | undefined {
  // Both have moved the same value: the one that comes second decides where it is.
  if (other.kind === 'move' && isSameRoute(take.at, other.take.at)) return isFirst ? undefined : { kind: 'move', take: takingBack(other.put), put: target };
  const taken = effectAfter(take, other, isFirst) as Step | undefined;
  // It was saved out of something that the other one takes away, unless that was about this very value.
  if (!taken) return other.kind !== 'move' && isSameRoute(take.at, other.at) ? undefined : effectAfter(target, other, isFirst);
  const beside = effectAfter(other, take, !isFirst);
  const placed = beside ? (effectAfter(target, beside, isFirst) as Step | undefined) : target;
  return placed ? { kind: 'move', take: taken, put: placed } : taken;
}

function stepAfterMove(step: Step, { take, put: target }: Effect & { kind: 'move' }, isFirst: boolean): Step | undefined {
  if (isWithin(step.at, take.at)) {
    const at = carried(step.at, take.at, target.at);
    const isTaken = step.kind === 'remove' || step.kind === 'delete';
    return isTaken ? { ...step, kind: isElement(at) ? 'remove' : 'delete', at } : { ...step, at };
  }
  const between = stepAfter(step, take, isFirst);
  return between && stepAfter(between, target, isFirst);
}

function stepAfter(step: Step, other: Step, isFirst: boolean): Step | undefined {
  if (!isNear(step.at.tokens, other.at.tokens)) return step;
  if (step.kind === 'set' && other.kind === 'set' && step.text && other.text && isSameRoute(step.at, other.at)) {
    const text = isFirst ? theirsAfter(step.text, other.text) : mineAfter(other.text, step.text);
    return text && { ...step, text };
  }
  if (isReplacedBy(step, other)) return undefined;
  const { route, fate } = followStep(step.at, other, isFirst);
  return fate === 'gone' || fate === 'lost' || route.waitsFor !== undefined ? undefined : { ...step, at: route };
}

/** What it did is no longer there, or not to be seen: the other one has written a value over it. */
function isReplacedBy({ kind, at }: Step, other: Step): boolean {
  if ((other.kind !== 'write' && other.kind !== 'set') || !startsWith(at.tokens, other.at.tokens)) return false;
  if (at.tokens.length > other.at.tokens.length) return true;
  return kind === 'write' || kind === 'set' || (kind === 'delete' && other.kind === 'write');
}

/** Where the pointer leads after the effect. */
export function followRoute(route: Route, effect: Effect): Followed {
  if (effect.kind !== 'move') return isNear(route.tokens, effect.at.tokens) || route.waitsFor !== undefined ? followStep(route, effect, false) : { route, fate: 'kept' };
  const { take, put: target } = effect;
  if (route.waitsFor === undefined && isWithin(route, take.at)) return { route: carried(route, take.at, target.at), fate: 'kept' };
  const taken = followStep(route, take, false);
  const placed = followStep(taken.route, target, false);
  return { route: placed.route, fate: worse(taken.fate, placed.fate) };
}

/** @param isFirst of two that are put into the same gap, this one comes first */
function followStep(route: Route, step: Step, isFirst: boolean): Followed {
  const { kind, at, number } = step;
  if (route.waitsFor !== undefined) return { route: route.waitsFor === number && kind !== 'remove' && kind !== 'delete' ? joined(at, route) : route, fate: 'kept' };
  switch (kind) {
    case 'insert':
      return followInsert(route, at, isFirst);
    case 'remove':
    case 'delete':
      return followTake(route, step);
    case 'write':
    case 'set':
      if (number !== undefined && isWithin(route, at)) return { route: cutOff(route, at, number), fate: 'kept' };
      return { route, fate: followWrite(route, at) };
  }
}

function followInsert(route: Route, at: Route, isFirst: boolean): Followed {
  const depth = at.tokens.length - 1;
  if (isBeside(route, at)) {
    const [own, added] = [Number(route.tokens[depth]), Number(at.tokens[depth])];
    const staysBefore = isFirst && route.isGap && route.tokens.length === at.tokens.length ? own <= added : own < added;
    return { route: staysBefore ? route : withIndex(route, depth, own + 1), fate: 'kept' };
  }
  return { route, fate: startsWith(at.tokens, route.tokens) ? 'overwritten' : 'kept' };
}

function followTake(route: Route, { kind, at, number }: Step): Followed {
  const depth = at.tokens.length - 1;
  if (kind === 'remove' && isBeside(route, at)) {
    const [own, removed] = [Number(route.tokens[depth]), Number(at.tokens[depth])];
    if (own < removed) return { route, fate: 'kept' };
    if (own > removed) return { route: withIndex(route, depth, own - 1), fate: 'kept' };
    if (route.isGap && route.tokens.length === at.tokens.length) return { route, fate: 'kept' };
  }
  if (!startsWith(route.tokens, at.tokens)) return { route, fate: 'kept' };
  // A member that is taken out can be put in again; what lies deeper has lost its ground.
  if (route.isGap && route.tokens.length === at.tokens.length) return { route, fate: 'overwritten' };
  return number === undefined ? { route, fate: 'gone' } : { route: cutOff(route, at, number), fate: 'kept' };
}

/** A value takes the place of another one. */
function followWrite(route: Route, at: Route): Fate {
  if (startsWith(route.tokens, at.tokens)) {
    // Between two elements is none of them.
    if (route.isGap && isElement(at) && route.tokens.length === at.tokens.length) return 'kept';
    return [...route.indexes].some((depth) => depth >= at.tokens.length) ? 'lost' : 'overwritten';
  }
  return startsWith(at.tokens, route.tokens) ? 'overwritten' : 'kept';
}

/** It is what is moved, or leads into it. */
function isWithin(route: Route, at: Route): boolean {
  return startsWith(route.tokens, at.tokens) && !(route.isGap && route.tokens.length === at.tokens.length);
}

function carried(route: Route, from: Route, to: Route): Route {
  return joined(to, { ...route, ...restOf(route, from.tokens.length) });
}

/** What is left of a pointer without its beginning, which is taken back, and perhaps done again elsewhere. */
function cutOff(route: Route, at: Route, waitsFor: number): Route {
  return { ...restOf(route, at.tokens.length), isGap: route.isGap, waitsFor };
}

function restOf({ tokens, indexes }: Route, start: number): Pick<Route, 'tokens' | 'indexes'> {
  return { tokens: tokens.slice(start), indexes: new Set([...indexes].filter((depth) => depth >= start).map((depth) => depth - start)) };
}

function joined(start: Route, { tokens, indexes, isGap }: Route): Route {
  const length = start.tokens.length;
  return { tokens: [...start.tokens, ...tokens], indexes: new Set([...start.indexes, ...[...indexes].map((depth) => depth + length)]), isGap };
}

/** It leads through, or to, the array that the other one leads into last. */
function isBeside(route: Route, at: Route): boolean {
  const depth = at.tokens.length - 1;
  if (!route.indexes.has(depth)) return false;
  for (let i = 0; i < depth; i++) if (route.tokens[i] !== at.tokens[i]) return false;
  return true;
}

/** One of them leads into what the other one lies in: else they have nothing to do with each other. */
function isNear(tokens: readonly string[], others: readonly string[]): boolean {
  const shared = Math.min(tokens.length, others.length - 1);
  for (let i = 0; i < shared; i++) if (tokens[i] !== others[i]) return false;
  return true;
}

export function isSameRoute(one: Route, other: Route): boolean {
  return one.tokens.length === other.tokens.length && startsWith(one.tokens, other.tokens);
}

function isElement({ tokens, indexes }: Route): boolean {
  return indexes.has(tokens.length - 1);
}

function withIndex(route: Route, depth: number, index: number): Route {
  return { ...route, tokens: route.tokens.with(depth, String(index)) };
}

function worse(one: Fate, other: Fate): Fate {
  const order: readonly Fate[] = ['kept', 'overwritten', 'lost', 'gone'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
