import type { ComponentTree } from './component-tree.js';
import { Homes } from './homes.js';
import type { JsonDocument, Operation } from './json-document.js';
import { parsePointer } from './json-pointer.js';
import { WorkBudget } from './work-budget.js';

/** Operations as they apply now, and the patch that takes them back. None are left when all that they were about is gone. */
export interface Rebased {
  readonly patches: Operation[];
  readonly inverse: Operation[];
  /** As in `LoggedPatch`. */
  readonly sentTexts?: ReadonlyMap<string, string>;
}

/** A patch that is being carried out, in the present. */
export class Attempt {
  private readonly applied: Operation[] = [];
  private readonly undo: Operation[][] = [];
  private readonly removals: Operation[] = [];
  private readonly sentTexts = new Map<string, string>();
  private readonly budget = new WorkBudget();
  private readonly homes: Homes;

  constructor(
    private readonly json: JsonDocument,
    private readonly tree: ComponentTree,
  ) {
    this.homes = new Homes(json, tree);
  }

  get isEmpty(): boolean {
    return this.applied.every(({ op }) => op === 'test');
  }

  get rebased(): Rebased {
    return { patches: this.applied, inverse: this.undo.toReversed().flat(), ...(this.sentTexts.size > 0 && { sentTexts: this.sentTexts }) };
  }

  /** A component that is still in somebody's list is deleted last of all, if by then it is in none. */
  carry(operation: Operation, sent: Operation): void {
    if (operation.op === 'replace' && sent.op === 'replace' && typeof sent.value === 'string' && operation.value !== sent.value) this.sentTexts.set(operation.path, sent.value);
    if (this.placedComponent(operation) === undefined) this.apply(operation);
    else this.removals.push(operation);
  }

  /** @param unlists components that need not be in a list in the end */
  finish(unlists: ReadonlySet<string>): void {
    // A component that went with what it was in, and that somebody has put elsewhere since, stays there.
    for (const removal of this.removals) if (this.placedComponent(removal) === undefined) this.apply(removal);
    // What somebody has put into a component that is deleted here must not be lost from sight.
    const orphans = this.tree.findUnlisted().filter((id) => !unlists.has(id));
    for (const operation of this.homes.find(orphans)) this.apply(operation);
    this.tree.check();
  }

  takeBack(): void {
    for (const operations of this.undo.toReversed()) this.json.replay(operations);
    this.tree.checked();
  }

  private apply(operation: Operation): void {
    this.homes.note(operation);
    this.undo.push(this.json.applyOperation(operation, this.applied.length, this.budget));
    this.applied.push(operation);
  }

  /** Of the removal of a component: the component, while some list names it. */
  private placedComponent({ op, path }: Operation): string | undefined {
    const [first, id, member] = op === 'remove' ? parsePointer(path) : [];
    return first === 'components' && id !== undefined && member === undefined && this.tree.parentOf(id) !== undefined ? id : undefined;
  }
}
