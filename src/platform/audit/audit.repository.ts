import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AuditAction, AuditActorKind, AuditEvent, AuditQuery, AuditTargetKind } from '../../protocol/audit.js';
import type { Page } from '../../protocol/primitives.js';
import { decodeTimedCursor } from '../cursors.js';
import { Database, type Sql } from '../database/database.js';
import { toPage } from '../pagination.js';
import { KEY_BYTES, openDevice } from './sealed-device.js';

export interface StoredEvent {
  readonly id: string;
  readonly action: AuditAction;
  readonly actorKind: AuditActorKind;
  readonly actorId: string | null;
  readonly targetKind: AuditTargetKind | null;
  readonly targetId: string | null;
  readonly channelId: string | null;
  readonly requestId: string | null;
  readonly detail: object;
  /** Under whose key `device` is sealed; both or none. */
  readonly personId: string | null;
  readonly device: Buffer | null;
}

interface EventRow extends StoredEvent {
  readonly at: Date;
  readonly cursor_at: string;
  readonly key: Buffer | null;
}

/** Another transaction may be making the key; it is seen by the next statement. */
const MAX_KEY_ATTEMPTS = 3;

const FILTERS = {
  actor: (n: number) => `e.actor_id = $${n}`,
  action: (n: number) => `e.action = $${n}`,
  target: (n: number) => `e.target_id = $${n}`,
  channel: (n: number) => `e.channel_id = $${n}`,
  since: (n: number) => `e.at >= $${n}`,
  until: (n: number) => `e.at < $${n}`,
} as const satisfies Partial<Record<keyof AuditQuery, (n: number) => string>>;

/** The SQL of the audit log: events are only ever added. */
@Injectable()
export class AuditRepository {
  constructor(private readonly db: Database) {}

  async insert(tx: Sql, events: readonly StoredEvent[]): Promise<void> {
    await tx.rows(
      `INSERT INTO audit_events (id, action, actor_kind, actor_id, target_kind, target_id, channel_id, request_id, detail, person_id, device)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::jsonb[], $10::uuid[], $11::bytea[])`,
      [
        events.map(({ id }) => id),
        events.map(({ action }) => action),
        events.map(({ actorKind }) => actorKind),
        events.map(({ actorId }) => actorId),
        events.map(({ targetKind }) => targetKind),
        events.map(({ targetId }) => targetId),
        events.map(({ channelId }) => channelId),
        events.map(({ requestId }) => requestId),
        events.map(({ detail }) => JSON.stringify(detail)),
        events.map(({ personId }) => personId),
        events.map(({ device }) => device),
      ],
    );
  }

  /** The key of a person, made when there is none. Null when there is no such person. */
  async obtainKey(tx: Sql, personId: string): Promise<Buffer | null> {
    for (let attempt = 0; attempt < MAX_KEY_ATTEMPTS; attempt++) {
      const [row] = await tx.rows<{ key: Buffer }>(
        `WITH made AS (INSERT INTO audit_keys (user_id, key) SELECT id, $2 FROM users WHERE id = $1 ON CONFLICT DO NOTHING RETURNING key)
         SELECT key FROM audit_keys WHERE user_id = $1 UNION ALL SELECT key FROM made`,
        [personId, randomBytes(KEY_BYTES)],
      );
      if (row) return row.key;
    }
    return null;
  }

  async deleteKey(tx: Sql, personId: string): Promise<void> {
    await tx.rows('DELETE FROM audit_keys WHERE user_id = $1', [personId]);
  }

  /** The newest first. Rows are small, all of them (see the table), so a page is. */
  async list({ limit, cursor, ...filters }: AuditQuery): Promise<Page<AuditEvent>> {
    const [at, id] = decodeTimedCursor(cursor);
    const values: unknown[] = [limit + 1];
    const conditions: string[] = [];
    // A text for each set of filters, and not one with `$1 IS NULL OR …`, for which no index could be planned once and for all.
    for (const name of Object.keys(FILTERS) as (keyof typeof FILTERS)[]) {
      if (filters[name] !== undefined) conditions.push(FILTERS[name](values.push(filters[name])));
    }
    if (at !== null) conditions.push(`(e.at, e.id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`);
    const rows = await this.db.rows<EventRow>(
      `SELECT e.id, e.at, e.at::text AS cursor_at, e.action, e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.target_kind AS "targetKind",
         e.target_id AS "targetId", e.channel_id AS "channelId", e.request_id AS "requestId", e.detail, e.person_id AS "personId", e.device, k.key
       FROM audit_events e LEFT JOIN audit_keys k ON k.user_id = e.person_id
       ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY e.at DESC, e.id DESC LIMIT $1`,
      values,
    );
    return toPage(rows, limit, toEvent, (row) => [row.cursor_at, row.id]);
  }
}

function toEvent({ id, at, action, actorKind, actorId, targetKind, targetId, channelId, requestId, detail, device, key }: EventRow): AuditEvent {
  const opened = device && key && openDevice(device, key, id);
  return {
    id,
    at: at.toISOString(),
    action,
    actorKind,
    actorId,
    target: targetKind && targetId ? { kind: targetKind, id: targetId } : null,
    channelId,
    requestId,
    detail: detail as Record<string, unknown>,
    device: opened,
    deviceErased: device !== null && opened === null,
  };
}
