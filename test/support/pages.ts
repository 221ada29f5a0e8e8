import { randomUUID } from 'node:crypto';
import type { DocumentRole } from '../../src/protocol/access.js';
import type { Person } from './client.js';
import { query } from './journal-node.js';

export interface TestPage {
  /** The channel. */
  readonly id: string;
  readonly pageId: string;
}

const SCHEMA = { rootId: 1, components: { '1': { id: 1, name: 'Page', type: 'page', props: {}, children: [] } } };

/** A page as it stands in the database, without its making in the journal. */
export async function storePage(databaseUrl: string, creator: Person, title = 'Landing'): Promise<TestPage> {
  const page = { id: randomUUID(), pageId: `page-${randomUUID()}` };
  await query(
    databaseUrl,
    `WITH channel AS (INSERT INTO channels (id, kind) VALUES ($1, 'page') RETURNING id),
       page AS (INSERT INTO pages (channel_id, page_id, title, search_key, creator_id, schema) SELECT id, $2, $3, lower($3), $4, $5 FROM channel)
     INSERT INTO grants (channel_id, user_id, role) SELECT id, $4, 'owner' FROM channel`,
    [page.id, page.pageId, title, creator.id, JSON.stringify(SCHEMA)],
  );
  return page;
}

/** Lets the people in, in these roles. */
export async function letIn(owner: Person, { pageId }: TestPage, roles: [Person, DocumentRole][]): Promise<void> {
  for (const [person, role] of roles) await owner.put(`/pages/${pageId}/members/${person.id}`, { role });
}
