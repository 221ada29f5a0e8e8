/** Anything that JSON can say. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Names that reach an object's prototype where somebody is careless; no document needs them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy that shares nothing with the original. */
export function cloneJson<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = cloneJson(value[key]!);
  return copy as T;
}

/** Equal as RFC 6902 §4.6 means it: members in any order, numbers by value. */
export function equalJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, index) => equalJson(value, b[index]!));
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key]!, b[key]!));
}

/** Bytes of the value as JSON text in UTF-8, escapes not counted. Counting stops soon after `budget`. */
export function sizeOfJson(value: Json, budget = Number.POSITIVE_INFINITY): number {
  switch (typeof value) {
    case 'string':
      return utf8Length(value) + 2;
    case 'number':
      return String(value).length;
    case 'boolean':
      return value ? 4 : 5;
  }
  if (value === null) return 4;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      bytes += sizeOfJson(item, budget - bytes) + 1;
      if (bytes > budget) return bytes;
    }
    return bytes;
  }
  for (const key of Object.keys(value)) {
    bytes += utf8Length(key) + 4 + sizeOfJson(value[key]!, budget - bytes);
    if (bytes > budget) return bytes;
  }
  return bytes;
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a pair counts two of its four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/**
 * What is wrong with a value that came from outside, and where; undefined when nothing is. A document is stored as `jsonb`, which holds
 * neither NUL nor half a surrogate pair, and JSON.parse makes Infinity of 1e999, which JSON cannot say.
 */
export function findBadValue(value: unknown, maxDepth: number, path = ''): { path: string; message: string } | undefined {
  switch (typeof value) {
    case 'string':
      return isStorable(value) ? undefined : { path, message: 'must be well-formed Unicode without NUL' };
    case 'number':
      return Number.isFinite(value) ? undefined : { path, message: 'must be a finite number' };
    case 'boolean':
      return undefined;
    case 'object':
      return value === null ? undefined : findBadMember(value, maxDepth, path);
    default:
      return { path, message: 'must be a JSON value' };
  }
}

function findBadMember(value: object, maxDepth: number, path: string): { path: string; message: string } | undefined {
  if (maxDepth <= 0) return { path, message: 'is nested too deeply' };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const bad = findBadValue(value[i], maxDepth - 1, `${path}/${i}`);
      if (bad) return bad;
    }
    return undefined;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return { path, message: 'must be a JSON value' };
  for (const key of Object.keys(value)) {
    if (isForbiddenKey(key) || !isStorable(key)) return { path, message: `must not have a member named ${JSON.stringify(key.slice(0, 40))}` };
    const bad = findBadValue((value as JsonObject)[key], maxDepth - 1, `${path}/${key}`);
    if (bad) return bad;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}
