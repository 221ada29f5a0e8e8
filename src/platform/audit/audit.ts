import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AUDIT, type AuditAction, type AuditDetail, type AuditEvent, type AuditQuery } from '../../protocol/audit.js';
import type { Page } from '../../protocol/primitives.js';
import type { Sql } from '../database/database.js';
import { type Caller, currentCaller } from '../identity/caller.js';
import { AuditRepository, type StoredEvent } from './audit.repository.js';
import { sealDevice } from './sealed-device.js';

/** What has happened. Who has done it is by default whoever has sent the request. */
export type AuditFact<A extends AuditAction> = {
  /** Null: the server by itself. */
  readonly actorId?: string | null;
  /** Nobody knows who it was; what is known of the device is kept for the user to whom it was done. */
  readonly isAnonymous?: boolean;
  readonly targetId: string;
  readonly channelId?: string;
} & (Record<never, never> extends AuditDetail<A> ? { readonly detail?: AuditDetail<A> } : { readonly detail: AuditDetail<A> });

/**
 * The audit log: who has changed rights, sessions, status and settings. An event is recorded in the transaction that makes the change, so
 * that there is one exactly if the change was made. See docs/audit.md.
 */
@Injectable()
export class Audit {
  constructor(private readonly events: AuditRepository) {}

  async record<A extends AuditAction>(tx: Sql, action: A, { actorId, isAnonymous = false, targetId, channelId = null as never, detail = {} as never }: AuditFact<A>): Promise<void> {
    const caller = currentCaller();
    const actor = isAnonymous ? null : actorId === undefined ? (caller?.userId ?? null) : actorId;
    const actorKind = isAnonymous ? 'anonymous' : actor === null ? 'server' : 'user';
    const event = { id: uuidv7(), action, actorKind, actorId: actor, targetKind: AUDIT[action].target, targetId, channelId, requestId: caller?.requestId ?? null, detail } as const;
    // The server acts on its own behalf, whoever has given occasion.
    const personId = isAnonymous ? targetId : actor;
    await this.events.insert(tx, [{ ...event, ...(await this.seal(tx, caller, personId, event.id)) }]);
  }

  list(query: AuditQuery): Promise<Page<AuditEvent>> {
    return this.events.list(query);
  }

  /**
   * Destroys the key of a person: from where they have acted cannot be read any more, in none of the events, which themselves stay. Comes
   * last in the transaction that erases an account, since an event of that person would make a new key.
   */
  erasePerson(tx: Sql, userId: string): Promise<void> {
    return this.events.deleteKey(tx, userId);
  }

  private async seal(tx: Sql, caller: Caller | undefined, personId: string | null, eventId: string): Promise<Pick<StoredEvent, 'personId' | 'device'>> {
    const key = caller && personId !== null ? await this.events.obtainKey(tx, personId) : null;
    return key ? { personId, device: sealDevice(caller!, key, eventId) } : { personId: null, device: null };
  }
}
