import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { BodyFingerprints, isOfAnotherBody, type SentAs } from '../../journal/body-fingerprints.js';
import type { Permit } from '../../journal/entry.js';
import { FanOut } from '../../journal/fan-out.js';
import { JournalRepository } from '../../journal/journal.repository.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { Preconditions } from '../../platform/http/preconditions.js';
import { metrics, tally } from '../../platform/metrics/metrics.js';
import { type Turn, Turns } from '../../platform/turns.js';
import { ENTRY } from '../../protocol/events.js';
import type { JsonPatch, PageSchema, PatchResult } from '../../protocol/pages.js';
import type { Proposal } from '../collab/collab-document.js';
import type { LiveDocument } from '../collab/live-document.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { quotaExceeded } from '../users/quotas.js';
import { diff } from './document/diff.js';
import type { Operation } from './document/json-document.js';
import { findBadValue } from './document/json-input.js';
import { type Json, stringifyJson } from './document/json-value.js';
import { checkPatch, maxLevels } from './document/page-limits.js';
import type { LivePage, OperationKey } from './live-page.js';
import { PageAccess, type PageRight } from './page-access.js';
import { orPageError } from './page-errors.js';
import { PageKind } from './page-kind.js';
import { PagePast } from './page-past.js';
import { type PageChange, PagePatch, type PatchBody } from './page-patch.js';
import { PageSettings } from './page-settings.js';
import type { Applied } from './page.document.js';

type Live = LiveDocument<LivePage>;
/** Who makes a change, and by which right. */
type By = { readonly actorId: string; readonly permit: Permit };

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
    private readonly fingerprints: BodyFingerprints,
  ) {}

  /**
   * Makes the page's next version. The answer means that it is on disk.
   * @throws AppError PAGE_NOT_FOUND · PERMISSION_DENIED · INVALID_INPUT, PAYLOAD_TOO_LARGE no page could take it · PATCH_FAILED,
   *   INVARIANT_VIOLATED this one cannot, or the page is damaged · QUOTA_EXCEEDED the creator's pages may not grow any more · VERSION_CONFLICT with `version` and `current` · IDEMPOTENCY_MISMATCH · UNAVAILABLE send again
   */
  patch(actorId: string, pageId: string, body: PatchBody): Promise<PatchResult> {
    const right = this.access.require(pageId, actorId, 'document:edit');
    const key = pageId + actorId;
    if (right instanceof Promise) return this.patchOrRefuse(right, actorId, pageId, body, this.turns.take(key));
    const live = this.turns.isFree(key) ? this.documents.findToChange(this.kind, right.id) : undefined;
    // Nearly always all is at hand, and nothing has to be waited for.
    if (live?.document.allowance.isAmple) {
      this.check(body);
      const patch = new PagePatch(live, actorId, right.permit, body, this);
      if (patch.isInReach && live.document.findSent(patch.opId) === undefined) {
        live.document.track(patch);
        live.take(patch);
        return patch.result;
      }
    }
    return this.patchInTurn(right, actorId, body, this.turns.take(key));
  }

  /**
   * Makes the page what `schema` says, by the smallest patch that does: whoever is editing something else on it is not disturbed.
   * @throws AppError PRECONDITION_FAILED a precondition does not hold for the page as it is; otherwise as `patch`
   */
  async put(actorId: string, pageId: string, schema: PageSchema, conditions: Preconditions): Promise<PatchResult> {
    const bad = findBadValue(schema, maxLevels(this.settings.limits));
    if (bad) throw AppError.invalid(`schema${bad.path.replaceAll('/', '.')}`, bad.message);
    await nextTurn();
    const { id, permit } = await this.access.require(pageId, actorId, 'document:edit');
    return this.documents.use(this.kind, id, async (live) => {
      // Who comes from another node may have seen more than has reached this one.
      if (conditions.newest > live.committedVersion) await this.fanOut.refresh([live.channelId]);
      return this.become(live, { actorId, permit }, schema as Json, conditions);
    });
  }

  /**
   * Makes an open page what `schema` says, if the preconditions hold for the very version that this replaces. Without any it also makes a
   * damaged page whole again.
   */
  async become(live: Live, by: By, schema: Json, conditions?: Preconditions): Promise<PatchResult> {
    await live.document.allowance.renew();
    // What differs on a large page is found in a turn of its own, and once more only if the page has changed meanwhile.
    let found = differenceOf(live.document, schema);
    await nextTurn();
    return live.submit((page) => {
      const { version, document } = page;
      if (document.brokenAt !== undefined && !conditions) return this.proposeRepair(page, by, schema);
      conditions?.require(version);
      if (found.version !== version) found = differenceOf(page, schema);
      const { patches } = found;
      if (patches.length === 0) return { answer: { version, outcome: 'applied' } };
      // Nobody sends it again: by its own opId it is known, whatever it does.
      const sentAs = { actorId: by.actorId, opId: randomUUID() };
      return this.propose(page, { ...by, ...sentAs, fingerprint: this.fingerprintOf(sentAs, []), patches, version, mode: 'rebase', isWhole: true }, 'schema');
    });
  }

  /** Of a damaged page: from here on it is what `schema` says. */
  private proposeRepair(page: LivePage, { actorId, permit }: By, schema: Json): Proposal<PatchResult> {
    const { document, pageId, channelId, version } = page;
    const { brokenAt: repairs, size } = document;
    const { version: made, patches, inverse } = orPageError(() => document.repair(actorId, schema), { at: 'schema', version });
    requireRoom(page, size);
    const opId = randomUUID();
    const payload = { pageId, version: made, patches, opId, repairs };
    return {
      entry: { kind: 'page', channelId, type: ENTRY.opPatch, actorId, permit, opId, fingerprint: this.fingerprintOf({ actorId, opId }, patches), payload, bytes: Buffer.from(stringifyJson(inverse as unknown as Json)) },
      answer: () => ({ version: made, outcome: 'applied' }),
    };
  }

  /** A proposal on the page as it is; every change of a page is made here. */
  propose(page: LivePage, change: PageChange, at: 'patches' | 'schema' = 'patches'): Proposal<PatchResult> {
    if (change.patches.length === 0) return proposeNothing(page, change);
    const { size } = page.document;
    const applied = orPageError(() => page.document.propose(change), { at, version: page.version });
    if (applied.outcome !== 'discarded') requireRoom(page, size);
    count[applied.outcome]();
    if (applied.outcome === 'discarded') return { answer: { version: applied.version, outcome: 'discarded' } };
    const { pageId, channelId } = page;
    const { actorId, permit, opId, fingerprint, undoes } = change;
    const payload: Record<string, unknown> = { pageId, version: applied.version, patches: applied.patches, opId };
    if (applied.outcome === 'rebased') payload.base = change.version;
    if (undoes !== undefined) payload.undoes = undoes;
    return {
      entry: { kind: 'page', channelId, type: ENTRY.opPatch, actorId, permit, opId, fingerprint, payload, bytes: Buffer.from(stringifyJson(applied.inverse as unknown as Json)) },
      answer: ({ duplicate }) => (duplicate ? this.findFirst(channelId, { actorId, opId, fingerprint }).then((first) => first!) : toResult(applied)),
    };
  }

  rejected(): void {
    count.rejected();
  }

  fingerprintOf(sentAs: SentAs, patches: JsonPatch | readonly Operation[]): number {
    return this.fingerprints.of(sentAs, JSON.stringify(patches));
  }

  private check({ patches }: PatchBody): void {
    orPageError(() => checkPatch(patches as Operation[], this.settings.limits));
  }

  private async patchInTurn(right: PageRight | Promise<PageRight>, actorId: string, body: PatchBody, turn: Turn): Promise<PatchResult> {
    try {
      const { id, permit } = await right;
      this.check(body);
      return await this.documents.use(this.kind, id, (live) => this.once(live, new PagePatch(live, actorId, permit, body, this), turn));
    } finally {
      turn.pass();
    }
  }

  /** Whoever may not edit any more, and can still see the page, is told what became of what they sent before. */
  private async patchOrRefuse(right: Promise<PageRight>, actorId: string, pageId: string, body: PatchBody, turn: Turn): Promise<PatchResult> {
    try {
      return await this.patchInTurn(right, actorId, body, turn);
    } catch (error) {
      const { opId, patches } = body;
      if (opId === undefined || !(error instanceof AppError && error.code === 'PERMISSION_DENIED')) throw error;
      const { id } = await this.access.require(pageId, actorId, 'document:read');
      const first = await this.findFirst(id, { actorId, opId, fingerprint: this.fingerprintOf({ actorId, opId }, patches) });
      if (!first) throw error;
      return first;
    }
  }

  /** The same (actor, opId) changes the page once, and gets its first answer ever after. */
  private once(live: Live, patch: PagePatch, turn: Turn): Promise<PatchResult> {
    const known = live.document.findSent(patch.opId);
    const isUnderWay = known !== undefined && known !== 'done';
    // Two who use one id at a time are told apart by the journal.
    if (isUnderWay && known.actorId === patch.actorId) {
      if (known.fingerprint !== patch.fingerprint) throw mismatch();
      // Perhaps it waits for this very turn: the later one of the two can be the first to come here.
      turn.pass();
      return known.result.then((result) => ({ ...result, duplicate: true as const }));
    }
    if (!isUnderWay) live.document.track(patch);
    void this.prepare(live, patch, turn, known !== undefined);
    return patch.result;
  }

  /** Looks up what the patch needs, and proposes it when its turn has come. What fails is the patch's answer. */
  private async prepare(live: Live, patch: PagePatch, turn: Turn, isPerhapsDone: boolean): Promise<void> {
    try {
      const done = isPerhapsDone ? await patch.findFirst() : undefined;
      if (done) return patch.answer(done);
      if (!patch.isInReach) await this.reach(live, patch.version!);
      await live.document.allowance.renew();
      await turn.come;
      live.take(patch);
      turn.pass();
    } catch (error) {
      patch.refuse(error);
    }
  }

  /** Brings the live page to where it can judge a patch on this version, if that is not too far. */
  async reach(live: Live, version: number): Promise<void> {
    // Who comes from another node may have seen more than has reached this one.
    if (version > live.committedVersion) await this.fanOut.refresh([live.channelId]);
    await this.past.recall(live, version);
  }

  /** What the operation was answered when it was done before. */
  async findFirst(channelId: string, { actorId, opId, fingerprint }: OperationKey): Promise<PatchResult | undefined> {
    const entry = await this.journal.findOperation(channelId, actorId, opId);
    if (!entry) return undefined;
    if (isOfAnotherBody(entry.fingerprint, fingerprint) || entry.type !== ENTRY.opPatch) throw mismatch();
    return { ...resultOf(entry.seq, entry.base as number | undefined, entry.patches as JsonPatch), duplicate: true };
  }
}

function differenceOf({ document, version }: LivePage, schema: Json): { readonly version: number; readonly patches: Operation[] } {
  return { version, patches: diff(document.schema, schema) };
}

/** A page that has grown beyond what its creator's pages may have together goes back to what it was. Smaller it may always become. */
function requireRoom({ document, allowance }: LivePage, sizeBefore: number): void {
  if (allowance.take(document.size - sizeBefore)) return;
  document.retract();
  throw quotaExceeded('QUOTA_PAGE_BYTES', allowance.max);
}

/** An empty patch is valid and changes nothing, so it makes no entry. It is refused where any other would be, for its version. */
function proposeNothing({ document, version }: LivePage, { version: base, mode }: PageChange): Proposal<PatchResult> {
  if (base > version || (mode === 'strict' && !document.isCurrent(base))) throw new AppError('VERSION_CONFLICT', { detail: 'The page is at another version', extra: { version, current: {} } });
  return { answer: { version, outcome: 'applied' } };
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
