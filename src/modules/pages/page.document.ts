import { LIMITS } from '../../protocol/limits.js';
import { ChangeLog } from './document/change-log.js';
import { ComponentTree } from './document/component-tree.js';
import { JsonDocument, type Operation, PatchError } from './document/json-document.js';
import { parsePointer } from './document/json-pointer.js';
import { findBadValue, type Json, type JsonObject, sizeOfJson } from './document/json-value.js';
import { type LoggedPatch, Rebase, RebaseConflict } from './document/rebase.js';
import { withoutUndone } from './document/undone.js';

export interface PageLimits {
  /** The whole page as JSON text. */
  readonly pageBytes: number;
  readonly components: number;
  /** Components within components. */
  readonly treeDepth: number;
  /** Objects and arrays within each other, in one value. */
  readonly jsonDepth: number;
  /** One patch as JSON text. */
  readonly patchBytes: number;
  readonly patchOperations: number;
}

export const PAGE_LIMITS: PageLimits = {
  pageBytes: LIMITS.pageBytes,
  components: 20_000,
  treeDepth: 256,
  jsonDepth: 64,
  patchBytes: LIMITS.patchBytes,
  patchOperations: LIMITS.patchOperations,
};

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

/**
 * A page, its version and its recent past: the pure heart of live editing, without I/O. Server and clients share it, so that both
 * change, rebase and undo alike.
 */
export class PageDocument {
  private readonly json: JsonDocument;
  private readonly tree: ComponentTree;
  private readonly log: ChangeLog;

  /**
   * @param schema becomes the document's own
   * @param isStored it was allowed once, and is not asked again: it may be larger than what is allowed now, but not grow
   * @throws PatchError INVARIANT_VIOLATED, PAYLOAD_TOO_LARGE
   */
  constructor(
    schema: Json,
    private currentVersion: number,
    limits: PageLimits = PAGE_LIMITS,
    isStored = false,
  ) {
    let tree: ComponentTree | undefined;
    this.json = new JsonDocument(schema, {
      leaving: (tokens, value) => tree!.leaving(tokens, value),
      entering: (tokens, value) => tree!.entering(tokens, value),
    });
    this.tree = tree = new ComponentTree(() => this.json.root, limits);
    if (isStored) this.tree.checked();
    else this.tree.check();
    this.log = new ChangeLog(currentVersion);
  }

  get version(): number {
    return this.currentVersion;
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
    const { actorId, patches, version, mode } = request;
    if (version > this.currentVersion) throw this.stale('This version does not exist', patches);
    if (this.isCurrent(version)) return this.take(actorId, this.applyNow(patches), 'applied');
    if (mode === 'strict') throw this.stale('The page has changed since', patches);
    if (!this.reaches(version)) throw this.stale('Too much has changed since', patches);
    // Nearly every stale patch means now what it meant. To go back and forth over everything since would cost as much as all of that did.
    const isAsMeant = mode === 'undo' ? this.log.isUntouched(patches, version) : this.log.isApart(patches, version);
    const applied = isAsMeant ? this.tryNow(patches) : undefined;
    return applied ? this.take(actorId, applied, 'rebased') : this.rebase(request);
  }

  /** Takes the last change back, which was not committed after all. */
  retract(): void {
    const last = this.log.pop();
    if (!last) throw new Error('nothing to take back');
    this.json.apply(last.inverse);
    this.tree.checked();
    this.currentVersion = last.version - 1;
  }

  /** Follows an entry that was committed elsewhere. */
  follow(version: number, actorId: string | null, patches: readonly Operation[]): void {
    const inverse = this.json.apply(patches);
    this.tree.checked();
    this.currentVersion = version - 1;
    this.take(actorId, { patches: [...patches], inverse }, 'applied');
  }

  /** An entry that changes nothing of the page itself. */
  pass(version: number): void {
    this.currentVersion = version;
  }

  /** Brings back what happened before: the log then reaches further into the past. Entries come in order; those that it has are left out. */
  remember(past: readonly LoggedPatch[], from: number): void {
    this.log.prepend(past, from);
  }

  /** Looks at the page as it was at an earlier version that the log reaches: back, and forth again, at once. */
  readAt<T>(version: number, read: (schema: Json) => T): T {
    const newer = this.log.since(version);
    if (newer.length === 0) return read(this.schema);
    if (!this.reaches(version)) throw new Error(`version ${version} is not at hand`);
    for (const { inverse } of newer.toReversed()) this.json.apply(inverse);
    try {
      return read(this.schema);
    } finally {
      for (const { patches } of newer) this.json.apply(patches);
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

  private rebase({ actorId, patches, version, mode, undone }: PatchRequest): Applied {
    const newer = this.log.since(version);
    const since = undone ? withoutUndone(newer, undone) : newer;
    if (since.length === 0) return this.take(actorId, this.applyNow(patches), 'rebased');
    try {
      const rebased = new Rebase(this.json, this.tree, since).apply(patches, mode === 'undo');
      if (rebased.patches.length === 0) return { outcome: 'discarded', version: this.currentVersion };
      return this.take(actorId, rebased, 'rebased');
    } catch (error) {
      if (error instanceof RebaseConflict) throw this.stale(error.message, patches);
      // Who does not wait for the answer to one patch before the next one names the version before both.
      const isAhead = error instanceof PatchError && since.some((entry) => entry.actorId === actorId && actorId !== null);
      if (!isAhead) throw error;
      return this.take(actorId, this.applyNow(patches), 'rebased');
    }
  }

  /** Undefined when it does not apply. Components that a patch does not name can still be in its way: together they may close a circle. */
  private tryNow(patches: readonly Operation[]): ReturnType<PageDocument['applyNow']> | undefined {
    try {
      return this.applyNow(patches);
    } catch (error) {
      if (error instanceof PatchError) return undefined;
      throw error;
    }
  }

  private applyNow(patches: readonly Operation[]): { patches: readonly Operation[]; inverse: Operation[] } {
    const inverse = this.json.apply(patches);
    try {
      this.tree.check();
    } catch (error) {
      this.json.apply(inverse);
      this.tree.checked();
      throw error;
    }
    return { patches, inverse };
  }

  private take(actorId: string | null, { patches, inverse }: { patches: readonly Operation[]; inverse: readonly Operation[] }, outcome: 'applied' | 'rebased'): Applied {
    this.log.push({ version: ++this.currentVersion, actorId, patches, inverse });
    return { outcome, version: this.currentVersion, patches, inverse };
  }

  private stale(message: string, patches: readonly Operation[]): StaleVersion {
    return new StaleVersion(message, this.currentVersion, this.currentAt(patches));
  }
}

/**
 * Refuses what no page could take, whatever is on it.
 * @throws PatchError INVALID_INPUT, PAYLOAD_TOO_LARGE
 */
export function checkPatch(patches: readonly Operation[], limits: PageLimits = PAGE_LIMITS): void {
  if (patches.length > limits.patchOperations) throw new PatchError('PAYLOAD_TOO_LARGE', '', `A patch has at most ${limits.patchOperations} operations`);
  let bytes = 0;
  patches.forEach((operation, index) => {
    bytes += operation.path.length + 24 + ('from' in operation && typeof operation.from === 'string' ? operation.from.length + 10 : 0);
    if (!('value' in operation)) return;
    const bad = findBadValue(operation.value, limits.jsonDepth);
    if (bad) throw new PatchError('INVALID_INPUT', `[${index}].value${bad.path.replaceAll('/', '.')}`, bad.message);
    bytes += sizeOfJson(operation.value, limits.patchBytes);
    if (bytes > limits.patchBytes) throw new PatchError('PAYLOAD_TOO_LARGE', '', `A patch has at most ${limits.patchBytes} bytes`);
  });
  if (bytes > limits.patchBytes) throw new PatchError('PAYLOAD_TOO_LARGE', '', `A patch has at most ${limits.patchBytes} bytes`);
}
