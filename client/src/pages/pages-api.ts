import type { AcceptedInvite, CreatedInvite, DocumentMember, DocumentRole, Invite, InvitePreview } from '../../../src/protocol/access.js';
import type { CreatePage, PageChange, PageDiff, PageDocument, PageSummary, PageVersion, PatchResult, Undone } from '../../../src/protocol/pages.js';
import { type Rest, unwrap } from '../rest/rest.js';

const ITEMS_PER_PAGE = 50;
const ONLY_NEW = { 'If-None-Match': '*' };

interface List<T> {
  items: T[];
  nextCursor: string | null;
}

/** Which pages: those of a workspace, by somebody (an id, or `me`), with `q` in their title or id, or those that can be restored. */
export interface PagesFilter {
  workspaceId?: string;
  creator?: string;
  q?: string;
  deleted?: boolean;
}

/** The REST requests of pages, their members and invites, as functions. */
export type PagesApi = ReturnType<typeof pagesApi>;

export function pagesApi(rest: Rest) {
  const at = (pageId: string) => ({ params: { path: { pageId } } });
  const paged = (pageId: string, cursor?: string) => ({ params: { path: { pageId }, query: { limit: ITEMS_PER_PAGE, ...(cursor && { cursor }) } } });
  return {
    /** The most recently changed first. */
    list: ({ workspaceId, creator, q, deleted }: PagesFilter = {}, cursor?: string): Promise<List<PageSummary>> => {
      const query = { limit: ITEMS_PER_PAGE, ...(cursor && { cursor }), ...(workspaceId && { workspaceId }), ...(creator && { creator }), ...(q && { q }), ...(deleted && { deleted: 'true' }) };
      return unwrap(rest.GET('/api/v1/pages', { params: { query } }));
    },
    /** With `pageId`, under a name of one's own. @throws AtriumError ALREADY_EXISTS */
    create: (body: CreatePage = {}): Promise<PageDocument> => unwrap(rest.POST('/api/v1/pages', { body })).then(unmarked),
    /** As it is now; to follow it, open it. */
    get: (pageId: string): Promise<PageDocument> => unwrap(rest.GET('/api/v1/pages/{pageId}', at(pageId))),
    rename: (pageId: string, title: string): Promise<PageSummary> => unwrap(rest.PUT('/api/v1/pages/{pageId}/title', { ...at(pageId), body: { title } })),
    remove: (pageId: string): Promise<void> => unwrap(rest.DELETE('/api/v1/pages/{pageId}', at(pageId))),
    /** A page of one's own with the same on it. */
    duplicate: (pageId: string, body: { pageId?: string; title?: string } = {}): Promise<PageSummary> =>
      unwrap(rest.POST('/api/v1/pages/{pageId}/duplicate', { ...at(pageId), body })).then(unmarked),

    /** Who did what and when, the newest first. */
    history: (pageId: string, cursor?: string): Promise<List<PageChange>> => unwrap(rest.GET('/api/v1/pages/{pageId}/history', paged(pageId, cursor))),
    /** The page as it was. */
    version: (pageId: string, version: number): Promise<PageVersion> =>
      unwrap(rest.GET('/api/v1/pages/{pageId}/versions/{version}', { params: { path: { pageId, version } } })),
    /** The patch that makes one version of another. */
    diff: (pageId: string, from: number, to: number): Promise<PageDiff> =>
      unwrap(rest.GET('/api/v1/pages/{pageId}/diff', { params: { path: { pageId }, query: { from, to } } })),
    /** Makes the page what it was, as a new version; without one, brings a deleted page back. */
    restore: (pageId: string, version?: number): Promise<PatchResult> =>
      unwrap(rest.POST('/api/v1/pages/{pageId}/restore', { ...at(pageId), body: { ...(version !== undefined && { version }) } })),
    /** Takes back all that one person has changed in a time: somebody else’s, as an owner. */
    revert: (pageId: string, body: { userId: string; since: string; until?: string }): Promise<Undone> => unwrap(rest.POST('/api/v1/pages/{pageId}/revert', { ...at(pageId), body })),

    members: (pageId: string, cursor?: string): Promise<List<DocumentMember>> => unwrap(rest.GET('/api/v1/pages/{pageId}/members', paged(pageId, cursor))),
    /** Lets somebody in, or gives them another role. */
    putMember: (pageId: string, userId: string, role: DocumentRole): Promise<void> =>
      unwrap(rest.PUT('/api/v1/pages/{pageId}/members/{userId}', { params: { path: { pageId, userId } }, body: { role } })),
    /** Lets somebody in. @throws AtriumError PRECONDITION_FAILED they are a member already, and stay what they are */
    addMember: (pageId: string, userId: string, role: DocumentRole): Promise<void> =>
      unwrap(rest.PUT('/api/v1/pages/{pageId}/members/{userId}', { params: { path: { pageId, userId }, header: ONLY_NEW }, body: { role } })),
    removeMember: (pageId: string, userId: string): Promise<void> =>
      unwrap(rest.DELETE('/api/v1/pages/{pageId}/members/{userId}', { params: { path: { pageId, userId } } })),

    /** A link that lets people in; its token is in this answer alone. */
    invite: (pageId: string, body: { role: 'editor' | 'viewer'; expiresIn?: number; maxUses?: number | null }): Promise<CreatedInvite> =>
      unwrap(rest.POST('/api/v1/pages/{pageId}/invite', { ...at(pageId), body })).then(unmarked),
    invites: (pageId: string, cursor?: string): Promise<List<Invite>> => unwrap(rest.GET('/api/v1/pages/{pageId}/invites', paged(pageId, cursor))),
    /** Of pages, rooms and all else. */
    revokeInvite: (id: string): Promise<void> => unwrap(rest.DELETE('/api/v1/invites/{id}', { params: { path: { id } } })),
    previewInvite: (token: string): Promise<InvitePreview> => unwrap(rest.GET('/api/v1/invites/{token}', { params: { path: { token } } })),
    acceptInvite: (token: string): Promise<AcceptedInvite> => unwrap(rest.POST('/api/v1/invites/{token}/accept', { params: { path: { token } } })),
  };
}

/** The answer to a request that was repeated says so, which is nothing about what it made. */
function unmarked<T extends object>(answer: T & { duplicate?: true }): T {
  const { duplicate: _duplicate, ...rest } = answer;
  return rest as unknown as T;
}
