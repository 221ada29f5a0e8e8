import type { Component } from '@atrium/client';
import { describe, expect, it } from 'vitest';
import { JsonDocument, type Operation } from '../../../../src/modules/pages/document/json-document.js';
import type { Json } from '../../../../src/modules/pages/document/json-value.js';
import { addColumn, addRow, insertItem, removeColumn, removeItem, removeRow, writeCell, writeItem } from './list-patches.js';

type Props = Component['props'];
const ID = 'a/b';

/** The props after the patches, and how many of them write more than one place. */
function after(props: Props, make: (props: Props) => readonly unknown[]): { props: unknown; paths: string[] } {
  const document = new JsonDocument({ components: { [ID]: { ...(props && { props: structuredClone(props) as Json }) } } });
  const patches = make(props) as Operation[];
  document.apply(patches);
  return { props: (document.root as { components: Record<string, { props: unknown }> }).components[ID]!.props, paths: patches.map(({ path }) => path.slice('/components/a~1b/props'.length)) };
}

const table = { columns: ['A', 'B'], rows: [['1', '2'], ['3', '4']], other: 'stays' };

describe('a table', () => {
  it.each<[string, (props: Props) => readonly unknown[], object, string[]]>([
    ['a cell', (props) => writeCell(ID, props, 1, 0, 'x'), { rows: [['1', '2'], ['x', '4']] }, ['/rows/1/0']],
    ['a heading', (props) => writeCell(ID, props, undefined, 1, 'x'), { columns: ['A', 'x'] }, ['/columns/1']],
    ['a new row', (props) => addRow(ID, props), { rows: [['1', '2'], ['3', '4'], ['', '']] }, ['/rows/-']],
    ['a row that goes', (props) => removeRow(ID, props, 0), { rows: [['3', '4']] }, ['/rows/0']],
    ['a new column', (props) => addColumn(ID, props, 'C'), { columns: ['A', 'B', 'C'], rows: [['1', '2', ''], ['3', '4', '']] }, ['/columns/-', '/rows/0/-', '/rows/1/-']],
    ['a column that goes', (props) => removeColumn(ID, props, 0), { columns: ['B'], rows: [['2'], ['4']] }, ['/columns/0', '/rows/0/0', '/rows/1/0']],
  ])('is changed by %s and nowhere else', (_what, make, changed, paths) => {
    expect(after(table, make)).toEqual({ props: { ...table, ...changed }, paths });
  });

  it.each<Props>([undefined, {}, { columns: ['A', 'B'] }, { columns: ['A', 2], rows: [[1], null] }, { columns: 'x', rows: [['1']] }])('that is none is written as it is read: %j', (props) => {
    const added = after(props, (now) => addRow(ID, now)).props as { rows: string[][]; columns: string[] };
    expect(added.rows.at(-1)).toEqual(added.columns.map(() => ''));
    for (const row of added.rows) expect(row).toHaveLength(added.columns.length);
  });
});

describe('a list of words', () => {
  it.each<[string, (props: Props) => readonly unknown[], string[], string[]]>([
    ['a word', (props) => writeItem(ID, props, 'options', 1, 'x'), ['a', 'x'], ['/options/1']],
    ['a new one', (props) => insertItem(ID, props, 'options', 1), ['a', '', 'b'], ['/options/1']],
    ['one that goes', (props) => removeItem(ID, props, 'options', 0), ['b'], ['/options/0']],
  ])('is changed by %s and nowhere else', (_what, make, options, paths) => {
    expect(after({ options: ['a', 'b'] }, make)).toEqual({ props: { options }, paths });
  });

  it('that is none is written as it is read', () => {
    expect(after(undefined, (props) => insertItem(ID, props, 'options', 0)).props).toEqual({ options: [''] });
    expect(after({ options: ['a', 7] }, (props) => writeItem(ID, props, 'options', 1, 'x')).props).toEqual({ options: ['a', 'x'] });
  });
});
