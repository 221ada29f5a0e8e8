import { CircleError, type ComponentTree, keyOf } from './component-tree.js';
import { type JsonDocument, type Operation, PatchError } from './json-document.js';
import { formatPointer, parsePointer } from './json-pointer.js';
import { isObject, type Json } from './json-value.js';
import { type Place, placeOf, shiftPlace, tokensNow } from './place.js';

/** A patch as it was applied, and the one that takes it back. */
export interface Change {
  readonly patches: readonly Operation[];
  readonly inverse: readonly Operation[];
}

export interface LoggedPatch extends Change {
  readonly version: number;
  readonly actorId: string | null;
}

/** A stale patch that would have been right on its own version, but contradicts what has happened since. */
export class RebaseConflict extends Error {
  override readonly name = 'RebaseConflict';
}

/** Operations as they apply now, and the patch that takes them back. None are left when all that they were about is gone. */
export interface Rebased {
  readonly patches: Operation[];
  readonly inverse: Operation[];
}

/** A patch as it was made, on the state with those before it. */
export interface MadePatch {
  readonly patches: readonly Operation[];
  readonly isDone?: boolean;
}

/** What an operation means, whatever happens around it. */
interface Intent {
  readonly operation: Operation;
  readonly place: Place;
  readonly from?: Place;
  /** The component that it brings in; it was not there. */
  readonly creates?: string;
  /** For a whole list of children: what the list was that it replaces. */
  readonly replacedChildren?: { readonly parent: string; readonly ids: readonly string[] };
}

/** Nothing is left of the whole patch: where it wants to put something is gone. */
const DISCARD = Symbol('discard');
/** Nothing is left of the one operation. */
const MOOT = Symbol('moot');
const NOTHING: Rebased = { patches: [], inverse: [] };

/**
 * Carries a patch over what has happened since its version. The document itself travels: back to that version, where the meaning of
 * every pointer is read off (which component, which sibling), then forwards again, and there the meaning is written as pointers anew.
 * No clone is made, and nobody sees it, because nothing waits in between. docs/pages.md states the laws.
 */
export class Rebase {
  constructor(
    private readonly json: JsonDocument,
    private readonly tree: ComponentTree,
    /** What has happened since, in order. */
    private readonly since: readonly Change[],
  ) {}

  /**
   * Applies what is left of the patch.
   * @param yields true for an undo: where something newer stands, the newer stays
   * @throws PatchError it does not apply to its own version · RebaseConflict. The document is as it was.
   */
  apply(patches: readonly Operation[], yields: boolean): Rebased {
    const [rebased] = this.applyEach([{ patches }], yields);
    if (rebased instanceof RebaseConflict) throw rebased;
    return rebased!;
  }

  /**
   * The same for patches of which each was made on the state with those before it: a client's, which wait to be sent. What becomes of one
   * is no concern of the next, unless that builds on it.
   * @returns what became of each. Those that are `done` are part of what has happened, in whatever form: nothing is left of them to do.
   * @throws PatchError one does not apply to its own version. The document is as it was.
   */
  applyEach(sequence: readonly MadePatch[], yields = false): (Rebased | RebaseConflict)[] {
    for (const { inverse } of this.since.toReversed()) this.replay(inverse);
    let plans: Intent[][];
    try {
      plans = this.planEach(sequence);
    } catch (error) {
      for (const entry of this.since) this.replay(entry.patches);
      throw error;
    }
    // A pointer behind a patch that is done has counted that one in already.
    const gone = this.forward(plans.flat(), !sequence.some(({ isDone }) => isDone));
    return plans.map((intents, index) => {
      if (sequence[index]!.isDone) return { patches: [], inverse: [] };
      try {
        return this.carryOut(intents, gone, yields);
      } catch (error) {
        if (error instanceof RebaseConflict) return error;
        throw error;
      }
    });
  }

  /** To the present again, with the places following. @returns the components that have gone */
  private forward(intents: readonly Intent[], isShifting: boolean): ReadonlySet<string> {
    const known = this.presentAmong(intents);
    const gone = new Set<string>();
    const notice = (): void => known.forEach((id) => void (this.tree.has(id) || gone.add(id)));
    for (const entry of this.since) {
      for (const operation of entry.patches) {
        if (isShifting) {
          for (const { place, from } of intents) {
            shiftPlace(place, operation, this.json);
            if (from) shiftPlace(from, operation, this.json);
          }
        }
        this.json.applyOperation(operation);
        if (isShifting) notice();
      }
    }
    notice();
    this.tree.checked();
    return gone;
  }

  private replay(operations: readonly Operation[]): void {
    for (const operation of operations) this.json.applyOperation(operation);
    this.tree.checked();
  }

  /** Applies the patches to their own version, reading off what each operation means there, and takes them back. */
  private planEach(sequence: readonly MadePatch[]): Intent[][] {
    const undo: Operation[][] = [];
    try {
      return sequence.map(({ patches }) => this.plan(patches, undo));
    } finally {
      for (const operations of undo.reverse()) this.replay(operations);
      this.tree.checked();
    }
  }

  private plan(patches: readonly Operation[], undo: Operation[][]): Intent[] {
    const intents = patches.map((operation, index) => {
      const tokens = this.tokensOf(operation, 'path', index);
      const from = 'from' in operation ? placeOf(this.tokensOf(operation, 'from', index), false, this.json) : undefined;
      const moved = operation.op === 'move' ? from : undefined;
      const draft = { operation, place: placeOf(tokens, isInsertion(operation), this.json, moved), ...(from && { from }) };
      const intent: Intent = { ...draft, ...this.componentMeaning(operation, tokens) };
      undo.push(this.json.applyOperation(operation, index));
      return intent;
    });
    this.tree.check();
    return intents;
  }

  private tokensOf(operation: Operation, member: 'path' | 'from', index: number): string[] {
    try {
      return parsePointer((operation as unknown as Record<string, string>)[member]!);
    } catch (error) {
      throw new PatchError('INVALID_INPUT', `[${index}].${member}`, (error as Error).message);
    }
  }

  private componentMeaning(operation: Operation, [first, id, member, ...rest]: string[]): Pick<Intent, 'creates' | 'replacedChildren'> {
    if (first !== 'components' || id === undefined) return {};
    const brings = operation.op === 'add' || operation.op === 'copy' || operation.op === 'move';
    const creates = brings && member === undefined && !this.tree.has(id) ? { creates: id } : {};
    const replaces = 'value' in operation && operation.op !== 'test' && rest.length === 0 && (member === undefined || member === 'children');
    const ids = replaces ? this.tree.childrenOf(id) : undefined;
    return { ...creates, ...(ids && { replacedChildren: { parent: id, ids: ids.map((child) => keyOf(child)!) } }) };
  }

  /** The components that the patch is about, as far as they are there. */
  private presentAmong(intents: readonly Intent[]): string[] {
    const ids = new Set<string>();
    for (const { operation, place, from } of intents) {
      for (const at of from ? [place, from] : [place]) {
        if (at.kind === 'slot') ids.add(at.child);
        else if (at.kind === 'gap') ids.add(at.parent);
        else if (at.tokens[0] === 'components' && at.tokens[1] !== undefined) ids.add(at.tokens[1]);
      }
      const child = place.kind === 'gap' && 'value' in operation ? keyOf(operation.value) : undefined;
      if (child !== undefined) ids.add(child);
    }
    return [...ids].filter((id) => this.tree.has(id));
  }

  private carryOut(intents: readonly Intent[], gone: ReadonlySet<string>, yields: boolean): Rebased {
    const applied: Operation[] = [];
    const undo: Operation[][] = [];
    const takeBack = (): void => {
      for (const operations of undo.reverse()) this.replay(operations);
      this.tree.checked();
    };
    const carry = (operation: Operation): void => {
      undo.push(this.json.applyOperation(operation));
      applied.push(operation);
    };
    const removals: (Operation & { op: 'remove' })[] = [];
    try {
      for (const intent of intents) {
        const operation = this.materialize(intent, gone, yields);
        if (operation === MOOT) continue;
        if (operation === DISCARD) {
          takeBack();
          return NOTHING;
        }
        if (this.placedComponent(operation) === undefined) carry(operation);
        else removals.push(operation as Operation & { op: 'remove' });
      }
      // A component that went with what it was in, and that somebody has put elsewhere since, stays there.
      for (const removal of removals) if (this.placedComponent(removal) === undefined) carry(removal);
      this.tree.check();
    } catch (error) {
      takeBack();
      // Of two moves that close a circle together the later one does not happen (Kleppmann et al., "A highly-available move operation for
      // replicated trees", 2021).
      if (error instanceof CircleError) return NOTHING;
      throw error instanceof PatchError ? new RebaseConflict(error.message) : error;
    }
    // A test alone changes nothing, and when all else is moot it asserts nothing either.
    if (applied.every(({ op }) => op === 'test')) return NOTHING;
    return { patches: applied, inverse: undo.reverse().flat() };
  }

  /** Of the removal of a component: the component, while some list names it. */
  private placedComponent({ op, path }: Operation): string | undefined {
    const [first, id, member] = op === 'remove' ? parsePointer(path) : [];
    return first === 'components' && id !== undefined && member === undefined && this.tree.parentOf(id) !== undefined ? id : undefined;
  }

  /** The operation as it has to be now. */
  private materialize(intent: Intent, gone: ReadonlySet<string>, yields: boolean): Operation | typeof MOOT | typeof DISCARD {
    const { operation, place, from, creates } = intent;
    if (creates !== undefined && this.tree.has(creates)) throw new RebaseConflict(`Somebody else has made a component ${creates}`);
    if (this.isGone(place, gone)) {
      // Something that cannot be put where it belongs must not be left lying about; and a condition about nothing does not hold.
      return place.kind === 'gap' || operation.op === 'test' ? DISCARD : MOOT;
    }
    if (from && this.isGone(from, gone)) return MOOT;
    if (place.kind === 'gap' && 'value' in operation && gone.has(keyOf(operation.value) ?? '')) return MOOT;
    // Somebody has worked on a component that this would take away: then it stays, and stays where it is.
    if (yields && place.kind === 'path' && place.isOverwritten) return isComponent(place.tokens) ? DISCARD : MOOT;
    const tokens = tokensNow(place, this.tree, operation.op === 'move' ? from : undefined);
    const fromTokens = from && tokensNow(from, this.tree);
    if (tokens === undefined || (from && fromTokens === undefined)) throw new RebaseConflict('What it points at is no longer what it was');
    const needsTarget = operation.op === 'remove' || operation.op === 'replace';
    if (needsTarget && this.json.find(tokens) === undefined) return MOOT;
    const path = formatPointer(tokens);
    if (fromTokens) return { op: operation.op as 'move' | 'copy', from: formatPointer(fromTokens), path };
    return 'value' in operation ? { op: operation.op, path, value: this.valueNow(intent, gone) } : { op: 'remove', path };
  }

  private isGone(place: Place, gone: ReadonlySet<string>): boolean {
    switch (place.kind) {
      case 'slot':
        return gone.has(place.child) || this.tree.parentOf(place.child) === undefined;
      case 'gap':
        return gone.has(place.parent);
      case 'path':
        return place.isGone || (place.tokens[0] === 'components' && gone.has(place.tokens[1] ?? ''));
    }
  }

  /** A list of children that replaces another keeps what others have put into that one meanwhile, and does not bring back what they took. */
  private valueNow({ operation, replacedChildren }: Intent, gone: ReadonlySet<string>): Json {
    const { value } = operation as { value: Json };
    if (!replacedChildren) return value;
    const wanted = Array.isArray(value) ? value : isObject(value) ? value['children'] : undefined;
    const present = this.tree.childrenOf(replacedChildren.parent);
    if (!Array.isArray(wanted) || !present) return value;
    const merged = mergeChildren(replacedChildren.ids, wanted, present, gone);
    return Array.isArray(value) ? merged : { ...(value as Record<string, Json>), children: merged };
  }
}

function isComponent(tokens: readonly string[]): boolean {
  return tokens.length === 2 && tokens[0] === 'components';
}

function isInsertion({ op }: Operation): boolean {
  return op === 'add' || op === 'move' || op === 'copy';
}

/** Three-way merge of lists of ids: the wanted order, without what others have taken out, and with what they have put in, behind its sibling. */
export function mergeChildren(base: readonly string[], wanted: readonly Json[], present: readonly Json[], gone: ReadonlySet<string>): Json[] {
  const before = new Set(base);
  const now = new Set(present.map((child) => keyOf(child)!));
  const asked = new Set(wanted.map((child) => keyOf(child)));
  const merged = wanted.filter((child) => {
    const id = keyOf(child);
    return id === undefined || (!gone.has(id) && (!before.has(id) || now.has(id)));
  });
  present.forEach((child, index) => {
    const id = keyOf(child)!;
    if (before.has(id) || asked.has(id)) return;
    const sibling = present.slice(0, index).findLast((left) => merged.some((kept) => keyOf(kept) === keyOf(left)));
    merged.splice(sibling === undefined ? 0 : merged.findIndex((kept) => keyOf(kept) === keyOf(sibling)) + 1, 0, child);
  });
  return merged;
}
