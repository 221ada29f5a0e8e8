import { gunzipText } from '../../src/platform/gzipped-text.js';
import type { DocumentRole } from '../../src/protocol/access.js';
import type { PageDocument, PageSummary } from '../../src/protocol/pages.js';
import type { Person } from './client.js';
import { eventually } from './eventually.js';
import { query } from './journal-node.js';

/** A page with nothing in its journal yet. */
export function makePage(owner: Person, title = 'Landing'): Promise<PageSummary> {
  return owner.post<PageSummary>('/pages', { title });
}

/** Lets the people in, in these roles. */
export async function letIn(owner: Person, { pageId }: PageSummary, roles: [Person, DocumentRole][]): Promise<void> {
  for (const [person, role] of roles) await owner.put(`/pages/${pageId}/members/${person.id}`, { role });
}

/** Writes patches that nobody has checked into the page's journal, the first one as `version`; and waits until the server has seen it. */
export async function damagePage(databaseUrl: string, owner: Person, page: PageSummary, version: number, changes: readonly unknown[]): Promise<void> {
  for (const [index, patches] of changes.entries()) {
    const seq = version + index;
    const opId = `damage-${seq}`;
    await query(
      databaseUrl,
      `INSERT INTO journal (channel_id, seq, type, actor_id, op_id, fingerprint, payload, bytes, at) VALUES ($1, $2, 'op-patch', $3, $4, 0, $5, '[]', now())`,
      [page.id, seq, owner.id, opId, JSON.stringify({ pageId: page.pageId, version: seq, patches, opId })],
    );
  }
  await query(databaseUrl, 'UPDATE channels SET last_seq = $2 WHERE id = $1', [page.id, version + changes.length - 1]);
  // It was open in memory, which notices by its comparison with the journal.
  await eventually('the damage is seen', async () => (await owner.get<PageDocument>(`/pages/${page.pageId}`)).brokenAt === version);
}

/** The page's snapshot in the database. */
export async function snapshotOf<Schema>(databaseUrl: string, channelId: string): Promise<{ version: number; schema: Schema }> {
  const [row] = await query<{ version: number; content: Buffer }>(databaseUrl, 'SELECT version::int, content FROM pages WHERE channel_id = $1', [channelId]);
  return { version: row!.version, schema: JSON.parse(await gunzipText(row!.content)) as Schema };
}
