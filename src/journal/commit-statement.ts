import type { AppendResult, NewEntry } from './entry.js';
import type { Projection } from './projection.js';

/** A row of the answer: `i` is null for a channel's new entries (`seq` = the last one before them), else the index of a resend. */
export interface CommitRow {
  i: number | null;
  channel_id: string | null;
  seq: number;
  ordinal: number;
  at_ms: number;
  fingerprint: number | null;
}

interface Counter {
  seq: number;
  ordinal: number;
  readonly at: string;
}

/** Numbers the entries of a batch as the statement did that answered with these rows. Those that have no result are resends, or were left out. */
export function numberAs(rows: readonly CommitRow[], batch: readonly Pending[]): { results: (AppendResult | undefined)[]; resends: Map<number, CommitRow> } {
  const counters = new Map<string, Counter>();
  const resends = new Map<number, CommitRow>();
  for (const row of rows) {
    if (row.i === null) counters.set(row.channel_id!, { seq: row.seq, ordinal: row.ordinal, at: new Date(row.at_ms).toISOString() });
    else resends.set(row.i - 1, row);
  }
  const results = batch.map(({ entry }, index) => {
    const counter = resends.has(index) ? undefined : counters.get(entry.channelId);
    return counter && next(counter, entry);
  });
  return { results, resends };
}

function next(counter: Counter, entry: NewEntry): AppendResult {
  counter.seq += 1;
  if (entry.counted) counter.ordinal += 1;
  return { seq: counter.seq, ordinal: counter.ordinal, at: counter.at, duplicate: false };
}

/** An entry as it goes to PostgreSQL. */
export interface Pending {
  readonly entry: NewEntry;
  /** For `appendAt`: the seq that it must get. */
  readonly expectedSeq: number | undefined;
  /** Its payload as JSON. */
  readonly text: string | undefined;
}

/** What commits a batch, in one round trip: the answer is of `CommitRow`s. */
export interface Statement {
  readonly text: string;
  values(batch: readonly Pending[]): unknown[];
}

type Column = readonly [name: string, type: string, valueOf: (pending: Pending) => unknown];

export const COLUMNS: readonly Column[] = [
  ['channel_id', 'uuid', ({ entry }) => entry.channelId],
  ['type', 'text', ({ entry }) => entry.type],
  ['actor_id', 'uuid', ({ entry }) => entry.actorId],
  ['op_id', 'text', ({ entry }) => entry.opId],
  ['fingerprint', 'int', ({ entry }) => entry.fingerprint],
  ['payload', 'jsonb', ({ text }) => text],
  ['bytes', 'bytea', ({ entry }) => entry.bytes],
  ['expected_seq', 'bigint', ({ expectedSeq }) => expectedSeq],
  ['counted', 'boolean', ({ entry }) => entry.counted],
  ['rights_version', 'bigint', ({ entry }) => entry.permit?.version],
];

/**
 * The statement that commits any batch: many channels, one array a column, one round trip, one fsync.
 *
 * `input`   the batch, each row with the entry that already holds its opId, if any, and with its number among the channel's new ones
 * `batch`   one row a channel, in id order, so that two processes lock channels in the same order. Where the opId of an `appendAt` was
 *           used at another seq, what follows was made upon a state that never was: the channel's new entries are left out
 * `bumped`  takes the next seqs: the row lock of the channel is what orders writers on different nodes. An `appendAt` whose seq is
 *           not the next one matches no row, and all of the channel's entries in this batch are left out; so they are when a right in
 *           the channel has been taken away since one of them was permitted
 * `bases`   where each channel's new entries begin, sorted, to be looked up by binary search: the planner knows nothing of the batch's
 *           size, and would join `input` and `bumped` by comparing each row with each
 * `placed`  the new entries with their seqs
 * then the journal's rows, the modules' projections, and the answer.
 *
 * A resend that commits on another node between our snapshot and our lock is caught by the unique key: the statement fails as a whole
 * and is run again, then it sees the entry.
 */
export class CommitStatement implements Statement {
  readonly text: string;
  private readonly columns: Column[];

  constructor(projections: readonly Projection[]) {
    const extra = new Map(projections.flatMap((p) => Object.entries(p.columns)));
    this.columns = [...COLUMNS, ...[...extra].map(([name, type]): Column => [name, type, ({ entry }) => entry.row?.[name]])];
    this.text = compose(this.columns, projections);
  }

  values(batch: readonly Pending[]): unknown[] {
    return this.columns.map((column) => valuesOf(column, batch));
  }
}

/** A column's array. One that no entry uses is empty: `unnest` pads it with nulls. */
export function valuesOf([, type, valueOf]: Column, batch: readonly Pending[]): unknown {
  const column = batch.map((pending) => valueOf(pending) ?? null);
  return column.every((value) => value === null) ? [] : toArray(type, column);
}

/**
 * An array as PostgreSQL reads it. It quotes and escapes as JSON does, in one native call, but for control characters: texts that have
 * any are left to the driver.
 */
export function toArray(type: string, column: readonly unknown[]): unknown {
  if (type === 'text' && column.some((text) => text !== null && CONTROL.test(text as string))) return column;
  const values = type === 'bytea' ? column.map((bytes) => bytes && `\\x${(bytes as Buffer).toString('hex')}`) : column;
  return `{${JSON.stringify(values).slice(1, -1)}}`;
}

const CONTROL = /[\u0000-\u001f]/;

function compose(columns: readonly Column[], projections: readonly Projection[]): string {
  const names = columns.map(([name]) => name);
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`);
  return `
WITH input AS MATERIALIZED (
  SELECT t.*, known.seq AS known_seq, known.at AS known_at, known.fingerprint AS known_fingerprint,
    count(*) FILTER (WHERE known.seq IS NULL) OVER in_order AS k,
    count(*) FILTER (WHERE known.seq IS NULL AND counted) OVER in_order AS counted_k
  FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS t(${names.join(', ')}, i)
  LEFT JOIN LATERAL (
    SELECT j.seq, j.at, j.fingerprint FROM journal j
    WHERE j.channel_id = t.channel_id AND j.actor_id = t.actor_id AND j.op_id = t.op_id LIMIT 1
  ) known ON true
  WINDOW in_order AS (PARTITION BY t.channel_id ORDER BY t.i)
), batch AS MATERIALIZED (
  SELECT channel_id, max(k) AS entries, max(counted_k) AS counted,
    min(expected_seq - k) FILTER (WHERE known_seq IS NULL) AS expected_from, max(expected_seq - k) FILTER (WHERE known_seq IS NULL) AS expected_to,
    min(rights_version) FILTER (WHERE known_seq IS NULL) AS rights_version
  FROM input GROUP BY channel_id HAVING max(k) > 0 AND bool_or(known_seq <> expected_seq) IS NOT TRUE ORDER BY channel_id
), bumped AS (
  UPDATE channels c SET last_seq = c.last_seq + b.entries, last_ordinal = c.last_ordinal + b.counted
  FROM batch b
  WHERE c.id = b.channel_id AND c.deleted_at IS NULL
    AND (b.expected_from IS NULL OR (b.expected_from = c.last_seq AND b.expected_to = c.last_seq))
    AND (b.rights_version IS NULL OR b.rights_version = c.rights_version)
  RETURNING c.id, c.last_seq - b.entries AS base, c.last_ordinal - b.counted AS base_ordinal
), bases AS MATERIALIZED (
  SELECT array_agg(id ORDER BY id) AS ids, array_agg(base ORDER BY id) AS seqs, array_agg(base_ordinal ORDER BY id) AS ordinals FROM bumped
), placed AS MATERIALIZED (
  SELECT input.*, seqs[place] + k AS seq, ordinals[place] + counted_k AS ordinal, date_trunc('milliseconds', now()) AS at
  FROM bases CROSS JOIN input CROSS JOIN LATERAL (SELECT width_bucket(channel_id, ids) AS place) p
  WHERE known_seq IS NULL AND ids[place] = channel_id
), journalled AS (
  INSERT INTO journal (channel_id, seq, type, actor_id, op_id, fingerprint, payload, bytes, at)
  SELECT channel_id, seq, type, actor_id, op_id, fingerprint, payload, bytes, at FROM placed
)${projections.map((p) => `, ${p.name} AS (${p.sql})`).join('')}
SELECT NULL::int AS i, id AS channel_id, base AS seq, base_ordinal AS ordinal,
  (extract(epoch FROM date_trunc('milliseconds', now())) * 1000)::float8 AS at_ms, NULL::int AS fingerprint
FROM bumped
UNION ALL
SELECT i::int, NULL, known_seq, 0, (extract(epoch FROM known_at) * 1000)::float8, known_fingerprint
FROM input WHERE known_seq IS NOT NULL`;
}
