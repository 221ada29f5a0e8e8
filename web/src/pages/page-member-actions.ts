import { type AtriumClient, canOnPage, type DocumentMember, type DocumentRole } from '@atrium/client';

export const ROLES = ['viewer', 'editor', 'owner'] as const satisfies readonly DocumentRole[];

/** Another role, or out; of oneself, out is to leave. */
export type PageMemberAction = DocumentRole | 'remove' | 'leave';

/** Who asks. */
export interface Asker {
  readonly ownId: string;
  readonly ownRole: DocumentRole;
  /** Everybody is known, and nobody else owns the page. */
  readonly isOnlyOwner: boolean;
}

/** What one may do about a member, in the order of a menu; the server decides by the same table. */
export function actionsOn({ user, role }: Pick<DocumentMember, 'user' | 'role'>, { ownId, ownRole, isOnlyOwner }: Asker): PageMemberAction[] {
  const isSelf = user.id === ownId;
  const mayManage = canOnPage(ownRole, 'member:manage');
  if (isSelf && isOnlyOwner) return [];
  const roles = mayManage ? ROLES.filter((other) => other !== role) : [];
  if (isSelf) return [...roles, 'leave'];
  return mayManage ? [...roles, 'remove'] : [];
}

/** What cannot be taken back, or not by oneself, is asked about first. */
export function needsConfirmation(action: PageMemberAction, isSelf: boolean): boolean {
  return isSelf || action === 'remove' || action === 'owner';
}

/** @throws AtriumError PERMISSION_DENIED also where no owner would be left */
export function perform({ pages }: AtriumClient, pageId: string, userId: string, action: PageMemberAction): Promise<void> {
  return action === 'remove' || action === 'leave' ? pages.removeMember(pageId, userId) : pages.putMember(pageId, userId, action);
}
