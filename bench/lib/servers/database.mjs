/** Direct access to the product's embedded PostgreSQL: to prove its settings, and to fill a room faster than any client could. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const FILL_BATCH_MESSAGES = 100_000;

/** Runs `work` with a connection to the database in this data folder, at the address that the product writes there. */
export function withDatabase(dataDir, work) {
  return withConnection(readFileSync(join(dataDir, 'postgres.url'), 'utf8').trim(), work);
}

async function withConnection(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Writes back what PostgreSQL has to write back, so that none of it falls into what is measured next. */
export function checkpoint(dataDir) {
  return withDatabase(dataDir, (client) => client.query('CHECKPOINT'));
}

/** The postmaster's pid: the first line of the file that PostgreSQL keeps beside its data. */
export function findPostmaster(dataDir) {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Refuses to measure a PostgreSQL that may lose what it acknowledged. Returns its version and settings. */
export const requireDurable = (dataDir) => withDatabase(dataDir, readDurableSettings);
export const requireDurableAt = (connectionString) => withConnection(connectionString, readDurableSettings);

async function readDurableSettings(client) {
  const { rows } = await client.query(
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS "synchronousCommit", current_setting('full_page_writes') AS "fullPageWrites"`,
  );
  const [settings] = rows;
  if (settings.fsync !== 'on' || settings.synchronousCommit !== 'on') throw new Error(`not durable: ${JSON.stringify(settings)}`);
  return settings;
}

/**
 * Gives a room `count` more messages of `contentBytes`, as if they had been sent one by one, and leaves the tables as they are
 * a while later: vacuumed, analyzed, checkpointed. Nobody may be subscribed to the room meanwhile.
 */
export function fillRoom(dataDir, { roomId, senderId, count, contentBytes }) {
  return withDatabase(dataDir, async (client) => {
    for (let filled = 0; filled < count; filled += FILL_BATCH_MESSAGES) {
      const remaining = count - filled;
      await client.query(FILL, [roomId, senderId, Math.min(FILL_BATCH_MESSAGES, remaining), contentBytes, remaining]);
    }
    await client.query('VACUUM ANALYZE journal, messages');
    await client.query('CHECKPOINT');
  });
}

/** One message a second, the last one now: $5 are still to come. */
const FILL = `
  WITH bumped AS (
    UPDATE channels SET last_seq = last_seq + $3::int, last_ordinal = last_ordinal + $3::int WHERE id = $1::uuid
    RETURNING last_seq - $3::int AS base, last_ordinal - $3::int AS base_ordinal
  ), placed AS MATERIALIZED (
    SELECT base + n AS seq, base_ordinal + n AS ordinal, uuidv7()::text AS op_id,
           now() - make_interval(secs => $5::int - n) AS at, rpad('message ' || n || ' ', $4::int, 'lorem ipsum ') AS content
    FROM bumped, generate_series(1, $3::int) AS n
  ), journalled AS (
    INSERT INTO journal (channel_id, seq, type, actor_id, op_id, at)
    SELECT $1::uuid, seq, 'new-message', $2::uuid, op_id, at FROM placed
  )
  INSERT INTO messages (id, room_id, seq, ordinal, sender_id, type, content, client_msg_id, created_at)
  SELECT uuidv7(), $1::uuid, seq, ordinal, $2::uuid, 'text', content, op_id, at FROM placed`;
