import { randomUUID } from 'node:crypto';
import type { SentAs } from '../../journal/body-fingerprints.js';
import type { Permit } from '../../journal/entry.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { JsonPatch, PatchResult } from '../../protocol/pages.js';
import type { Change, Proposal } from '../collab/collab-document.js';
import type { LiveDocument } from '../collab/live-document.js';
import type { Operation } from './document/json-document.js';
import type { LivePage, OperationKey, UnderWay } from './live-page.js';
import type { PatchRequest } from './page.document.js';

/** A patch as somebody sends it. Without a version it is meant for the page as it is. */
export interface PatchBody {
  readonly patches: JsonPatch;
  readonly version?: number | undefined;
  readonly opId?: string | undefined;
  readonly mode: 'rebase' | 'strict';
  /** The socket by which it came; undefined for REST. */
  readonly connection?: string;
}

/** A request that is to become an entry, and by what right. `undoes` is the version that an undo takes back. */
export type PageChange = PatchRequest & OperationKey & { readonly permit: Permit; readonly undoes?: number };

/** What a patch needs of who makes it. */
interface Editing {
  propose(page: LivePage, change: PageChange): Proposal<PatchResult>;
  /** What the operation was answered when it was done before. */
  findFirst(channelId: string, key: OperationKey): Promise<PatchResult | undefined>;
  rejected(): void;
  /** Tells two patches apart that were sent under one id. */
  fingerprintOf(sentAs: SentAs, patches: JsonPatch | readonly Operation[]): number;
}

/**
 * A patch under way, from its arrival until its sender has the answer. One object of methods instead of a chain of promises: thousands
 * are under way at a time, and what the garbage collector has to carry along is the larger part of what a patch costs.
 */
export class PagePatch implements Change<LivePage, PatchResult>, UnderWay {
  readonly opId: string;
  readonly fingerprint: number;
  readonly patches: readonly Operation[];
  readonly version: number | undefined;
  readonly mode: 'rebase' | 'strict';
  readonly connection: string | undefined;
  readonly result: Promise<PatchResult>;
  private succeed!: (result: PatchResult) => void;
  private fail!: (error: unknown) => void;

  constructor(
    private readonly live: LiveDocument<LivePage>,
    readonly actorId: string,
    readonly permit: Permit,
    { patches, version, opId = randomUUID(), mode, connection }: PatchBody,
    private readonly editing: Editing,
  ) {
    this.connection = connection;
    this.opId = opId;
    this.fingerprint = editing.fingerprintOf(this, patches);
    this.patches = patches as Operation[];
    this.version = version;
    this.mode = mode;
    this.result = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
  }

  /** What it takes to judge it is in memory. */
  get isInReach(): boolean {
    const { live, version } = this;
    return version === undefined || (version <= live.committedVersion && live.document.document.reaches(version));
  }

  /** What its sender was answered before, if this is not the first time; undefined also for a patch that was refused. */
  findFirst(): Promise<PatchResult | undefined> {
    return this.editing.findFirst(this.live.channelId, this);
  }

  propose(page: LivePage): Proposal<PatchResult> {
    return this.editing.propose(page, hasVersion(this) ? this : { ...keyOf(this), permit: this.permit, patches: this.patches, mode: this.mode, version: page.version, connection: this.connection });
  }

  resolve(answer: PatchResult | Promise<PatchResult>): void {
    if (answer instanceof Promise) answer.then((result) => this.answer(result), (error: unknown) => this.refuse(error));
    else if (answer.outcome === 'discarded' || this.patches.length === 0) this.answerFirst(() => this.answer(answer));
    else this.answer(answer);
  }

  reject(error: unknown): void {
    if (error instanceof AppError && error.status >= 500) return this.refuse(error);
    this.answerFirst(() => {
      this.editing.rejected();
      this.refuse(error);
    });
  }

  /** For good. */
  answer(result: PatchResult): void {
    this.live.document.note(this, true);
    this.succeed(result);
  }

  /** For good: nothing was stored, and it can be tried again under the same id. */
  refuse(error: unknown): void {
    this.live.document.note(this, false);
    this.fail(error);
  }

  /** Perhaps nothing is left to be done, or it fails, because it has been done before, longer ago than memory reaches. */
  private answerFirst(otherwise: () => void): void {
    this.findFirst().then(
      (first) => (first ? this.answer(first) : otherwise()),
      (error: unknown) => this.refuse(error),
    );
  }
}

function hasVersion(patch: PagePatch): patch is PagePatch & { readonly version: number } {
  return patch.version !== undefined;
}

function keyOf({ actorId, opId, fingerprint }: OperationKey): OperationKey {
  return { actorId, opId, fingerprint };
}
