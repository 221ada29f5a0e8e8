import { Injectable } from '@nestjs/common';
import { Realtime } from '../../platform/realtime/realtime.js';
import type { DocumentRole } from '../../protocol/access.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { DocumentMembers } from '../access/document-members.js';

/** Of more members than this only the first are told: the others see it when they look. */
const MAX_TOLD = 1_000;

/** Somebody, and what they are to a page. */
export interface Listener {
  readonly userId: string;
  readonly role: DocumentRole;
}

/** Tells people's devices of pages that they need not have open, so that their lists stay true. Whoever is away reads the list afresh. */
@Injectable()
export class PageAnnouncements {
  constructor(
    private readonly realtime: Realtime,
    private readonly members: DocumentMembers,
  ) {}

  /** Whom a change of the page concerns. Asked for before the change: once that is committed nothing may fail any more. */
  listeners(channelId: string): Promise<Listener[]> {
    return this.members.listRoles(channelId, MAX_TOLD);
  }

  /** They may see the page from now on; `addedBy`, when somebody else has let them in. */
  added(userIds: readonly string[], pageId: string, title: string, addedBy?: string): void {
    for (const userId of userIds) this.realtime.emitToUser(userId, SERVER_EVENTS.pageAdded, { pageId, title, ...(addedBy !== undefined && { addedBy }) });
  }

  /** The page is called this, and they are that on it. */
  changed(listeners: readonly Listener[], pageId: string, title: string): void {
    for (const { userId, role } of listeners) this.realtime.emitToUser(userId, SERVER_EVENTS.pageChanged, { pageId, title, role });
  }

  /** They may not see the page any more. */
  lost(userIds: readonly string[], pageId: string, title: string): void {
    for (const userId of userIds) this.realtime.emitToUser(userId, SERVER_EVENTS.pageChanged, { pageId, title, role: null });
  }
}
