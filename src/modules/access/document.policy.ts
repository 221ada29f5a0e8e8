import type { DocumentRole } from '../../protocol/access.js';

/** Who may do what with a document (a page, a board). Higher roles have what lower ones have. */
const LOWEST_ROLE = {
  'document:read': 'viewer',
  'document:cursor': 'viewer',
  'document:leave': 'viewer',
  'document:edit': 'editor',
  'document:rename': 'editor',
  'document:restore-version': 'editor',
  // Somebody else's edits; one's own everybody may take back who may edit.
  'document:revert': 'owner',
  'document:invite': 'owner',
  'document:delete': 'owner',
  'document:restore': 'owner',
  'member:manage': 'owner',
} as const satisfies Record<string, DocumentRole>;

export type DocumentAction = keyof typeof LOWEST_ROLE;

const RANK: Record<DocumentRole, number> = { viewer: 0, editor: 1, owner: 2 };

export function can(role: DocumentRole, action: DocumentAction): boolean {
  return RANK[role] >= RANK[LOWEST_ROLE[action]];
}

/** Whether the first role has all that the second has. */
export function includes(role: DocumentRole, other: DocumentRole): boolean {
  return RANK[role] >= RANK[other];
}
