import { describe, expect, it } from 'vitest';
import { snapshotOf, treeOf } from '../page.fixture.js';
import { outlineOf } from '../state/outline.js';
import { treeMove } from '../tree/tree-keys.js';
import { type CanvasLayout, markOnCanvas, placeOnCanvas } from './canvas-drop.js';
import { markInTree, placeInTree } from './tree-drop.js';

const schema = snapshotOf({ root: ['a', 'box', 'z'], box: ['b', 'c'] });
const rows = outlineOf(schema, new Set());
const rowOf = (id: string) => rows.find((row) => row.id === id)!;

describe('dropping in the tree', () => {
  it('comes before, into or behind a row', () => {
    expect(placeInTree(rowOf('a'), 0.2, false)).toEqual({ parent: 'root', index: 0 });
    expect(placeInTree(rowOf('a'), 0.8, false)).toEqual({ parent: 'root', index: 1 });
    expect(placeInTree(rowOf('box'), 0.1, true)).toEqual({ parent: 'root', index: 1 });
    expect(placeInTree(rowOf('box'), 0.5, true)).toEqual({ parent: 'box', index: 2 });
  });

  it('comes first in what is open, and behind what is closed', () => {
    expect(placeInTree(rowOf('box'), 0.9, true)).toEqual({ parent: 'box', index: 0 });
    const closed = outlineOf(schema, new Set(['box'])).find(({ id }) => id === 'box')!;
    expect(placeInTree(closed, 0.9, true)).toEqual({ parent: 'root', index: 2 });
  });

  it('stays within the page', () => {
    for (const ratio of [0, 0.5, 1]) expect(placeInTree(rowOf('root'), ratio, true).parent).toBe('root');
  });

  it('is marked where it comes', () => {
    expect(rows.map(({ id }) => id)).toEqual(['root', 'a', 'box', 'b', 'c', 'z']);
    expect(markInTree(rows, { parent: 'root', index: 0 })).toEqual({ kind: 'line', after: 0, depth: 1 });
    expect(markInTree(rows, { parent: 'root', index: 2 })).toEqual({ kind: 'line', after: 4, depth: 1 });
    expect(markInTree(rows, { parent: 'root', index: 3 })).toEqual({ kind: 'line', after: 5, depth: 1 });
    expect(markInTree(rows, { parent: 'box', index: 1 })).toEqual({ kind: 'line', after: 3, depth: 2 });
    expect(markInTree(rows, { parent: 'a', index: 0 })).toEqual({ kind: 'into', row: 1 });
    expect(markInTree(rows, { parent: 'gone', index: 0 })).toBeNull();
  });
});

describe('dropping on the canvas', () => {
  const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
  const boxes = { root: box(0, 0, 100, 300), a: box(10, 10, 90, 50), box: box(10, 60, 90, 160), z: box(10, 170, 90, 210), b: box(20, 70, 50, 150), c: box(50, 70, 80, 150) };
  const tree = treeOf(schema);
  const layout: CanvasLayout = {
    boxOf: (id) => boxes[id as keyof typeof boxes],
    childrenOf: (id) => tree.childrenOf(id).map(String),
    parentOf: (id) => tree.parentOf(id),
    isRow: (id) => id === 'box',
    mayContain: (id) => id === 'root' || id === 'box',
  };

  it('comes to the nearer side of what it is over', () => {
    expect(placeOnCanvas(layout, 'a', 50, 15)).toEqual({ parent: 'root', index: 0 });
    expect(placeOnCanvas(layout, 'a', 50, 45)).toEqual({ parent: 'root', index: 1 });
    expect(placeOnCanvas(layout, 'b', 25, 100)).toEqual({ parent: 'box', index: 0 });
    expect(placeOnCanvas(layout, 'c', 75, 100)).toEqual({ parent: 'box', index: 2 });
  });

  it('comes into a container, but for its edges', () => {
    expect(placeOnCanvas(layout, 'box', 15, 110)).toEqual({ parent: 'box', index: 0 });
    expect(placeOnCanvas(layout, 'box', 50, 62)).toEqual({ parent: 'root', index: 1 });
    expect(placeOnCanvas(layout, 'box', 50, 159)).toEqual({ parent: 'root', index: 2 });
    expect(placeOnCanvas(layout, 'root', 50, 290)).toEqual({ parent: 'root', index: 3 });
  });

  it('is marked between its neighbours, or around what is empty', () => {
    expect(markOnCanvas(layout, { parent: 'root', index: 1 })).toMatchObject({ kind: 'line', box: { left: 10, right: 90, top: 54 } });
    expect(markOnCanvas(layout, { parent: 'box', index: 1 })).toMatchObject({ kind: 'line', box: { left: 49, right: 51, top: 70, bottom: 150 } });
    expect(markOnCanvas(layout, { parent: 'a', index: 0 })).toEqual({ kind: 'into', box: boxes.a });
  });
});

describe('keys in the tree', () => {
  const at = (id: string) => rows.findIndex((row) => row.id === id);
  it('move, open and close', () => {
    expect(treeMove('ArrowDown', rows, at('a'))).toEqual({ kind: 'to', index: at('box') });
    expect(treeMove('ArrowUp', rows, 0)).toEqual({ kind: 'to', index: 0 });
    expect(treeMove('End', rows, 0)).toEqual({ kind: 'to', index: rows.length - 1 });
    expect(treeMove('ArrowRight', rows, at('box'))).toEqual({ kind: 'to', index: at('b') });
    expect(treeMove('ArrowRight', rows, at('a'))).toBeNull();
    expect(treeMove('ArrowLeft', rows, at('box'))).toEqual({ kind: 'collapse', id: 'box' });
    expect(treeMove('ArrowLeft', rows, at('c'))).toEqual({ kind: 'to', index: at('box') });
    expect(treeMove('x', rows, 0)).toBeNull();
  });
});
