import { ChangeLog } from './document/change-log.js';
import { ComponentTree } from './document/component-tree.js';
import { JsonDocument, type Operation, PatchError } from './document/json-document.js';
import { parsePointer } from './document/json-pointer.js';
import { countDeeperThan, depthOfJson } from './document/json-size.js';
import type { Json, JsonObject } from './document/json-value.js';
import { maxLevels, maxLevelsAt, PAGE_LIMITS, type PageLimits, REBASE_LIMITS } from './document/page-limits.js';
import { type LoggedPatch, Rebase, RebaseConflict, TEXT_TOO_DIFFERENT } from './document/rebase.js';
import { CarriedText, isText } from './document/text-edit.js';
import { textEdits } from './document/text-history.js';
import { mergeBudget, TextTooDifferent } from './document/text-merge.js';
import { withoutUndone } from './document/undone.js';

/** What somebody wants to change, and what they had before them. */
export interface PatchRequest {
  readonly actorId: string | null;
  readonly patches: readonly Operation[];
  /** The version that the patch was made on. */
  readonly version: number;
  /**
   * `strict`: not if anything has changed since · `rebase`: carried over what has · `undo`: likewise, but where something newer stands,
   * the newer stays.
   */
  readonly mode: 'rebase' | 'strict' | 'undo';
  /** For an undo: what has been taken back already, and by which version. Neither counts as newer. */
  readonly undone?: ReadonlyMap<number, number>;
  /** It makes the page what somebody has sent as a whole, so it may be as much work as the page is large. */
  readonly isWhole?: boolean;
  /** By which it came: whoever sends on without waiting for acks builds on what they have sent. */
  readonly connection?: string | undefined;
}

/** What became of a request. */
export type Applied =
  | { readonly outcome: 'applied' | 'rebased'; readonly version: number; readonly patches: readonly Operation[]; readonly inverse: readonly Operation[] }
  | { readonly outcome: 'discarded'; readonly version: number };

/** The page has moved on, in a way that the request cannot follow. `current` has what stands now at the paths that it names. */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
  constructor(
    message: string,
    readonly version: number,
    readonly current: JsonObject,
  ) {
    super(message);
  }
}

/** A change that has been made, before it has a number. */
type Made = Omit<LoggedPatch, 'version' | 'actorId'>;

/**
 * A page, its version and its recent past: the pure heart of live editing, without I/O. Server and clients share it, so that both
 * change, rebase and undo alike.
 */
export class PageDocument {
  private readonly json: JsonDocument;
  private readonly tree: ComponentTree;
  private log: ChangeLog;
  /** How much is nested deeper than is allowed now; undefined until it is counted. */
  private excess: number | undefined;
  /** It was so once, and may be so again when a change is taken back. */
  private wasDeep = false;
  private damagedSince: number | undefined;
  /** Nothing leads back beyond this version: there the page was damaged. */
  private floor = 0;
  /** What the last repair has mended, for the case that it is not committed. */
  private repaired: { readonly version: number; readonly brokenAt: number } | undefined;

  /**
   * @param schema becomes the document's own
   * @param isStored it was allowed once, and is not asked again: it may be larger and deeper than what is allowed now, but not grow
   * @throws PatchError INVARIANT_VIOLATED, PAYLOAD_TOO_LARGE
   */
  constructor(
    schema: Json,
    private currentVersion: number,
    private readonly limits: PageLimits = PAGE_LIMITS,
    isStored = false,
  ) {
    let tree: ComponentTree | undefined;
    this.json = new JsonDocument(schema, {
      leaving: (...left) => tree!.leaving(...left),
      entering: (...entered) => tree!.entering(...entered),
    }, (tokens) => maxLevelsAt(tokens, limits));
    this.tree = tree = new ComponentTree(() => this.json.root, limits);
    if (isStored) this.tree.checked();
    else this.check();
    this.log = new ChangeLog(currentVersion);
  }

  get version(): number {
    return this.currentVersion;
  }

  /**
   * The first version that does not follow from the one before it: from there the journal and the page have parted. The page is as it was
   * before, and nobody can change it until it is repaired. Undefined for a page that is whole.
   */
  get brokenAt(): number | undefined {
    return this.damagedSince;
  }

  /** The last version that can be told. */
  get goodVersion(): number {
    return this.damagedSince === undefined ? this.currentVersion : this.damagedSince - 1;
  }

  /** The page itself. Not to be changed, and only to be looked at until the next change. */
  get schema(): Json {
    return this.json.root;
  }

  /** About as many bytes as the page has as JSON text. */
  get size(): number {
    return this.tree.size;
  }

  /** What this object holds in memory, about. */
  get weight(): number {
    return this.tree.size + this.log.weight;
  }

  get componentCount(): number {
    return this.tree.componentCount;
  }

  /** The log has every change after this version. */
  get loggedFrom(): number {
    return this.log.from;
  }

  /** True when everything after `version` is at hand. */
  reaches(version: number): boolean {
    return version >= this.log.from;
  }

  /** Nothing that the request could collide with has happened since. */
  isCurrent(version: number): boolean {
    return version >= this.log.lastUpTo();
  }

  /**
   * Makes the next version of the page, or leaves it as it is.
   * @throws PatchError it does not even apply to its own version · StaleVersion
   */
  propose(request: PatchRequest): Applied {
    const { patches, version, mode } = request;
    if (this.damagedSince !== undefined) throw new PatchError('INVARIANT_VIOLATED', '', `The page is damaged since version ${this.damagedSince}: it can only be restored to a version before`);
    if ((this.excess ??= this.countExcess()) > 0) this.wasDeep = true;
    if (version > this.currentVersion) throw this.stale('This version does not exist', patches);
    if (this.isCurrent(version)) return this.take(request, this.applyNow(patches, request.isWhole), 'applied');
    if (mode === 'strict') throw this.stale('The page has changed since', patches);
    if (!this.reaches(version)) throw this.stale('Too much has changed since', patches);
    // Nearly every stale patch means now what it meant. To go back and forth over everything since would cost as much as all of that did.
    const isAsMeant = mode === 'undo' ? this.log.isUntouched(patches, version) : this.log.isApart(patches, version);
    const applied = isAsMeant ? this.tryNow(patches) : this.tryText(request);
    return applied ? this.take(request, applied, 'rebased') : this.rebase(request);
  }

  /**
   * Makes a damaged page whole again.
   * @throws PatchError it is no page
   */
  repair(actorId: string, schema: Json): Extract<Applied, { outcome: 'applied' | 'rebased' }> {
    const brokenAt = this.damagedSince!;
    this.excess = undefined;
    const patches: Operation[] = [{ op: 'replace', path: '', value: schema }];
    const made = this.applyNow(patches, true);
    this.repaired = { version: this.currentVersion + 1, brokenAt };
    this.restart();
    return this.take({ actorId }, made, 'applied');
  }

  /** Takes the last change back, which was not committed after all. */
  retract(): void {
    const last = this.log.pop();
    if (!last) throw new Error('nothing to take back');
    this.json.replay(last.inverse);
    this.tree.checked();
    if (this.wasDeep) this.excess = undefined;
    this.currentVersion = last.version - 1;
    if (this.repaired?.version === last.version) this.damagedSince = this.repaired.brokenAt;
  }

  /**
   * Follows an entry that was committed elsewhere.
   * @param isRepair it has made a damaged page whole again
   * @throws PatchError the entry does not follow from the page; nothing has changed
   */
  follow(version: number, actorId: string | null, patches: readonly Operation[], isRepair = false): void {
    if (this.damagedSince !== undefined && !isRepair) return this.pass(version);
    const inverse = this.json.replay(patches);
    this.tree.checked();
    if (this.wasDeep) this.excess = undefined;
    this.currentVersion = version - 1;
    if (isRepair) this.restart();
    this.take({ actorId }, { patches: [...patches], inverse }, 'applied');
  }

  /** The entry of this version does not follow from the page, nor does any after it. */
  breakAt(version: number): void {
    this.damagedSince = version;
    this.currentVersion = version;
  }

  /** An entry that changes nothing of the page itself. */
  pass(version: number): void {
    this.currentVersion = version;
  }

  /** Brings back what happened before: the log then reaches further into the past. Entries come in order; those that it has are left out. */
  remember(past: readonly LoggedPatch[], from: number): void {
    if (from >= this.floor) this.log.prepend(past, from);
  }

  /** Looks at the page as it was at an earlier version that the log reaches: back, and forth again, at once. */
  readAt<T>(version: number, read: (schema: Json) => T): T {
    const newer = this.log.since(version);
    if (newer.length === 0) return read(this.schema);
    if (!this.reaches(version)) throw new Error(`version ${version} is not at hand`);
    for (const { inverse } of newer.toReversed()) this.json.replay(inverse);
    try {
      return read(this.schema);
    } finally {
      for (const { patches } of newer) this.json.replay(patches);
      this.tree.checked();
    }
  }

  /** The last version up to `version` that changed the page itself, as far as the log reaches. */
  lastChangeUpTo(version: number): number {
    return this.log.lastUpTo(version);
  }

  /** What stands at the paths that the operations name; paths with nothing are left out. */
  currentAt(patches: readonly Operation[]): JsonObject {
    const current: JsonObject = {};
    for (const operation of patches) {
      for (const pointer of 'from' in operation ? [operation.from, operation.path] : [operation.path]) {
        const value = this.json.find(parsePointer(pointer));
        if (value !== undefined) current[pointer] = value;
      }
    }
    return current;
  }

  private rebase(request: PatchRequest): Applied {
    const { actorId, patches, version, mode, undone, connection } = request;
    const newer = this.log.since(version);
    const since = undone ? withoutUndone(newer, undone) : newer;
    if (since.length === 0) return this.take(request, this.applyNow(patches), 'rebased');
    try {
      const rebased = this.flatter(new Rebase(this.json, this.tree, since, connection, REBASE_LIMITS).apply(patches, mode === 'undo'));
      if (rebased.patches.length === 0) return { outcome: 'discarded', version: this.currentVersion };
      return this.take(request, rebased, 'rebased');
    } catch (error) {
      if (error instanceof RebaseConflict) throw this.stale(error.message, patches);
      // Who does not wait for the answer to one patch before the next one names the version before both.
      const isAhead = error instanceof PatchError && since.some((entry) => entry.actorId === actorId && actorId !== null);
      if (!isAhead) throw error;
      return this.take(request, this.applyNow(patches), 'rebased');
    }
  }

  /** A text into which others have typed meanwhile, and nothing more: it is merged where it stands. Undefined when there is more to it. */
  private tryText({ patches, version, mode, connection }: PatchRequest): Made | undefined {
    const [mine, more] = patches;
    if (more || mine?.op !== 'replace' || typeof mine.value !== 'string' || mode === 'undo') return undefined;
    const tokens = parsePointer(mine.path);
    const edits = isText(tokens) ? textEdits(this.log.textChanges(mine, version) ?? [], mine.path, connection) : [];
    const now = this.json.find(tokens);
    if (edits.length === 0 || typeof now !== 'string') return undefined;
    try {
      const text = new CarriedText({ before: edits[0]!.before, after: mine.value, budget: mergeBudget() });
      for (const edit of edits) text.carryOver(edit);
      const value = text.on(now);
      const made = this.tryNow([{ op: 'replace', path: mine.path, value }]);
      return made && { ...made, sentTexts: new Map([[mine.path, mine.value]]) };
    } catch (error) {
      // To carry the patch with all around it would come to the same.
      if (error instanceof TextTooDifferent) throw this.stale(TEXT_TOO_DIFFERENT, patches);
      throw error;
    }
  }

  /** Undefined when it does not apply. Components that a patch does not name can still be in its way: together they may close a circle. */
  private tryNow(patches: readonly Operation[]): Made | undefined {
    try {
      return this.applyNow(patches);
    } catch (error) {
      if (error instanceof PatchError) return undefined;
      throw error;
    }
  }

  private applyNow(patches: readonly Operation[], isWhole = false): Made {
    const inverse = this.json.apply(patches, isWhole);
    try {
      this.tree.check();
    } catch (error) {
      this.json.replay(inverse);
      this.tree.checked();
      throw error;
    }
    return this.flatter({ patches, inverse });
  }

  /** A page that was nested too deeply before there was a limit can be made flatter, and nothing else. @throws PatchError; it is taken back */
  private flatter<T extends Made>(made: T): T {
    if (!this.excess || made.patches.length === 0) return made;
    const now = this.countExcess();
    if (now >= this.excess) {
      this.json.replay(made.inverse);
      this.tree.checked();
      throw new PatchError('INVARIANT_VIOLATED', '', `The page is nested deeper than ${this.limits.jsonDepth} values or ${this.limits.treeDepth} components: it can only be made flatter`);
    }
    this.excess = now;
    return made;
  }

  private countExcess(): number {
    return countDeeperThan(this.json.root, maxLevels(this.limits)) + this.tree.countTooDeep();
  }

  /** @throws PatchError */
  private check(): void {
    const levels = maxLevels(this.limits);
    if (depthOfJson(this.json.root, levels) > levels) throw new PatchError('INVARIANT_VIOLATED', '', `A value would be nested deeper than ${this.limits.jsonDepth} objects and arrays`);
    this.tree.check();
  }

  /** From here on nothing leads back. */
  private restart(): void {
    this.damagedSince = undefined;
    this.floor = this.currentVersion;
    this.log = new ChangeLog(this.currentVersion);
  }

  private take({ actorId, connection }: Pick<PatchRequest, 'actorId' | 'connection'>, made: Made, outcome: 'applied' | 'rebased'): Extract<Applied, { outcome: typeof outcome }> {
    const { patches, inverse, sentTexts } = made;
    this.log.push({ version: ++this.currentVersion, actorId, patches, inverse, connection, sentTexts });
    return { outcome, version: this.currentVersion, patches, inverse };
  }

  private stale(message: string, patches: readonly Operation[]): StaleVersion {
    return new StaleVersion(message, this.currentVersion, this.currentAt(patches));
  }
}
