import type { Component, PatchOperation } from '@atrium/client';
import { listOf, rowsOf } from '../components/props.js';

/*
 * What is changed about lists in props, said as narrowly as it can be: who writes into one cell says nothing of the others, so that what
 * others write there at the same time stays. A list that is not as it should be is written as a whole, as it is read.
 */

type Props = Component['props'];
type Path = readonly (string | number)[];

const pointer = (id: string, path: Path): string => `/components/${[id, 'props', ...path].map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
const add = (id: string, path: Path, value: unknown): PatchOperation => ({ op: 'add', path: pointer(id, path), value }) as PatchOperation;
const remove = (id: string, path: Path): PatchOperation => ({ op: 'remove', path: pointer(id, path) });
const replace = (id: string, path: Path, value: unknown): PatchOperation => ({ op: 'replace', path: pointer(id, path), value }) as PatchOperation;

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Whether a table is one: headings, and rows that are all as long. */
function isTable(props: Props): boolean {
  const [columns, rows] = [props?.['columns'], props?.['rows']];
  return isTexts(columns) && Array.isArray(rows) && rows.every((row) => isTexts(row) && row.length === columns.length);
}

/** The same table, as it is read. */
function wholeTable(id: string, props: Props): PatchOperation[] {
  if (isTable(props)) return [];
  const columns = listOf(props, 'columns');
  return [...(props === undefined ? [add(id, [], {})] : []), add(id, ['columns'], columns), add(id, ['rows'], rowsOf(props, columns.length))];
}

/** @param row undefined for the heading of the column */
export function writeCell(id: string, props: Props, row: number | undefined, column: number, text: string): PatchOperation[] {
  return [...wholeTable(id, props), replace(id, row === undefined ? ['columns', column] : ['rows', row, column], text)];
}

export function addRow(id: string, props: Props): PatchOperation[] {
  return [...wholeTable(id, props), add(id, ['rows', '-'], listOf(props, 'columns').map(() => ''))];
}

export function removeRow(id: string, props: Props, row: number): PatchOperation[] {
  return [...wholeTable(id, props), remove(id, ['rows', row])];
}

export function addColumn(id: string, props: Props, heading: string): PatchOperation[] {
  const rows = rowsOf(props, 0);
  return [...wholeTable(id, props), add(id, ['columns', '-'], heading), ...rows.map((_row, at) => add(id, ['rows', at, '-'], ''))];
}

export function removeColumn(id: string, props: Props, column: number): PatchOperation[] {
  const rows = rowsOf(props, 0);
  return [...wholeTable(id, props), remove(id, ['columns', column]), ...rows.map((_row, at) => remove(id, ['rows', at, column]))];
}

function wholeList(id: string, props: Props, prop: string): PatchOperation[] {
  if (isTexts(props?.[prop])) return [];
  return [...(props === undefined ? [add(id, [], {})] : []), add(id, [prop], listOf(props, prop))];
}

export function writeItem(id: string, props: Props, prop: string, at: number, text: string): PatchOperation[] {
  return [...wholeList(id, props, prop), replace(id, [prop, at], text)];
}

export function insertItem(id: string, props: Props, prop: string, at: number): PatchOperation[] {
  return [...wholeList(id, props, prop), add(id, [prop, at], '')];
}

export function removeItem(id: string, props: Props, prop: string, at: number): PatchOperation[] {
  return [...wholeList(id, props, prop), remove(id, [prop, at])];
}
