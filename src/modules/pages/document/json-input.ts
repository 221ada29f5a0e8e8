import { isForbiddenKey, type JsonObject } from './json-value.js';

/** What is wrong with a value, and where in it: a JSON Pointer. */
export interface BadValue {
  readonly path: string;
  readonly message: string;
}

/** An object or array on the way, and how far into it the look has come. */
interface Visit {
  readonly container: unknown[] | JsonObject;
  readonly keys: readonly string[] | undefined;
  next: number;
}

/**
 * What is wrong with a value that came from outside, and where; undefined when nothing is. A document is stored as `jsonb`, which holds
 * neither NUL nor half a surrogate pair, and JSON.parse makes another number of most that are beyond 2^53 (RFC 8259 §6).
 * @param maxDepth objects and arrays within each other
 */
export function findBadValue(value: unknown, maxDepth: number): BadValue | undefined {
  const visits: Visit[] = [];
  const problem = enter(value, visits, maxDepth);
  if (problem !== undefined) return { path: '', message: problem };
  while (visits.length > 0) {
    const visit = visits.at(-1)!;
    const { container, keys } = visit;
    if (visit.next >= (keys ?? (container as unknown[])).length) {
      visits.pop();
      continue;
    }
    const key = keys?.[visit.next] ?? visit.next;
    visit.next += 1;
    if (keys && !isKey(key as string)) return { path: pathOf(visits.slice(0, -1)), message: `must not have a member named ${JSON.stringify((key as string).slice(0, 40))}` };
    const depth = visits.length;
    const bad = enter((container as JsonObject)[key], visits, maxDepth);
    if (bad !== undefined) return { path: pathOf(visits.slice(0, depth)), message: bad };
  }
  return undefined;
}

/** Looks at a value; one with members is put on top of the visits. @returns what is wrong with it */
function enter(value: unknown, visits: Visit[], maxDepth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return isStorable(value) ? undefined : 'must be well-formed Unicode without NUL';
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : 'must not be beyond 2^53 − 1, where numbers are no longer exact';
    case 'boolean':
      return undefined;
    case 'object':
      break;
    default:
      return 'must be a JSON value';
  }
  if (value === null) return undefined;
  if (visits.length >= maxDepth) return 'is nested too deeply';
  if (Array.isArray(value)) visits.push({ container: value, keys: undefined, next: 0 });
  else if (Object.getPrototypeOf(value) === Object.prototype) visits.push({ container: value as JsonObject, keys: Object.keys(value), next: 0 });
  else return 'must be a JSON value';
  return undefined;
}

/** Where the visits have come to. */
function pathOf(visits: readonly Visit[]): string {
  return visits.map(({ keys, next }) => `/${keys?.[next - 1] ?? next - 1}`).join('');
}

function isKey(key: string): boolean {
  return !isForbiddenKey(key) && isStorable(key);
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}
