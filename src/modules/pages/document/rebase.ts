import { Attempt, type Rebased } from './attempt.js';
import { CircleError, type ComponentTree, keyOf } from './component-tree.js';
import { type Effect, effectOf, effectsAfter, inverseOf } from './effect.js';
import { isAboutComponents, numbered, relevantTo, withSentText } from './foreign-effects.js';
import { type JsonDocument, type Operation, PatchError } from './json-document.js';
import { formatPointer } from './json-pointer.js';
import { isObject, type Json } from './json-value.js';
import { mergeChildren } from './merge-children.js';
import { type Place, shiftPlace, tokensNow } from './place.js';
import { type Intent, type MadePatch, type Plan, Planner } from './plan.js';
import { TextTooDifferent } from './text-merge.js';

/** A patch as it was applied, and the one that takes it back. */
export interface Change {
  readonly patches: readonly Operation[];
  readonly inverse: readonly Operation[];
}

export interface LoggedPatch extends Change {
  readonly version: number;
  readonly actorId: string | null;
  /** By which connection it came, as long as that is remembered: who does not wait for acks builds on what they have sent. */
  readonly connection?: string | undefined;
  /** Texts that were merged with what others had typed, as they were sent: by the pointer under which they were written. */
  readonly sentTexts?: ReadonlyMap<string, string> | undefined;
}

export const TEXT_TOO_DIFFERENT = 'The text has changed in too many places to be merged';

const TOO_MUCH = 'Too much has changed since';

/** A stale patch that would have been right on its own version, but contradicts what has happened since. */
export class RebaseConflict extends Error {
  override readonly name = 'RebaseConflict';
}

/** Nothing is left of the whole patch: where it wants to put something is gone. */
const DISCARD = Symbol('discard');
/** Nothing is left of the one operation. */
const MOOT = Symbol('moot');
/** What a rebase may cost. */
export interface RebaseLimits {
  /** Operations of mine times operations of theirs that may have to do with each other: up to 2 µs each. */
  readonly pairs: number;
  /** The way back to the version of the patch, in tenths of a microsecond. Forth it is as far again. */
  readonly work: number;
}

/** Of a client, which keeps nobody waiting but its own user, and has nobody to ask. */
const PATIENT: RebaseLimits = { pairs: 200_000, work: Number.POSITIVE_INFINITY };

/**
 * Carries a patch over what has happened since its version. The document itself travels: back to that version, where the meaning of
 * every pointer is read off (which component, which sibling), then forwards again, and there the meaning is written as pointers anew.
 * Where only an index tells what is meant, each operation of mine is carried over all of theirs, and all of theirs over each of mine, as
 * operational transformation has it (Ellis and Gibbs, "Concurrency control in groupware systems", 1989).
 * No clone is made, and nobody sees it, because nothing waits in between. docs/pages.md states the laws.
 */
export class Rebase {
  /** What has happened since, as it is after those operations of mine that have been carried out. */
  private theirs: Effect[] = [];
  /** Where something newer stands, the newer stays. */
  private yields = false;

  constructor(
    private readonly json: JsonDocument,
    private readonly tree: ComponentTree,
    /** What has happened since, in order. */
    private readonly since: readonly (Change & Partial<LoggedPatch>)[],
    /** Whose patch it is. */
    private readonly connection?: string,
    private readonly limits = PATIENT,
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
   * @returns what became of each. Those that are `done` are part of what has happened, in whatever form, or are not to be: nothing is left
   *   of them to do.
   * @throws PatchError one does not apply to its own version · RebaseConflict that is too far back. The document is as it was.
   */
  applyEach(sequence: readonly MadePatch[], yields = false): (Rebased | RebaseConflict)[] {
    this.yields = yields;
    this.goBack();
    let plans: Plan[];
    try {
      plans = new Planner(this.json, this.tree, yields).planEach(sequence);
    } catch (error) {
      for (const entry of this.since) this.replay(entry.patches);
      throw error;
    }
    const intents = plans.flatMap((plan) => plan.intents);
    const done = sequence.flatMap(({ patches, isDone }) => (isDone ? patches : []));
    const gone = this.forward(intents, done);
    this.theirs = relevantTo(intents, this.theirs);
    const isTooMuch = intents.length * this.theirs.length > this.limits.pairs;
    let doneCount = 0;
    return plans.map((plan, index) => {
      if (sequence[index]!.isDone) {
        this.takeOut(plan.intents, this.theirs, doneCount);
        doneCount += plan.intents.length;
        return { patches: [], inverse: [] };
      }
      if (isTooMuch) return new RebaseConflict(TOO_MUCH);
      return this.carryOut(plan, gone);
    });
  }

  /** To the version of the patch. @throws RebaseConflict that would be too much work; the document is as it was */
  private goBack(): void {
    const start = this.json.work;
    for (let at = this.since.length - 1; at >= 0; at--) {
      this.replay(this.since[at]!.inverse);
      if (this.json.work - start <= this.limits.work) continue;
      for (const { patches } of this.since.slice(at)) this.replay(patches);
      throw new RebaseConflict(TOO_MUCH);
    }
  }

  /** To the present again. @returns the components that have gone */
  private forward(intents: readonly Intent[], done: readonly Operation[]): ReadonlySet<string> {
    const known = this.presentAmong(intents);
    const gone = new Set<string>();
    const happened = this.since.flatMap((change) => change.patches.map((operation) => ({ operation, change })));
    // What is done, and has become part of what has happened: operation by operation, if it still has the same ones.
    const isSame = done.length > 0 && done.length === happened.length && done.every(({ op }, index) => op === happened[index]!.operation.op);
    happened.forEach(({ operation, change }, index) => {
      const effect = effectOf(operation, this.json, () => void this.json.replay([operation]));
      if (!effect) return;
      this.theirs.push(isSame ? numbered(effect, index) : withSentText(effect, this.sentText(operation, change)));
      this.noteGone(effect, known, gone);
    });
    this.tree.checked();
    return gone;
  }

  /** Notes components that were there and are not after the effect. */
  private noteGone(effect: Effect, known: ReadonlySet<string>, gone: Set<string>): void {
    if (!isAboutComponents(effect)) return;
    const places = effect.kind === 'move' ? [effect.take.at, effect.put.at] : [effect.at];
    const named = places.every(({ tokens }) => tokens.length >= 2) ? places.map(({ tokens }) => tokens[1]!) : known;
    for (const id of named) if (known.has(id) && !this.tree.has(id)) gone.add(id);
  }

  /** A text that the sender of the patch has written, without having waited for what became of it. */
  private sentText(operation: Operation, { connection, sentTexts }: Partial<LoggedPatch>): string | undefined {
    if (this.connection === undefined || connection !== this.connection || operation.op !== 'replace') return undefined;
    return sentTexts?.get(operation.path) ?? (typeof operation.value === 'string' ? operation.value : undefined);
  }

  private replay(operations: readonly Operation[]): void {
    this.json.replay(operations);
    this.tree.checked();
  }

  /** The components that the patch is about, as far as they are there. */
  private presentAmong(intents: readonly Intent[]): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { operation, place, from } of intents) {
      for (const at of from ? [place, from] : [place]) {
        const id = componentOf(at);
        if (id !== undefined) ids.add(id);
      }
      const child = place.kind === 'gap' && 'value' in operation ? keyOf(operation.value) : undefined;
      if (child !== undefined) ids.add(child);
    }
    return new Set([...ids].filter((id) => this.tree.has(id)));
  }

  /** What these would have done has not happened: whatever was made upon them is to be without them. */
  private takeOut(intents: readonly Intent[], theirs: readonly Effect[], firstNumber?: number): void {
    const taken = intents.map(({ effect }, index) => effect && numbered(inverseOf(effect), firstNumber === undefined ? undefined : firstNumber + index));
    this.theirs = [...taken.reverse().filter((effect) => effect !== undefined), ...theirs];
  }

  private carryOut({ intents, unlists }: Plan, gone: ReadonlySet<string>): Rebased | RebaseConflict {
    const theirs = this.theirs;
    const attempt = new Attempt(this.json, this.tree);
    const fail = <T extends Rebased | RebaseConflict>(answer: T): T => {
      attempt.takeBack();
      this.takeOut(intents, theirs);
      return answer;
    };
    try {
      for (const intent of intents) if (this.carryOutOne(intent, attempt, gone) === DISCARD) return fail({ patches: [], inverse: [] });
      attempt.finish(unlists);
    } catch (error) {
      // Of two moves that close a circle together the later one does not happen (Kleppmann et al., "A highly-available move operation for
      // replicated trees", 2021).
      if (error instanceof CircleError) return fail({ patches: [], inverse: [] });
      const conflict = conflictOf(error);
      if (conflict) return fail(conflict);
      attempt.takeBack();
      throw error;
    }
    // A test alone changes nothing, and when all else is moot it asserts nothing either.
    if (attempt.isEmpty) return fail({ patches: [], inverse: [] });
    return attempt.rebased;
  }

  private carryOutOne(intent: Intent, attempt: Attempt, gone: ReadonlySet<string>): void | typeof DISCARD {
    const { place, from, effect } = intent;
    const theirs = this.theirs;
    if (from) for (const each of theirs) shiftPlace(from, each);
    // The target of a move is counted without what is moved.
    const beside = effect?.kind === 'move' ? effectsAfter(theirs, effect.take) : theirs;
    for (const each of beside) shiftPlace(place, each);
    const operation = this.materialize(intent, gone);
    if (operation === DISCARD) return DISCARD;
    if (operation === MOOT) return this.takeOut([intent], theirs);
    attempt.carry(operation, intent.operation);
    if (effect) this.theirs = effectsAfter(theirs, effect);
  }

  /** The operation as it has to be now. */
  private materialize(intent: Intent, gone: ReadonlySet<string>): Operation | typeof MOOT | typeof DISCARD {
    const { operation, place, from, creates } = intent;
    if (creates !== undefined && this.tree.has(creates)) throw new RebaseConflict(`Somebody else has made a component ${creates}`);
    if (this.isGone(place, gone)) {
      // Something that cannot be put where it belongs must not be left lying about; and a condition about nothing does not hold.
      return place.kind === 'gap' || operation.op === 'test' ? DISCARD : MOOT;
    }
    if (from && this.isGone(from, gone)) return MOOT;
    if (place.kind === 'gap' && 'value' in operation && gone.has(keyOf(operation.value) ?? '')) return MOOT;
    // Somebody has worked on a component that this would take away: then it stays, and stays where it is.
    if (this.yields && place.kind === 'path' && place.isOverwritten) return isComponent(place.route.tokens) ? DISCARD : MOOT;
    const tokens = tokensNow(place, this.tree, operation.op === 'move' ? from : undefined);
    const fromTokens = from && tokensNow(from, this.tree);
    if (tokens === undefined || (from && fromTokens === undefined)) throw new RebaseConflict('What it points at is no longer what it was');
    const needsTarget = operation.op === 'remove' || operation.op === 'replace';
    if (needsTarget && this.json.find(tokens) === undefined) return MOOT;
    const path = formatPointer(tokens);
    if (fromTokens) return { op: operation.op as 'move' | 'copy', from: formatPointer(fromTokens), path };
    if (!('value' in operation)) return { op: 'remove', path };
    const value = this.valueNow(intent, tokens, gone);
    // Others have changed the text so that nothing is left of what the undo would take back.
    if (this.yields && place.kind === 'path' && place.text?.isCarried && value === this.json.find(tokens)) return MOOT;
    return { op: operation.op, path, value };
  }

  private isGone(place: Place, gone: ReadonlySet<string>): boolean {
    switch (place.kind) {
      case 'slot':
        return gone.has(place.child) || this.tree.parentOf(place.child) === undefined;
      case 'gap':
        return gone.has(place.parent);
      case 'path':
        return place.isGone || place.route.waitsFor !== undefined || gone.has(componentOf(place) ?? '');
    }
  }

  /**
   * A text keeps what others have typed into it meanwhile. A list of children that replaces another keeps what others have put into that
   * one, and does not bring back what they took.
   */
  private valueNow({ operation, place, replacedChildren }: Intent, tokens: readonly string[], gone: ReadonlySet<string>): Json {
    const { value } = operation as { value: Json };
    if (place.kind === 'path' && place.text) {
      const now = this.json.find(tokens);
      return typeof now === 'string' ? place.text.on(now) : value;
    }
    if (!replacedChildren) return value;
    const wanted = Array.isArray(value) ? value : isObject(value) ? value['children'] : undefined;
    const present = this.tree.childrenOf(replacedChildren.parent);
    if (!Array.isArray(wanted) || !present) return value;
    const merged = mergeChildren(replacedChildren.ids, wanted, present, gone);
    return Array.isArray(value) ? merged : { ...(value as Record<string, Json>), children: merged };
  }
}

function componentOf(place: Place): string | undefined {
  if (place.kind === 'slot') return place.child;
  if (place.kind === 'gap') return place.parent;
  const { tokens, waitsFor } = place.route;
  return waitsFor === undefined && tokens[0] === 'components' ? tokens[1] : undefined;
}

function isComponent(tokens: readonly string[]): boolean {
  return tokens.length === 2 && tokens[0] === 'components';
}

function conflictOf(error: unknown): RebaseConflict | undefined {
  if (error instanceof RebaseConflict) return error;
  if (error instanceof TextTooDifferent) return new RebaseConflict(TEXT_TOO_DIFFERENT);
  return error instanceof PatchError ? new RebaseConflict(error.message) : undefined;
}
