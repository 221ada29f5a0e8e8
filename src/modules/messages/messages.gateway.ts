import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { Gateway, Handles } from '../../platform/realtime/gateway.decorator.js';
import { CLIENT_EVENTS } from '../../protocol/events.js';
import type { Message, MessageAck, SendMessage } from '../../protocol/messages.js';
import { resolveRoomId } from '../rooms/world.js';
import { MessagesService } from './messages.service.js';

@Gateway()
export class MessagesGateway {
  constructor(private readonly messages: MessagesService) {}

  @Handles(CLIENT_EVENTS.sendMessage)
  send(socket: AppSocket, body: SendMessage): Promise<MessageAck> {
    return this.messages.send(socket.data.identity, resolveRoomId(body.roomId), body);
  }

  @Handles(CLIENT_EVENTS.editMessage)
  edit(socket: AppSocket, body: { messageId: string; content: string }): Promise<Message> {
    return this.messages.edit(socket.data.identity.userId, body.messageId, body.content);
  }

  @Handles(CLIENT_EVENTS.deleteMessage)
  remove(socket: AppSocket, body: { messageId: string }): Promise<Message> {
    return this.messages.remove(socket.data.identity, body.messageId);
  }
}
