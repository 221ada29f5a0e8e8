import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Connections } from './connections.js';
import { ConnectionsGateway } from './connections.gateway.js';
import { EventDispatcher } from './event-dispatcher.js';
import { FloodGuard } from './flood-guard.js';
import { HandshakeGate } from './handshake-gate.js';
import { Realtime } from './realtime.js';
import { Revocations } from './revocations.js';
import { SessionSweep } from './session-sweep.js';

/** Sockets. Needs a `SocketAuthenticator`, which the auth module provides globally. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Connections, ConnectionsGateway, EventDispatcher, FloodGuard, HandshakeGate, Realtime, Revocations, SessionSweep],
  exports: [Connections, EventDispatcher, Realtime, Revocations],
})
export class RealtimeModule {}
