import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { EncodedJson } from '../../platform/realtime/encoded-json.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { type CursorMove, type PageJoin, type PageUser, toPageUser } from '../../protocol/pages.js';
import { AT_THE_END, Subscriptions } from '../channels/subscriptions.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { Presence } from '../presence/presence.js';
import { UsersService } from '../users/users.service.js';
import { PageAccess } from './page-access.js';
import { PageCursors } from './page-cursors.js';
import { PageKind } from './page-kind.js';
import { PageReadingService, textOf } from './page-reading.service.js';

/** An ack leaves when the promises of this turn are settled; this comes right behind it, and before anything that the next turn brings. */
function behindTheAck(work: () => void): void {
  process.nextTick(work);
}

/** Of more people than this only the first are named. */
const MAX_NAMED = 200;

/** Sockets that are on pages. */
@Injectable()
export class PageSubscriptions {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly access: PageAccess,
    private readonly reading: PageReadingService,
    private readonly documents: LiveDocuments,
    private readonly kind: PageKind,
    private readonly presence: Presence,
    private readonly users: UsersService,
    private readonly realtime: Realtime,
    private readonly cursors: PageCursors,
  ) {
    presence.nameBy((channelId) => {
      const pageId = access.knownSlugOf(channelId);
      return pageId === undefined ? undefined : { pageId };
    });
  }

  /**
   * Opens the page for the socket: what it is now, or what the client misses of it, and everything from now on.
   * @throws AppError PAGE_NOT_FOUND: a page is made by POST, not by joining it
   */
  async join(socket: AppSocket, { pageId, after, sync }: PageJoin): Promise<EncodedJson> {
    const { userId } = socket.data.identity;
    const { id, role } = await this.access.require(pageId, userId, 'document:read');
    return this.documents.use(this.kind, id, async (live) => {
      const { title } = await this.reading.summary(userId, pageId);
      const users = await this.usersOn(id, userId);
      // The last thing that waits: what is committed from here on follows the answer.
      const answers = await this.subscriptions.open(socket, [{ channelId: id, seq: after ?? AT_THE_END }]);
      const caughtUp = answers.get(id);
      if (!caughtUp) throw new AppError('PAGE_NOT_FOUND');
      const joined = { pageId, id, title, role, users };
      // Who has come while this one was on the way has told those who were there, and not this one.
      const newcomers = this.presence.online(id).filter((other) => !users.some((user) => user.userId === other));
      behindTheAck(() => newcomers.slice(0, MAX_NAMED).forEach((other) => this.realtime.emitTo(socket, SERVER_EVENTS.userJoin, EncodedJson.of({ pageId, userId: other }))));
      // The entries of a damaged page do not lead to what it is.
      const isWhole = live.document.document.brokenAt === undefined;
      if (after !== undefined && isWhole && 'entries' in caughtUp) return EncodedJson.withMember({ ...joined, version: caughtUp.lastSeq }, 'entries', JSON.stringify(caughtUp.entries));
      // Memory has followed the fan-out to the very entry at which the socket was subscribed; or it was loaded with more than has passed
      // here yet, which then comes again, and is known by its version.
      const { version, text, brokenAt } = textOf(live.document, live.committedVersion, 'hot');
      if (sync) behindTheAck(() => this.realtime.emitTo(socket, SERVER_EVENTS.sync, EncodedJson.withMember({ pageId, version, brokenAt, users }, 'schema', text)));
      return EncodedJson.withMember({ ...joined, version, brokenAt }, 'schema', text);
    });
  }

  async leave(socket: AppSocket, pageId: string): Promise<void> {
    const { id } = await this.access.require(pageId, socket.data.identity.userId, 'document:read');
    this.realtime.unsubscribe(socket, id);
  }

  async moveCursor(socket: AppSocket, cursor: CursorMove): Promise<void> {
    const { id } = await this.access.require(cursor.pageId, socket.data.identity.userId, 'document:cursor');
    if (!this.realtime.isSubscribed(socket, id)) throw new AppError('PAGE_NOT_FOUND', { detail: 'Join the page first' });
    this.cursors.move(socket, id, cursor);
  }

  /** Who is on the page, whoever is about to join included. */
  private async usersOn(channelId: string, userId: string): Promise<PageUser[]> {
    const ids = new Set([userId, ...this.presence.online(channelId)]);
    const profiles = await this.users.getProfiles([...ids].slice(0, MAX_NAMED));
    return [...profiles.values()].map(toPageUser);
  }
}
