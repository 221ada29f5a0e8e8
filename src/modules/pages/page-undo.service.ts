import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { JournalRepository } from '../../journal/journal.repository.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { ErrorCode } from '../../protocol/errors.js';
import type { PatchResult, RevertEdits, Undone } from '../../protocol/pages.js';
import type { LiveDocument } from '../collab/live-document.js';
import { LiveDocuments } from '../collab/live-documents.js';
import type { LivePage } from './live-page.js';
import { PageAccess } from './page-access.js';
import { PageEditingService } from './page-editing.service.js';
import { PageKind } from './page-kind.js';
import { MAX_LOGGED } from './document/change-log.js';
import { UndoLog } from './page-undo-log.js';
import { PageUndoRepository } from './page-undo.repository.js';

/** Entries of the page, whoever's, that an undo looks back: as far as a change can be carried. */
const LOOK_BACK = MAX_LOGGED;
/** Of these nothing is left: then whoever asks for more is told so. */
const MAX_SKIPPED = 100;
const MAX_REVERTED = 1_000;

const END_OF_TIME = new Date('9999-12-31T23:59:59.999Z');

/** Nothing to take back any more, or it cannot be. */
const SKIPPED = new Set<ErrorCode>(['VERSION_CONFLICT', 'PATCH_FAILED', 'INVARIANT_VIOLATED', 'PAYLOAD_TOO_LARGE']);

type Live = LiveDocument<LivePage>;

/**
 * Takes edits back: the inverse of each is sent as an edit of its own, so that people who have the page open see it happen, and what others
 * have done since stays. An entry that takes another back says so (`undoes`), and that is all that is remembered.
 */
@Injectable()
export class PageUndoService {
  constructor(
    private readonly access: PageAccess,
    private readonly edits: PageUndoRepository,
    private readonly journal: JournalRepository,
    private readonly editing: PageEditingService,
    private readonly documents: LiveDocuments,
    private readonly kind: PageKind,
  ) {}

  /**
   * The actor's last `count` operations that can be taken back. Those of which nothing is left are passed over; asking again goes
   * further back, because an undo is not an operation to undo. It looks back 2,000 entries of the page.
   * @throws AppError UNAVAILABLE some may have been taken back
   */
  async undo(actorId: string, pageId: string, count: number): Promise<Undone> {
    const { id } = await this.access.require(pageId, actorId, 'document:edit');
    return this.documents.use(this.kind, id, async (live) => {
      const log = new UndoLog((await this.edits.listRecent(id, LOOK_BACK)).edits);
      return this.takeBack(live, actorId, log, log.ownOf(actorId), { undone: count, skipped: MAX_SKIPPED });
    });
  }

  /**
   * All that somebody has changed in a time, the newest first; both ends count in. What lies more than 2,000 entries back is skipped.
   * Sending it again does what is left.
   * @throws AppError PERMISSION_DENIED somebody else's edits are the owner's to take back · INVALID_INPUT too many ·
   *   UNAVAILABLE some may have been taken back
   */
  async revert(actorId: string, pageId: string, { userId, since, until }: RevertEdits): Promise<Undone> {
    const { id } = await this.access.require(pageId, actorId, actorId === userId ? 'document:edit' : 'document:revert');
    // Not up to now: the database's clock, which dates the entries, may be ahead of ours.
    const [from, to] = [new Date(since), until === undefined ? END_OF_TIME : new Date(until)];
    if (from > to) throw AppError.invalid('since', 'must not be after `until`');
    return this.documents.use(this.kind, id, async (live) => {
      const { edits, after } = await this.edits.listRecent(id, LOOK_BACK);
      const log = new UndoLog(edits);
      const versions = log.leftOf(userId, from.getTime(), to.getTime());
      const tooOld = await this.edits.listVersions(id, userId, from, to, after, MAX_REVERTED + 1);
      if (versions.length + tooOld.length > MAX_REVERTED) throw AppError.invalid('since', `covers more than ${MAX_REVERTED} edits; ask for a shorter time`);
      // All at once, before what is taken back moves the present further away.
      if (versions.length > 0) await this.editing.reach(live, versions.at(-1)!);
      const { version, undone, skipped } = await this.takeBack(live, actorId, log, versions);
      return { version, undone, skipped: [...skipped, ...tooOld] };
    });
  }

  private async takeBack(live: Live, actorId: string, log: UndoLog, versions: readonly number[], most = { undone: Infinity, skipped: Infinity }): Promise<Undone> {
    const undone: number[] = [];
    const skipped: number[] = [];
    let version = live.committedVersion;
    for (const target of versions) {
      if (undone.length >= most.undone || skipped.length >= most.skipped) break;
      const result = await this.takeBackOne(live, actorId, log, target);
      if (result) version = Math.max(version, result.version);
      if (result) log.note(target, result.version);
      if (!result) skipped.push(target);
      else if (!result.duplicate) undone.push(target);
      // Carrying a patch over thousands of others takes its time: others get their turn in between.
      await nextTurn();
    }
    return { version, undone, skipped };
  }

  /** Undefined when nothing is left of it, or it contradicts what has happened since. `duplicate`: the same person has taken it back just now, from elsewhere. */
  private async takeBackOne(live: Live, actorId: string, log: UndoLog, target: number): Promise<PatchResult | undefined> {
    // Whoever is put out while a long revert runs stops here.
    const { permit } = await this.access.require(live.document.pageId, actorId, 'document:edit');
    const patches = await this.edits.findInverse(live.channelId, target);
    if (patches.length === 0) return undefined;
    await this.editing.reach(live, target);
    await live.document.allowance.renew();
    const opId = log.opIdFor(target);
    const fingerprint = this.editing.fingerprintOf({ actorId, opId }, patches);
    const request = { actorId, permit, opId, fingerprint, patches, version: target, mode: 'undo', undone: log.undone, undoes: target } as const;
    try {
      const result = await live.submit((page) => this.editing.propose(page, request));
      if (result.outcome !== 'discarded') return result;
    } catch (error) {
      if (!(error instanceof AppError && SKIPPED.has(error.code))) throw error;
    }
    const earlier = await this.journal.findOperation(live.channelId, actorId, request.opId);
    return earlier ? { version: earlier.seq, outcome: 'applied', duplicate: true } : undefined;
  }
}
