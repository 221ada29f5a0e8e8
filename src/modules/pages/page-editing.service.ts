import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { fingerprintOf } from '../../journal/entry.js';
import { FanOut } from '../../journal/fan-out.js';
import { JournalRepository } from '../../journal/journal.repository.js';
import { AppError } from '../../platform/errors/app-error.js';
import { metrics, tally } from '../../platform/metrics/metrics.js';
import { type Turn, Turns } from '../../platform/turns.js';
import { ENTRY } from '../../protocol/events.js';
import type { JsonPatch, PageSchema, PatchResult } from '../../protocol/pages.js';
import type { Proposal } from '../collab/collab-document.js';
import type { LiveDocument } from '../collab/live-document.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { diff } from './document/diff.js';
import type { Operation } from './document/json-document.js';
import { findBadValue, type Json } from './document/json-value.js';
import type { LivePage } from './live-page.js';
import { PageAccess, type PageRight } from './page-access.js';
import { orPageError } from './page-errors.js';
import { PageKind } from './page-kind.js';
import { PagePast } from './page-past.js';
import { PageSettings } from './page-settings.js';
import { type Applied, checkPatch, type PatchRequest } from './page.document.js';

/** A patch as somebody sends it. Without a version it is meant for the page as it is. */
export interface PatchBody {
  readonly patches: JsonPatch;
  readonly version?: number | undefined;
  readonly opId?: string | undefined;
  readonly mode: 'rebase' | 'strict';
}

/** The same, by whom. */
type ClientPatch = Omit<PatchRequest, 'version'> & { readonly actorId: string; readonly opId: string; readonly fingerprint: number; readonly version: number | undefined };

type Live = LiveDocument<LivePage>;

const countOf = (outcome: string) => tally(metrics.patches, { outcome });
/** What becomes of patches. */
const count = { applied: countOf('applied'), rebased: countOf('rebased'), discarded: countOf('discarded'), rejected: countOf('rejected') };

/** Changing what is on a page. REST and sockets come here, and go through the same live document. */
@Injectable()
export class PageEditingService {
  /** Per page and actor: patches that are sent without waiting for answers become versions in the order in which they were sent. */
  private readonly turns = new Turns();

  constructor(
    private readonly access: PageAccess,
    private readonly documents: LiveDocuments,
    private readonly kind: PageKind,
    private readonly past: PagePast,
    private readonly journal: JournalRepository,
    private readonly fanOut: FanOut,
    private readonly settings: PageSettings,
  ) {}

  /**
   * Makes the page's next version. The answer means that it is on disk.
   * @throws AppError PAGE_NOT_FOUND · PERMISSION_DENIED · INVALID_INPUT, PAYLOAD_TOO_LARGE no page could take it · PATCH_FAILED,
   *   INVARIANT_VIOLATED this one cannot · VERSION_CONFLICT with `version` and `current` · IDEMPOTENCY_MISMATCH · UNAVAILABLE send again
   */
  patch(actorId: string, pageId: string, patch: PatchBody): Promise<PatchResult> {
    const right = this.access.require(pageId, actorId, 'document:edit');
    const key = pageId + actorId;
    const live = right instanceof Promise || !this.turns.isFree(key) ? undefined : this.documents.findToChange(this.kind, right.id);
    // Nearly always all is at hand, and nothing has to be waited for.
    const request = live && this.checked(actorId, patch);
    if (request && isInReach(live, request) && live.document.findSent(request.opId) === undefined) return live.document.track(request, this.attempt(live, request));
    return this.patchInTurn(right, () => request ?? this.checked(actorId, patch), this.turns.take(key));
  }

  /**
   * Makes the page what `schema` says, by the smallest patch that does: whoever is editing something else on it is not disturbed.
   * @throws AppError PRECONDITION_FAILED it is not at `version` any more; otherwise as `patch`
   */
  async put(actorId: string, pageId: string, schema: PageSchema, version: number | undefined): Promise<PatchResult> {
    const bad = findBadValue(schema, this.settings.limits.jsonDepth);
    if (bad) throw AppError.invalid(`schema${bad.path.replaceAll('/', '.')}`, bad.message);
    const { id } = await this.access.require(pageId, actorId, 'document:edit');
    return this.documents.use(this.kind, id, (live) => this.become(live, actorId, schema as Json, version));
  }

  /** Makes an open page what `schema` says. */
  become(live: Live, actorId: string, schema: Json, version?: number): Promise<PatchResult> {
    return live.submit((page) => {
      if (version !== undefined && !page.document.isCurrent(version)) {
        throw new AppError('PRECONDITION_FAILED', { detail: 'The page has changed since', extra: { version: live.committedVersion } });
      }
      const patches = diff(page.document.schema, schema);
      if (patches.length === 0) return { answer: { version: page.version, outcome: 'applied' } };
      return this.propose(page, { actorId, opId: randomUUID(), patches, version: page.version, mode: 'rebase' }, 'schema');
    });
  }

  /** A proposal on the page as it is; every change of a page is made here. `undoes` is the version that an undo takes back. */
  propose(page: LivePage, request: PatchRequest & { actorId: string; opId: string; fingerprint?: number; undoes?: number }, at: 'patches' | 'schema' = 'patches'): Proposal<PatchResult> {
    const applied = orPageError(() => page.document.propose(request), { at, version: page.version });
    count[applied.outcome]();
    if (applied.outcome === 'discarded') return { answer: { version: applied.version, outcome: 'discarded' } };
    const { pageId } = page;
    const { actorId, opId, fingerprint = fingerprintOf(JSON.stringify(request.patches)), undoes } = request;
    const isRebased = applied.outcome === 'rebased';
    const payload = { pageId, version: applied.version, patches: applied.patches, opId, ...(isRebased && { base: request.version }), ...(undoes !== undefined && { undoes }) };
    return {
      entry: { type: ENTRY.opPatch, actorId, opId, fingerprint, payload, bytes: Buffer.from(JSON.stringify(applied.inverse)) },
      answer: ({ duplicate }) => (duplicate ? this.findFirst(page.channelId, { actorId, opId, fingerprint }).then((first) => first!) : toResult(applied)),
    };
  }

  private checked(actorId: string, { patches, version, opId = randomUUID(), mode }: PatchBody): ClientPatch {
    const operations = patches as Operation[];
    orPageError(() => checkPatch(operations, this.settings.limits));
    return { actorId, opId, fingerprint: fingerprintOf(JSON.stringify(patches)), patches: operations, version, mode };
  }

  private async patchInTurn(right: PageRight | Promise<PageRight>, checked: () => ClientPatch, turn: Turn): Promise<PatchResult> {
    try {
      const { id } = await right;
      const request = checked();
      return await this.documents.use(this.kind, id, (live) => this.once(live, request, turn));
    } finally {
      turn.pass();
    }
  }

  /** The same (actor, opId) changes the page once, and gets its first answer ever after. */
  private once(live: Live, request: ClientPatch, turn: Turn): Promise<PatchResult> {
    const { document: page } = live;
    const { actorId, opId, fingerprint } = request;
    const known = page.findSent(opId);
    if (known === undefined || known === 'done') return page.track(request, this.prepare(live, request, turn, known === 'done'));
    // Two who use one id at a time are told apart by the journal.
    if (known.actorId !== actorId) return this.prepare(live, request, turn, true);
    if (known.fingerprint !== fingerprint) throw mismatch();
    // Perhaps it waits for this very turn: the later one of the two can be the first to come here.
    turn.pass();
    return known.result.then((result) => ({ ...result, duplicate: true as const }));
  }

  /** Looks up what an attempt needs, and waits until it may be made. */
  private async prepare(live: Live, request: ClientPatch, turn: Turn, isPerhapsDone: boolean): Promise<PatchResult> {
    const done = isPerhapsDone ? await this.findFirst(live.channelId, request) : undefined;
    if (done) return done;
    if (!isInReach(live, request)) await this.reach(live, request.version!);
    await turn.come;
    const attempt = this.attempt(live, request);
    turn.pass();
    return attempt;
  }

  private attempt(live: Live, request: ClientPatch): Promise<PatchResult> {
    return live.submit((page) => this.propose(page, onVersion(request, page))).then(
      (result) => (result.outcome === 'discarded' ? this.findFirst(live.channelId, request).then((first) => first ?? result) : result),
      (error: unknown) => this.afterFailure(live, request, error),
    );
  }

  /** Perhaps it fails because it has been done before, longer ago than memory reaches. */
  private async afterFailure(live: Live, request: ClientPatch, error: unknown): Promise<PatchResult> {
    if (error instanceof AppError && error.status >= 500) throw error;
    const done = await this.findFirst(live.channelId, request);
    if (done) return done;
    count.rejected();
    throw error;
  }

  /** Brings the live page to where it can judge a patch on this version, if that is not too far. */
  async reach(live: Live, version: number): Promise<void> {
    // Who comes from another node may have seen more than has reached this one.
    if (version > live.committedVersion) await this.fanOut.refresh([live.channelId]);
    await this.past.recall(live, version);
  }

  private async findFirst(channelId: string, { actorId, opId, fingerprint }: Pick<ClientPatch, 'actorId' | 'opId' | 'fingerprint'>): Promise<PatchResult | undefined> {
    const entry = await this.journal.findOperation(channelId, actorId, opId);
    if (!entry) return undefined;
    if (entry.fingerprint !== fingerprint || entry.type !== ENTRY.opPatch) throw mismatch();
    return { ...resultOf(entry.seq, entry.base as number | undefined, entry.patches as JsonPatch), duplicate: true };
  }
}

/** What it takes to judge the patch is in memory. */
function isInReach(live: Live, { version }: ClientPatch): boolean {
  return version === undefined || (version <= live.committedVersion && live.document.document.reaches(version));
}

/** Without a version it is meant for the page as it is. */
function onVersion(request: ClientPatch, current: LivePage): ClientPatch & { version: number } {
  return request.version === undefined ? { ...request, version: current.version } : (request as ClientPatch & { version: number });
}

function toResult(applied: Exclude<Applied, { outcome: 'discarded' }>): PatchResult {
  const { version, outcome, patches } = applied;
  return outcome === 'rebased' ? { version, outcome, patches: patches as JsonPatch } : { version, outcome };
}

function resultOf(version: number, base: number | undefined, patches: JsonPatch): PatchResult {
  return base === undefined ? { version, outcome: 'applied' } : { version, outcome: 'rebased', patches };
}

function mismatch(): AppError {
  return new AppError('IDEMPOTENCY_MISMATCH', { detail: 'This id was used for another patch' });
}
