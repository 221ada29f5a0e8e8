import { keyOf } from '../../../src/modules/pages/document/component-tree.js';
import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import { parsePointer } from '../../../src/modules/pages/document/json-pointer.js';
import { equalJson, isObject, type Json } from '../../../src/modules/pages/document/json-value.js';
import type { Change } from '../../../src/modules/pages/document/rebase.js';

/**
 * The same way from one state to another, without what was done on it and taken back again. A component that undo took away and redo
 * brought back is the one that it was; but who walks the whole way sees it go, and takes what comes back for another one.
 */
export function withoutReversed(changes: readonly Change[]): Change[] {
  const left: Step[] = [];
  for (const change of changes) {
    const step = { change, touched: componentsOf(change) };
    if (!takeOutReversed(left, step)) left.push(step);
  }
  return left.map(({ change }) => change);
}

/** Takes out those that it takes back. Between them and it there may be what has nothing to do with it, and could as well come after it. */
function takeOutReversed(left: Step[], { change: { patches }, touched }: Step): boolean {
  if (patches.length === 0) return true;
  for (let end = left.length; end > 0; end--) {
    const start = findReversed(left, end, patches);
    if (start !== undefined) {
      left.splice(start, end - start);
      return true;
    }
    if (!isDisjoint(left[end - 1]!.touched, touched)) return false;
  }
  return false;
}

/** Where the steps begin that end before `end` and that the patch takes back, to the letter. */
function findReversed(steps: readonly Step[], end: number, patches: readonly Operation[]): number | undefined {
  const inverse: Operation[] = [];
  let start = end;
  while (start > 0 && inverse.length < patches.length) {
    inverse.push(...steps[--start]!.change.inverse);
    if (inverse.length > 0 && inverse[0]!.path !== patches[0]!.path) return undefined;
  }
  return equalJson(inverse, patches as unknown as Json) ? start : undefined;
}

interface Step {
  readonly change: Change;
  readonly touched: Touched;
}

/** Undefined when it is not about components alone. */
type Touched = ReadonlySet<string> | undefined;

function isDisjoint(a: Touched, b: Touched): boolean {
  return a !== undefined && b !== undefined && [...a].every((id) => !b.has(id));
}

function componentsOf({ patches, inverse }: Change): Touched {
  const ids = new Set<string>();
  for (const operation of [...patches, ...inverse]) {
    for (const pointer of 'from' in operation ? [operation.from, operation.path] : [operation.path]) {
      const [first, id, member, ...rest] = parsePointer(pointer);
      if (first !== 'components' || id === undefined) return undefined;
      ids.add(id);
      if (!('value' in operation) || rest.length > 1) continue;
      const children = member === undefined && isObject(operation.value) ? operation.value['children'] : member === 'children' ? operation.value : [];
      for (const child of Array.isArray(children) ? children : [children]) ids.add(keyOf(child) ?? '');
    }
  }
  return ids;
}
