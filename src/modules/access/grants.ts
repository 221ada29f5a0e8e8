import { Injectable } from '@nestjs/common';
import type { Permit } from '../../journal/entry.js';
import { FanOut } from '../../journal/fan-out.js';
import { Bus } from '../../platform/bus/bus.js';
import type { Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { DocumentRole } from '../../protocol/access.js';
import type { ErrorCode } from '../../protocol/errors.js';
import { ENTRY } from '../../protocol/events.js';
import { type None, RightsCache } from '../channels/rights-cache.js';
import { can, type DocumentAction } from './document.policy.js';
import { type Grant, GrantsRepository } from './grants.repository.js';

const CHANGES = new Set<string>([ENTRY.memberJoined, ENTRY.memberLeft, ENTRY.memberUpdated, ENTRY.pageUpdated]);
const REVOCATIONS = new Set<string>([ENTRY.memberLeft, ENTRY.memberUpdated]);

/** The roles of users on documents, cached because every edit asks. A document is named by its channel. */
@Injectable()
export class Grants {
  private readonly cache: RightsCache<Grant>;

  constructor(
    private readonly grants: GrantsRepository,
    fanOut: FanOut,
    bus: Bus,
  ) {
    this.cache = new RightsCache({ name: 'grants', changes: CHANGES, revocations: REVOCATIONS, fetch: (questions, sql) => grants.findMany(questions, sql) }, fanOut, bus);
  }

  /**
   * The user's right to the action, for the entry or the transaction that is to follow; at once when it is known. Of a deleted document only
   * `document:restore` is left.
   * @throws AppError `notFound` to strangers, and to everybody who may not restore what is deleted · PERMISSION_DENIED to members without the right
   */
  require(channelId: string, userId: string, action: DocumentAction, notFound: ErrorCode): DocumentPermit | Promise<DocumentPermit> {
    const since = this.cache.now;
    const grant = this.cache.get(channelId, userId);
    if (!(grant instanceof Promise) && !refusalOf(grant, action, notFound)) return new DocumentPermit(this, channelId, userId, action, notFound, grant as Grant);
    return this.confirm(grant, since, channelId, userId, action, notFound);
  }

  /** What `require` goes by, with the document locked by this connection, and its rights at `version`. @throws AppError as `require` */
  async requireAt(version: number, sql: Sql, channelId: string, userId: string, action: DocumentAction, notFound: ErrorCode): Promise<Grant> {
    return orRefuse(await this.cache.at(version, channelId, userId, sql), action, notFound);
  }

  /** The same right as `require`, if the user has it; null to strangers, to members without it, and when the document is deleted. */
  async find(channelId: string, userId: string, action: DocumentAction): Promise<DocumentPermit | null> {
    try {
      return await this.require(channelId, userId, action, 'NOT_FOUND');
    } catch (error) {
      if (error instanceof AppError && (error.code === 'NOT_FOUND' || error.code === 'PERMISSION_DENIED')) return null;
      throw error;
    }
  }

  /** Those of the channels that are documents which the user may see, from the database and not from the cache. */
  readableNow(userId: string, channelIds: readonly string[]): Promise<Set<string>> {
    return this.cache.readableNow(userId, channelIds, ({ isDeleted }) => !isDeleted);
  }

  /** For whoever makes a document, in the transaction that makes it: without an entry, because nobody follows it yet. */
  insert(tx: Sql, channelId: string, userId: string, role: DocumentRole, invitedBy: string | null): Promise<void> {
    return this.grants.insert(tx, channelId, userId, role, invitedBy);
  }

  /** After a change whose outcome is unknown: its entry may never pass here. */
  forget(channelId: string, userId: string): void {
    this.cache.forget(channelId, userId);
  }

  private async confirm(known: Grant | None | Promise<Grant | None>, since: number, channelId: string, userId: string, action: DocumentAction, notFound: ErrorCode): Promise<DocumentPermit> {
    let grant = await known;
    if (refusalOf(grant, action, notFound)) grant = await this.cache.confirm(channelId, userId, since);
    return new DocumentPermit(this, channelId, userId, action, notFound, orRefuse(grant, action, notFound));
  }
}

/** A user's right to do something with a document, as it was asked; the journal asks for it again where that was too long ago. */
export class DocumentPermit implements Permit {
  constructor(
    private readonly grants: Grants,
    readonly channelId: string,
    private readonly userId: string,
    private readonly action: DocumentAction,
    private readonly notFound: ErrorCode,
    private grant: Grant,
  ) {}

  get version(): number {
    return this.grant.version;
  }

  get role(): DocumentRole {
    return this.grant.role;
  }

  async renew(version: number, sql: Sql): Promise<void> {
    this.grant = await this.grants.requireAt(version, sql, this.channelId, this.userId, this.action, this.notFound);
  }
}

function orRefuse(grant: Grant | None, action: DocumentAction, notFound: ErrorCode): Grant {
  const refusal = refusalOf(grant, action, notFound);
  if (refusal) throw refusal();
  return grant as Grant;
}

/** Why the grant does not allow the action; undefined when it does. */
function refusalOf(grant: Grant | None, action: DocumentAction, notFound: ErrorCode): (() => AppError) | undefined {
  if (grant === 'none') return () => new AppError(notFound);
  const isAllowed = can(grant.role, action);
  if (grant.isDeleted && !(isAllowed && action === 'document:restore')) return () => new AppError(notFound);
  return isAllowed ? undefined : () => forbidden(action);
}

export function forbidden(action: DocumentAction): AppError {
  return new AppError('PERMISSION_DENIED', { detail: `Your role does not allow this (${action})` });
}
