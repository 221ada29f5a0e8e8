import { LIMITS } from '../../protocol/limits.js';

/** What engine.io's types hide of a connection and its transports. Guarded by test/e2e/handshake.spec.ts against every version. */
export interface LimitedConnection {
  on(event: 'upgrade', listener: () => void): unknown;
  transport: { maxHttpBufferSize?: number; socket?: { _receiver?: { _maxPayload: number } } };
}

/** Lets a connection send small frames alone, until `admit`: more than a CONNECT with its token nobody has to say before. */
export class FrameLimit {
  private maxBytes: number = LIMITS.publicBodyBytes;

  constructor(private readonly connection: LimitedConnection) {
    this.apply();
    // From long-polling to WebSocket, which has a limit of its own.
    connection.on('upgrade', () => this.apply());
  }

  admit(): void {
    this.maxBytes = LIMITS.frameBytes;
    this.apply();
  }

  private apply(): void {
    const { transport } = this.connection;
    transport.maxHttpBufferSize = this.maxBytes;
    const receiver = transport.socket?._receiver;
    if (receiver) receiver._maxPayload = this.maxBytes;
  }
}
