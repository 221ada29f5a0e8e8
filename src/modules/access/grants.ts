import { Injectable } from '@nestjs/common';
import { FanOut } from '../../journal/fan-out.js';
import { Bus } from '../../platform/bus/bus.js';
import type { Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { DocumentRole } from '../../protocol/access.js';
import type { ErrorCode } from '../../protocol/errors.js';
import { ENTRY } from '../../protocol/events.js';
import { RightsCache } from '../channels/rights-cache.js';
import { can, type DocumentAction } from './document.policy.js';
import { type Grant, GrantsRepository } from './grants.repository.js';

const CHANGES = new Set<string>([ENTRY.memberJoined, ENTRY.memberLeft, ENTRY.memberUpdated, ENTRY.pageUpdated]);

/** The roles of users on documents, cached because every edit asks. A document is named by its channel. */
@Injectable()
export class Grants {
  private readonly cache: RightsCache<Grant>;

  constructor(
    private readonly grants: GrantsRepository,
    fanOut: FanOut,
    bus: Bus,
  ) {
    this.cache = new RightsCache({ name: 'grants', changes: CHANGES, fetch: (userId, channelIds) => grants.findMany(userId, channelIds) }, fanOut, bus);
  }

  /**
   * The user's role, if it allows the action; at once when it is known. Of a deleted document only `document:restore` is left.
   * @throws AppError `notFound` to strangers, and to everybody who may not restore what is deleted · PERMISSION_DENIED to members without the right
   */
  require(channelId: string, userId: string, action: DocumentAction, notFound: ErrorCode): DocumentRole | Promise<DocumentRole> {
    const grant = this.cache.get(channelId, userId);
    return grant instanceof Promise ? grant.then((found) => roleOf(found, action, notFound)) : roleOf(grant, action, notFound);
  }

  /** Null to strangers, and when the document is deleted. */
  async role(channelId: string, userId: string): Promise<DocumentRole | null> {
    const grant = await this.cache.get(channelId, userId);
    return grant === 'none' || grant.isDeleted ? null : grant.role;
  }

  /** Those of the channels that are documents which the user may see, from the database and not from the cache. */
  async readableNow(userId: string, channelIds: readonly string[]): Promise<Set<string>> {
    const found = await this.grants.findMany(userId, channelIds);
    return new Set([...found].filter(([, { isDeleted }]) => !isDeleted).map(([channelId]) => channelId));
  }

  /** For whoever makes a document, in the transaction that makes it: without an entry, because nobody follows it yet. */
  insert(tx: Sql, channelId: string, userId: string, role: DocumentRole, invitedBy: string | null): Promise<void> {
    return this.grants.insert(tx, channelId, userId, role, invitedBy);
  }

  /** After a change whose outcome is unknown: its entry may never pass here. */
  forget(channelId: string, userId: string): void {
    this.cache.forget(channelId, userId);
  }
}

function roleOf(grant: Grant | 'none', action: DocumentAction, notFound: ErrorCode): DocumentRole {
  if (grant === 'none') throw new AppError(notFound);
  const isAllowed = can(grant.role, action);
  if (grant.isDeleted && !(isAllowed && action === 'document:restore')) throw new AppError(notFound);
  if (!isAllowed) throw forbidden(action);
  return grant.role;
}

export function forbidden(action: DocumentAction): AppError {
  return new AppError('PERMISSION_DENIED', { detail: `Your role does not allow this (${action})` });
}
