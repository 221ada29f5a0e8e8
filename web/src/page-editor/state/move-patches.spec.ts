import { describe, expect, it } from 'vitest';
import { childrenAfter, snapshotOf, treeOf } from '../page.fixture.js';
import { canMove, movePatches, outermost, propsPatches } from './move-patches.js';
import { stepPlace } from './step-place.js';

const schema = snapshotOf({ root: ['a', 'b', 'c', 'd'], c: ['e', 'f'], e: ['g'] });
const tree = treeOf(schema);
const after = (ids: string[], parent: string, index: number) => childrenAfter(schema, movePatches(tree, ids, { parent, index }));

describe('moving', () => {
  it('counts the place among the children that are there now', () => {
    expect(after(['a'], 'root', 2)['root']).toEqual(['b', 'a', 'c', 'd']);
    expect(after(['d'], 'root', 0)['root']).toEqual(['d', 'a', 'b', 'c']);
    expect(after(['a'], 'c', 1)).toMatchObject({ root: ['b', 'c', 'd'], c: ['e', 'a', 'f'] });
    expect(after(['a'], 'c', 2)['c']).toEqual(['e', 'f', 'a']);
  });

  it('does nothing where nothing changes', () => {
    for (const index of [1, 2]) expect(movePatches(tree, ['b'], { parent: 'root', index })).toEqual([]);
    expect(movePatches(tree, ['a', 'b'], { parent: 'root', index: 0 })).toEqual([]);
  });

  it('keeps several together, in the order of the page', () => {
    expect(outermost(tree, ['f', 'd', 'a'])).toEqual(['a', 'f', 'd']);
    expect(after(['a', 'f', 'd'], 'root', 3)).toMatchObject({ root: ['b', 'c', 'a', 'f', 'd'], c: ['e'] });
    expect(after(['a', 'b', 'd'], 'c', 0)).toMatchObject({ root: ['c'], c: ['a', 'b', 'd', 'e', 'f'] });
  });

  it('takes along what lies in what is moved, and leaves the page itself', () => {
    expect(outermost(tree, ['root', 'c', 'g'])).toEqual(['c']);
  });

  it('brings nothing into itself', () => {
    expect(canMove(tree, ['c'], { parent: 'e', index: 0 })).toBe(false);
    expect(canMove(tree, ['c'], { parent: 'c', index: 0 })).toBe(false);
    expect(canMove(tree, ['root'], { parent: 'c', index: 0 })).toBe(false);
    expect(canMove(tree, ['e'], { parent: 'root', index: 0 })).toBe(true);
  });
});

describe('a step by the keyboard', () => {
  it('goes past a neighbour, into the one before, and out', () => {
    expect(stepPlace(tree, ['b'], 'up')).toEqual({ parent: 'root', index: 0 });
    expect(stepPlace(tree, ['b'], 'down')).toEqual({ parent: 'root', index: 3 });
    expect(stepPlace(tree, ['d'], 'in')).toEqual({ parent: 'c', index: 2 });
    expect(stepPlace(tree, ['f'], 'out')).toEqual({ parent: 'root', index: 3 });
  });

  it('ends at the ends', () => {
    expect(stepPlace(tree, ['a'], 'up')).toBeNull();
    expect(stepPlace(tree, ['d'], 'down')).toBeNull();
    expect(stepPlace(tree, ['b'], 'in')).toBeNull();
    expect(stepPlace(tree, ['a'], 'out')).toBeNull();
    expect(stepPlace(tree, ['root'], 'down')).toBeNull();
  });
});

it('gives props to several at once', () => {
  expect(propsPatches(tree, ['a', 'b'], 'x/y', 1, false)).toEqual([
    { op: 'add', path: '/components/a/props/x~1y', value: 1 },
    { op: 'add', path: '/components/b/props/x~1y', value: 1 },
  ]);
});
