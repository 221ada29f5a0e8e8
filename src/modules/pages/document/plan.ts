import { type ComponentTree, keyOf } from './component-tree.js';
import { type Effect, effectOf, routeOf } from './effect.js';
import type { JsonDocument, Operation } from './json-document.js';
import { parsePointer } from './json-pointer.js';
import { childPlaceOf, pathPlaceOf, type Place } from './place.js';
import type { StepBudget } from './text-diff.js';
import { CarriedText } from './text-edit.js';
import { mergeBudget } from './text-merge.js';
import { WorkBudget } from './work-budget.js';

/** A patch as it was made, on the state with those before it. */
export interface MadePatch {
  readonly patches: readonly Operation[];
  readonly isDone?: boolean;
}

/** What an operation means, whatever happens around it. */
export interface Intent {
  readonly operation: Operation;
  readonly place: Place;
  readonly from?: Place;
  /** What it does to other pointers, on the version for which it was made. */
  readonly effect: Effect | undefined;
  /** The component that it brings in; it was not there. */
  readonly creates?: string;
  /** For a whole list of children: what the list was that it replaces. */
  readonly replacedChildren?: { readonly parent: string; readonly ids: readonly string[] };
}

/** What a patch means. */
export interface Plan {
  readonly intents: readonly Intent[];
  /** Components that it takes out of their list without deleting them, or putting them elsewhere. */
  readonly unlists: ReadonlySet<string>;
}

/** What one patch may cost. */
interface Budget {
  readonly work: WorkBudget;
  readonly merges: StepBudget;
}

/** Reads off what patches mean, on the version for which they were made. */
export class Planner {
  /** @param yields where something newer stands, the newer stays */
  constructor(
    private readonly json: JsonDocument,
    private readonly tree: ComponentTree,
    private readonly yields: boolean,
  ) {}

  /** Applies the patches to their own version, reading off what each operation means there, and takes them back. */
  planEach(sequence: readonly MadePatch[]): Plan[] {
    const undo: Operation[][] = [];
    try {
      return sequence.map(({ patches }) => this.plan(patches, undo));
    } finally {
      for (const operations of undo.reverse()) this.json.replay(operations);
      this.tree.checked();
    }
  }

  private plan(patches: readonly Operation[], undo: Operation[][]): Plan {
    const budget = { work: new WorkBudget(), merges: mergeBudget() };
    const intents = patches.map((operation, index) => this.planOne(operation, index, undo, budget));
    const unlists = new Set(this.tree.findUnlisted());
    this.tree.check();
    return { intents, unlists };
  }

  private planOne(operation: Operation, index: number, undo: Operation[][], budget: Budget): Intent {
    const apply = (): void => void undo.push(this.json.applyOperation(operation, index, budget.work));
    const [tokens, fromTokens] = pointersOf(operation);
    // Not a pointer, or no value: then applying it says so.
    if (!tokens) return { operation, place: pathPlaceOf(routeOf([], this.json)), effect: void apply() };
    const isInsertion = operation.op === 'add' || operation.op === 'move' || operation.op === 'copy';
    const from = fromTokens && (childPlaceOf(fromTokens, false, this.json) ?? pathPlaceOf(routeOf(fromTokens, this.json)));
    const child = childPlaceOf(tokens, isInsertion, this.json, operation.op === 'move' ? from : undefined);
    const meaning = this.meaningOf(operation, tokens);
    const before = routeOf(tokens, this.json);
    const effect = withBudget(effectOf(operation, this.json, apply), budget.merges);
    const text = effect?.kind === 'set' && effect.text ? new CarriedText(effect.text, this.yields) : undefined;
    const place = child ?? pathPlaceOf(isInsertion ? { ...routeOf(tokens, this.json), isGap: true } : before, text);
    return { operation, place, effect, ...(from && { from }), ...meaning };
  }

  private meaningOf(operation: Operation, tokens: readonly string[]): Pick<Intent, 'creates' | 'replacedChildren'> {
    const [first, id, member, ...rest] = tokens;
    const isWriting = 'value' in operation && operation.op !== 'test';
    if (first !== 'components' || id === undefined) return {};
    const brings = operation.op === 'add' || operation.op === 'copy' || operation.op === 'move';
    const creates = brings && member === undefined && !this.tree.has(id) ? { creates: id } : {};
    const replaces = isWriting && rest.length === 0 && (member === undefined || member === 'children');
    const ids = replaces ? this.tree.childrenOf(id) : undefined;
    return { ...creates, ...(ids && { replacedChildren: { parent: id, ids: ids.map((child) => keyOf(child)!) } }) };
  }
}

/** Whatever is merged for the effect is paid by the patch that it is of. */
function withBudget(effect: Effect | undefined, budget: StepBudget): Effect | undefined {
  return effect?.kind === 'set' && effect.text ? { ...effect, text: { ...effect.text, budget } } : effect;
}

/** The pointers of an operation; none for what is no operation. */
function pointersOf(operation: Operation): [path?: string[], from?: string[]] {
  try {
    return 'from' in operation ? [parsePointer(operation.path), parsePointer(operation.from)] : [parsePointer(operation.path)];
  } catch {
    return [];
  }
}
