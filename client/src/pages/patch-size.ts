import type { ComponentTree } from '../../../src/modules/pages/document/component-tree.js';
import { type JsonDocument, type Operation, PatchError } from '../../../src/modules/pages/document/json-document.js';
import { WorkBudget } from '../../../src/modules/pages/document/work-budget.js';
import { sizeOfJson } from '../../../src/modules/pages/document/json-size.js';
import type { Change } from '../../../src/modules/pages/document/rebase.js';
import { LIMITS } from '../../../src/protocol/limits.js';

/** About as many bytes as the operation has on the wire, counted as the server does. */
function sizeOf(operation: Operation): number {
  const from = 'from' in operation ? operation.from.length + 10 : 0;
  return operation.path.length + 24 + from + ('value' in operation ? sizeOfJson(operation.value) : 0);
}

/** How much of a patch may still be filled. */
export class PatchBudget {
  private operations = LIMITS.patchOperations;
  private bytes = LIMITS.patchBytes;

  /** False when it does not fit any more. */
  take(patches: readonly Operation[]): boolean {
    this.operations -= patches.length;
    for (const operation of patches) this.bytes -= sizeOf(operation);
    return this.operations >= 0 && this.bytes >= 0;
  }
}

export function isWithinOnePatch(patches: readonly Operation[]): boolean {
  return new PatchBudget().take(patches);
}

/**
 * Applies a patch that is too large to be sent, in parts that are not: it is divided where the page is whole.
 * @throws PatchError it does not apply, or there is no such place. What was yielded stays applied, what was not is taken back.
 */
export function* splitWhere(patches: readonly Operation[], json: JsonDocument, tree: ComponentTree): Generator<Change> {
  let start = 0;
  while (start < patches.length) {
    const budget = new PatchBudget();
    const work = new WorkBudget();
    const undo: Operation[][] = [];
    let whole = 0;
    try {
      for (let next = start; next < patches.length && budget.take([patches[next]!]); next++) {
        undo.push(json.applyOperation(patches[next]!, next, work));
        if (isWhole(tree)) whole = undo.length;
      }
      if (whole === 0) throw new PatchError('PAYLOAD_TOO_LARGE', '', 'The patch is too large, and cannot be divided');
    } catch (error) {
      takeBack(undo.splice(0), json, tree);
      throw error;
    }
    takeBack(undo.splice(whole), json, tree);
    yield { patches: patches.slice(start, start + whole), inverse: undo.reverse().flat() };
    start += whole;
  }
}

function isWhole(tree: ComponentTree): boolean {
  try {
    tree.check();
    return true;
  } catch {
    return false;
  }
}

function takeBack(undo: readonly Operation[][], json: JsonDocument, tree: ComponentTree): void {
  for (const operations of undo.toReversed()) json.replay(operations);
  tree.checked();
}
