import { io, type Socket } from 'socket.io-client';
import type { SocketError } from '../../../src/protocol/errors.js';
import type { Auth } from '../auth/auth.js';
import { AtriumError } from '../errors.js';
import { type Readable, Value, when } from '../store.js';
import { backoffMs } from './backoff.js';
import type { AckOf, BodyOf, ClientEventName, PayloadOf } from './protocol.js';

/**
 * `connecting`: an attempt is under way, or what was missed is being fetched. `live`: everything up to now is here.
 * `offline`: waiting for the next attempt, or stopped.
 */
export type Status = 'connecting' | 'live' | 'offline';

/** What is not answered by then is taken as lost with its connection, which may be half open. */
const ACK_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that held this long was a good one: the next outage begins with short delays again. */
const STABLE_AFTER_MS = 10_000;

interface Listeners {
  /** An event of the server. */
  onEvent(name: string, payload: unknown): void;
  /** Connected: fetch what was missed. Live when it resolves; it must give up when `signal` does. */
  onConnected(): Promise<void>;
}

/** One socket, opened again and again for as long as it is wanted. */
export class Connection {
  private readonly state = new Value<Status>('offline');
  private socket: Socket | undefined;
  private isWanted = false;
  private isRunning = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  /** What a server that shuts down asked for. */
  private drainDelayMs: number | undefined;

  constructor(
    private readonly url: string,
    private readonly auth: Auth,
    private readonly listeners: Listeners,
  ) {}

  get status(): Readable<Status> {
    return this.state;
  }

  /** Keeps connected from now on. Resolves when live, or when it is over: stopped, or signed out. */
  async start(): Promise<void> {
    this.isWanted = true;
    if (!this.isRunning) this.loop = this.run();
    await Promise.race([when(this.state, (status) => status === 'live'), this.loop]);
  }

  async stop(): Promise<void> {
    this.isWanted = false;
    this.socket?.disconnect();
    this.wake();
    await this.loop;
  }

  /** Does not wait for the next attempt. */
  retryNow(): void {
    this.wake();
  }

  /**
   * Sends an event and waits for its ack. `take` gets the answer before any event that the server sent after it: a promise would come
   * a moment later.
   * @throws AtriumError the server's, or `NETWORK` when there is no connection or it broke before the ack: the outcome is unknown then
   */
  request<N extends ClientEventName>(name: N, body: BodyOf<N>, take?: (answer: AckOf<N>) => void): Promise<AckOf<N>> {
    const { socket } = this;
    if (!socket?.connected) return Promise.reject(AtriumError.network());
    return new Promise((resolve, reject) => {
      socket.timeout(ACK_TIMEOUT_MS).emit(name, body, (failure: Error | null, ack: { data: AckOf<N> } | { error: SocketError }) => {
        if (failure) {
          // Alive or half open, nobody can tell: a new connection can.
          if (socket.connected) socket.io.engine.close();
          reject(AtriumError.network(failure));
        } else if ('error' in ack) {
          reject(AtriumError.ofAck(ack.error));
        } else {
          take?.(ack.data);
          resolve(ack.data);
        }
      });
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (let attempt = 0; this.isWanted; attempt++) {
      this.state.set('connecting');
      const liveForMs = await this.connectOnce().catch(() => 0);
      if (!this.isWanted || this.auth.user.get() === null) break;
      if (liveForMs > STABLE_AFTER_MS) attempt = 0;
      const delayMs = this.drainDelayMs ?? backoffMs(attempt);
      this.drainDelayMs = undefined;
      this.state.set('offline');
      await this.pause(delayMs);
    }
    this.isWanted = false;
    this.isRunning = false;
    this.state.set('offline');
  }

  /** One connection from its beginning to its end. Returns for how long it was live. */
  private async connectOnce(): Promise<number> {
    const token = await this.auth.accessToken();
    if (token === null) return 0;
    const socket = io(this.url, {
      auth: { token },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
    });
    this.socket = socket;
    const ended = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
    socket.onAny((name: string, payload: unknown) => this.receive(socket, name, payload));
    try {
      await this.opened(socket, token);
      await Promise.race([this.listeners.onConnected(), ended]);
      if (!socket.connected) return 0;
      const liveSince = performance.now();
      this.state.set('live');
      await ended;
      return performance.now() - liveSince;
    } finally {
      socket.disconnect();
    }
  }

  private opened(socket: Socket, token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('disconnect', () => reject(AtriumError.network()));
      socket.once('connect_error', (error: Error & { data?: SocketError }) => {
        if (error.data?.code !== 'UNAUTHENTICATED') reject(AtriumError.network(error));
        else this.auth.refresh(token).then(() => reject(AtriumError.ofAck(error.data!)), reject);
      });
    });
  }

  private receive(socket: Socket, name: string, payload: unknown): void {
    if (name === 'token-expiring') void this.extend();
    else if (name === 'session-revoked') void this.checkSession(socket);
    // The server closes by itself when what is under way has been answered.
    else if (name === 'server-draining') this.drainDelayMs = (payload as PayloadOf<'server-draining'>).reconnectAfterMs;
    else this.listeners.onEvent(name, payload);
  }

  /** When it fails, the server closes the connection at the token's end, and the next attempt brings a fresh one. */
  private async extend(): Promise<void> {
    try {
      const token = await this.auth.renew();
      if (token !== null) await this.request('auth-refresh', { token });
    } catch {
      return;
    }
  }

  /** The session is over, or only this token is: the refresh tells, and signs out when it is the session. */
  private async checkSession(socket: Socket): Promise<void> {
    await this.auth.renew().catch(() => null);
    socket.disconnect();
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
