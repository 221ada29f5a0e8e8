import { describe, expect, it } from 'vitest';
import { CursorMove } from './pages.js';

const cursor = { pageId: 'landing', x: 1, y: 2 };
const editing = { componentId: 'a', prop: 'text', start: 0, end: 5 };

describe('where somebody writes', () => {
  it('is a part of a cursor that may be left out', () => {
    expect(CursorMove.parse(cursor)).toEqual(cursor);
    expect(CursorMove.parse({ ...cursor, editing })).toEqual({ ...cursor, editing });
  });

  it.each<[string, object]>([
    ['editing.componentId', { componentId: 'x'.repeat(65) }],
    ['editing.componentId', { componentId: null }],
    ['editing.prop', { prop: '' }],
    ['editing.prop', { prop: 'x'.repeat(101) }],
    ['editing.start', { start: -1 }],
    ['editing.start', { start: 0.5 }],
    ['editing.end', { end: 5_000_001 }],
    ['editing.end', { end: Number.NaN }],
    ['editing', { more: 1 }],
  ])('is refused at %s of %j', (path, change) => {
    const result = CursorMove.safeParse({ ...cursor, editing: { ...editing, ...change } });
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
