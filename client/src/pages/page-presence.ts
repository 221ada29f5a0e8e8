import type { Connection } from '../connection/connection.js';
import type { Users } from '../users/users.js';
import { Cursors } from './cursors.js';
import type { PageCursor } from './page-types.js';
import { PageUsers } from './page-users.js';

/** Who is on a page, and where: all that is of this moment, and nowhere stored. */
export class PagePresence {
  readonly users: PageUsers;
  readonly cursors: Cursors;

  constructor(pageId: string, connection: Pick<Connection, 'request'>, users: Pick<Users, 'profile' | 'learn'>) {
    this.users = new PageUsers(users);
    this.cursors = new Cursors(({ x, y, componentId, selection, editing }) => {
      const body = { pageId, x, y, ...(componentId !== undefined && { componentId }), ...(selection && { selection }), ...(editing && { editing }) };
      void connection.request('cursor-move', body).catch(() => undefined);
    });
  }

  /** Volatile events of the page. */
  hear(name: string, payload: { userId: string }): void {
    if (name === 'cursor-move') {
      const { pageId: _pageId, ...cursor } = payload as PageCursor & { pageId: string };
      this.cursors.receive(cursor);
    } else if (name === 'user-join') {
      this.users.join(payload.userId);
    } else {
      this.users.leave(payload.userId);
      this.cursors.leave(payload.userId);
    }
  }

  /** One is not on the page any more. */
  clear(): void {
    this.users.set([]);
    this.cursors.clear();
  }
}
