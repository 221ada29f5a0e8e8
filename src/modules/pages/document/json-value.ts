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

type Container = Json[] | JsonObject;

function isContainer(value: Json): value is Container {
  return typeof value === 'object' && value !== null;
}

// What follows visits values with a stack of its own: however deep a document is, the call stack does not overflow.

/** A copy that shares nothing with the original. */
export function cloneJson<T extends Json>(value: T): T {
  if (!isContainer(value)) return value;
  const copy = emptyLike(value);
  const open: Container[] = [value, copy];
  const cloneMember = (member: Json): Json => {
    if (!isContainer(member)) return member;
    const inner = emptyLike(member);
    open.push(member, inner);
    return inner;
  };
  while (open.length > 0) {
    const target = open.pop()!;
    const source = open.pop()!;
    if (Array.isArray(source)) for (const item of source) (target as Json[]).push(cloneMember(item));
    else for (const key of Object.keys(source)) (target as JsonObject)[key] = cloneMember(source[key]!);
  }
  return copy as T;
}

function emptyLike(value: Container): Container {
  return Array.isArray(value) ? [] : {};
}

/**
 * Equal as RFC 6902 §4.6 means it: members in any order, numbers by value.
 * @param looked hears how many members of an object were looked at, which the other value does not bound
 */
export function equalJson(a: Json, b: Json, looked?: (keys: number) => void): boolean {
  if (!isContainer(a) || !isContainer(b)) return a === b;
  const open: Container[] = [a, b];
  const mayEqual = (one: Json, other: Json): boolean => {
    if (!isContainer(one) || !isContainer(other)) return one === other;
    if (one !== other) open.push(one, other);
    return true;
  };
  while (open.length > 0) {
    const other = open.pop()!;
    const one = open.pop()!;
    if (Array.isArray(one)) {
      if (!Array.isArray(other) || one.length !== other.length) return false;
      for (let i = 0; i < one.length; i++) if (!mayEqual(one[i]!, other[i]!)) return false;
      continue;
    }
    if (Array.isArray(other)) return false;
    const keys = Object.keys(one);
    looked?.(keys.length);
    if (keys.length !== Object.keys(other).length) return false;
    for (const key of keys) if (!Object.hasOwn(other, key) || !mayEqual(one[key]!, other[key]!)) return false;
  }
  return true;
}

/** The value as JSON text, also where `JSON.stringify` gives up: it descends some thousand levels at most. */
export function stringifyJson(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return stringifyDeep(value);
  }
}

function stringifyDeep(value: Json): string {
  const parts: string[] = [];
  /** What is still to be written, the next on top: text as it is, or a value. */
  const open: ({ readonly text: string } | { readonly value: Json })[] = [{ value }];
  while (open.length > 0) {
    const next = open.pop()!;
    if ('text' in next) {
      parts.push(next.text);
      continue;
    }
    if (!isContainer(next.value)) {
      parts.push(JSON.stringify(next.value));
      continue;
    }
    const container = next.value;
    const isArray = Array.isArray(container);
    const keys = Object.keys(container);
    open.push({ text: isArray ? ']' : '}' });
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i]!;
      const comma = i > 0 ? ',' : '';
      open.push({ value: (container as JsonObject)[key]! }, { text: isArray ? comma : `${comma}${JSON.stringify(key)}:` });
    }
    parts.push(isArray ? '[' : '{');
  }
  return parts.join('');
}
