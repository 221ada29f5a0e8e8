import { gunzipText } from '../../src/platform/gzipped-text.js';
import type { DocumentRole } from '../../src/protocol/access.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Person } from './client.js';
import { query } from './journal-node.js';

/** A page with nothing in its journal yet. */
export function makePage(owner: Person, title = 'Landing'): Promise<PageSummary> {
  return owner.post<PageSummary>('/pages', { title });
}

/** Lets the people in, in these roles. */
export async function letIn(owner: Person, { pageId }: PageSummary, roles: [Person, DocumentRole][]): Promise<void> {
  for (const [person, role] of roles) await owner.put(`/pages/${pageId}/members/${person.id}`, { role });
}

/** The page's snapshot in the database. */
export async function snapshotOf<Schema>(databaseUrl: string, channelId: string): Promise<{ version: number; schema: Schema }> {
  const [row] = await query<{ version: number; content: Buffer }>(databaseUrl, 'SELECT version::int, content FROM pages WHERE channel_id = $1', [channelId]);
  return { version: row!.version, schema: JSON.parse(await gunzipText(row!.content)) as Schema };
}
