import type { OnGatewayInit } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { CLIENT_EVENTS } from '../../protocol/events.js';
import type { AppSocket } from './app-socket.js';
import { Connections } from './connections.js';
import { Gateway, Handles } from './gateway.decorator.js';

/** Events about the connection itself. */
@Gateway()
export class ConnectionsGateway implements OnGatewayInit<Server> {
  constructor(private readonly connections: Connections) {}

  afterInit(server: Server): void {
    this.connections.start(server);
  }

  @Handles(CLIENT_EVENTS.authRefresh)
  async authRefresh(socket: AppSocket, body: { token: string }): Promise<{ expiresAt: string }> {
    return { expiresAt: await this.connections.refresh(socket, body.token) };
  }
}
