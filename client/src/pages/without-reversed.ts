import { keyOf } from '../../../src/modules/pages/document/component-tree.js';
import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import { parsePointer } from '../../../src/modules/pages/document/json-pointer.js';
import { equalJson, isObject, type Json } from '../../../src/modules/pages/document/json-value.js';
import type { Change } from '../../../src/modules/pages/document/rebase.js';

/** A change that takes others back says which. */
export interface Reversing extends Change {
  readonly reverses?: readonly Change[];
}

/**
 * The same way from one state to another, without what was done on it and taken back again. A component that undo took away and redo
 * brought back is the one that it was; but who walks the whole way sees it go, and takes what comes back for another one.
 */
export function withoutReversed(changes: readonly Reversing[]): Change[] {
  const left: Reversing[] = [];
  for (const change of changes) if (change.patches.length > 0 && !takeOutReversed(left, change)) left.push(change);
  return left;
}

/**
 * Takes out those that the change takes back, if it does so wholly. After them there may be what has nothing to do with it, and could as
 * well come after it.
 */
function takeOutReversed(left: Reversing[], { patches, inverse, reverses }: Reversing): boolean {
  if (!reverses) return false;
  const touched = componentsOf({ patches, inverse });
  const reversed = new Set(reverses.filter((change) => change.patches.length > 0));
  const places: number[] = [];
  for (let at = left.length - 1; at >= 0 && places.length < reversed.size; at--) {
    if (reversed.has(left[at]!)) places.push(at);
    else if (!isDisjoint(componentsOf(left[at]!), touched)) return false;
  }
  const whole = simplified(places.flatMap((at) => left[at]!.inverse));
  if (places.length < reversed.size || !equalJson(whole, patches as unknown as Json)) return false;
  for (const at of places) left.splice(at, 1);
  return true;
}

/** An inverse without what comes and goes within it: what somebody wrote, and wrote otherwise a moment later. */
export function simplified(inverse: readonly Operation[]): Operation[] {
  const left: Operation[] = [];
  for (const operation of inverse) {
    const last = left.at(-1);
    const isSame = last !== undefined && last.path === operation.path;
    if (isSame && last.op === 'add' && operation.op === 'remove') left.pop();
    else if (isSame && last.op === 'replace' && (operation.op === 'replace' || operation.op === 'remove')) left[left.length - 1] = operation;
    else left.push(operation);
  }
  return left;
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
