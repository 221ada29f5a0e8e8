import type { DocumentRole } from '../../src/protocol/access.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Person } from './client.js';

/** A page with nothing in its journal yet. */
export function makePage(owner: Person, title = 'Landing'): Promise<PageSummary> {
  return owner.post<PageSummary>('/pages', { title });
}

/** Lets the people in, in these roles. */
export async function letIn(owner: Person, { pageId }: PageSummary, roles: [Person, DocumentRole][]): Promise<void> {
  for (const [person, role] of roles) await owner.put(`/pages/${pageId}/members/${person.id}`, { role });
}
