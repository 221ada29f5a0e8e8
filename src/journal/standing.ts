import type { Sql } from '../platform/database/database.js';
import type { Pending } from './commit-statement.js';

/** A channel that is there, as it stands. */
export interface Standing {
  id: string;
  last_seq: number;
  rights_version: number;
}

const STANDINGS = 'SELECT id, last_seq, rights_version FROM channels WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL';

/** The channels of these entries, by id. Those that are gone are missing. */
export async function standingsOf(entries: readonly Pending[], sql: Sql): Promise<Map<string, Standing>> {
  return byId(await sql.rows<Standing>(STANDINGS, [channelsOf(entries)]));
}

/** The same, locked until the transaction ends; in id order, as every commit does it. */
export async function lockStandingsOf(entries: readonly Pending[], sql: Sql): Promise<Map<string, Standing>> {
  return byId(await sql.rows<Standing>(`${STANDINGS} ORDER BY id FOR NO KEY UPDATE`, [channelsOf(entries)]));
}

/** The entry could be the channel's next one: a plain one always, an `appendAt` if nobody else has taken its seq. */
export function fits({ expectedSeq }: Pending, { last_seq }: Standing): boolean {
  return expectedSeq === undefined || expectedSeq === last_seq + 1;
}

/** Rights have been taken away in the channel since the entry was permitted. */
export function isOutdated({ entry: { permit } }: Pending, { rights_version }: Standing): boolean {
  return permit !== undefined && permit.version !== rights_version;
}

/** Reads again the rights that are outdated. Says of each entry what its right was refused with, if it was. */
export async function renewPermits(entries: readonly Pending[], standing: Standing, sql: Sql): Promise<({ readonly reason: unknown } | undefined)[]> {
  const renew = async (pending: Pending) => isOutdated(pending, standing) && pending.entry.permit!.renew(standing.rights_version, sql);
  const outcomes = await Promise.allSettled(entries.map(renew));
  return outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome : undefined));
}

function channelsOf(entries: readonly Pending[]): string[] {
  return [...new Set(entries.map(({ entry }) => entry.channelId))];
}

function byId(standings: Standing[]): Map<string, Standing> {
  return new Map(standings.map((standing) => [standing.id, standing]));
}
