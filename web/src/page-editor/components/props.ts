import type { Component } from '@atrium/client';

/* What stands in a component may come from any client, or be half a change: whatever it is, something can be read out of it. */

type Props = Component['props'];

function valueOf(props: Props, prop: string): unknown {
  return props && Object.hasOwn(props, prop) ? props[prop] : undefined;
}

/** Anything but an object, a list or nothing has a text. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export const textOf = (props: Props, prop: string): string => asText(valueOf(props, prop));

/** The first choice where it is none of them. */
export function choiceOf<T extends string>(props: Props, prop: string, choices: readonly T[]): T {
  const value = valueOf(props, prop);
  return choices.find((choice) => choice === value) ?? choices[0]!;
}

export const isOn = (props: Props, prop: string): boolean => valueOf(props, prop) === true;

export function listOf(props: Props, prop: string): string[] {
  const value = valueOf(props, prop);
  return Array.isArray(value) ? value.map(asText) : [];
}

/** Each row as long as there are columns. */
export function rowsOf(props: Props, columns: number): string[][] {
  const value = valueOf(props, 'rows');
  if (!Array.isArray(value)) return [];
  return value.map((row) => Array.from({ length: columns }, (_, at) => (Array.isArray(row) ? asText(row[at]) : '')));
}
