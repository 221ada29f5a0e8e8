import type { AppSocket } from '../../platform/realtime/app-socket.js';
import type { EncodedJson } from '../../platform/realtime/encoded-json.js';
import { Gateway, Handles } from '../../platform/realtime/gateway.decorator.js';
import { CLIENT_EVENTS, type Nothing } from '../../protocol/events.js';
import type { CursorMove, OpPatch, PageJoin, PatchResult } from '../../protocol/pages.js';
import { PageEditingService } from './page-editing.service.js';
import { PageSubscriptions } from './page-subscriptions.js';

@Gateway()
export class PagesGateway {
  constructor(
    private readonly subscriptions: PageSubscriptions,
    private readonly editing: PageEditingService,
  ) {}

  @Handles(CLIENT_EVENTS.pageJoin)
  join(socket: AppSocket, body: PageJoin): Promise<EncodedJson> {
    return this.subscriptions.join(socket, body);
  }

  @Handles(CLIENT_EVENTS.opPatch)
  patch(socket: AppSocket, body: OpPatch): Promise<PatchResult> {
    return this.editing.patch(socket.data.identity.userId, body.pageId, { ...body, connection: socket.id });
  }

  @Handles(CLIENT_EVENTS.cursorMove)
  async moveCursor(socket: AppSocket, body: CursorMove): Promise<Nothing> {
    await this.subscriptions.moveCursor(socket, body);
    return {};
  }

  @Handles(CLIENT_EVENTS.pageLeave)
  async leave(socket: AppSocket, body: { pageId: string }): Promise<Nothing> {
    await this.subscriptions.leave(socket, body.pageId);
    return {};
  }
}
