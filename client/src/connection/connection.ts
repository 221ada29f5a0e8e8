import { io, type Socket } from 'socket.io-client';
import type { SocketError } from '../../../src/protocol/errors.js';
import type { Auth } from '../auth/auth.js';
import { AtriumError } from '../errors.js';
import { type Readable, report, Value, when } from '../store.js';
import { backoffMs } from './backoff.js';
import { type ConnectError, refusalOf } from './refusal.js';
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
  /** Connected: fetch what was missed. Live when it resolves. Once `signal` aborts, this connection is history: what arrives is not to be used. */
  onConnected(signal: AbortSignal): Promise<void>;
}

/** One socket, opened again and again for as long as it is wanted. */
export class Connection {
  private readonly state = new Value<Status>('offline');
  private socket: Socket | undefined;
  /** Aborted when the present attempt, or the connection that came of it, is over: for whatever reason, at once. */
  private attempt = new AbortController();
  /** Requests of the present connection: none outlives it. */
  private readonly unanswered = new Set<() => void>();
  private isWanted = false;
  private isRunning = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  /** What a server that shuts down asked for. */
  private drainDelayMs: number | undefined;
  /** What a server that refused us asked for. */
  private retryAfterMs = 0;

  constructor(
    private readonly url: string,
    private readonly auth: Auth,
    private readonly listeners: Listeners,
    /** What the device says of its network, if it says anything. It may be wrong: a server on the same machine needs none. */
    private readonly hasNetwork: () => boolean = () => true,
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
    // At once: whoever starts again in this turn must not take what ends for what is wanted.
    this.state.set('offline');
    this.attempt.abort();
    this.wake();
    await this.loop;
  }

  /** Does not wait for the next attempt. */
  retryNow(): void {
    this.wake();
  }

  /** The device has lost its network: whatever still looks open is of no use. It goes on trying, in case that is not so. */
  networkLost(): void {
    if (!this.isRunning) return;
    this.state.set('offline');
    this.attempt.abort();
  }

  /**
   * Sends an event and waits for its ack. `take` gets the answer before any event that the server sent after it: a promise would come
   * a moment later.
   * @throws AtriumError the server's, or `NETWORK` when there is no connection or it broke before the ack: the outcome is unknown then
   */
  request<N extends ClientEventName>(name: N, body: BodyOf<N>, take?: (answer: AckOf<N>) => void): Promise<AckOf<N>> {
    const { socket, attempt } = this;
    if (!socket?.connected) return Promise.reject(AtriumError.network());
    return new Promise((resolve, reject) => {
      const lose = (): void => reject(AtriumError.network());
      this.unanswered.add(lose);
      socket.timeout(ACK_TIMEOUT_MS).emit(name, body, (failure: Error | null, ack: { data: AckOf<N> } | { error: SocketError }) => {
        if (!this.unanswered.delete(lose)) return;
        if (failure) {
          reject(AtriumError.network(failure));
          // Alive or half open, nobody can tell: a new connection can.
          attempt.abort();
        } else if ('error' in ack) {
          reject(AtriumError.ofAck(ack.error));
        } else {
          try {
            take?.(ack.data);
          } catch (cause) {
            return reject(new Error(`The answer to ${name} could not be taken`, { cause }));
          }
          resolve(ack.data);
        }
      });
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (let attempt = 0; this.isWanted; attempt++) {
      // Without a network the attempt most likely ends at once: nobody need be told that it was made.
      if (this.hasNetwork()) this.state.set('connecting');
      const liveForMs = await this.connectOnce();
      if (!this.isWanted || this.auth.user.get() === null) break;
      if (liveForMs > STABLE_AFTER_MS) attempt = 0;
      const delayMs = this.drainDelayMs ?? Math.max(this.retryAfterMs, backoffMs(attempt));
      this.drainDelayMs = undefined;
      this.retryAfterMs = 0;
      this.state.set('offline');
      await this.pause(delayMs);
    }
    this.isWanted = false;
    this.isRunning = false;
    this.state.set('offline');
  }

  /** One connection from its beginning to its end. Returns for how long it was live. */
  private async connectOnce(): Promise<number> {
    const attempt = (this.attempt = new AbortController());
    const { signal } = attempt;
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    let liveSince: number | undefined;
    try {
      const connected = await Promise.race([this.open(attempt), ended]);
      if (connected) await Promise.race([this.listeners.onConnected(signal), ended]);
      if (connected && !signal.aborted) {
        liveSince = performance.now();
        this.state.set('live');
        await ended;
      }
    } catch (error) {
      if (error instanceof AtriumError) this.retryAfterMs = error.retryAfterMs ?? 0;
      // No outage, but a mistake, which should be seen.
      else report(error);
    } finally {
      attempt.abort();
    }
    return liveSince === undefined ? 0 : performance.now() - liveSince;
  }

  /** True when connected, false when nobody is signed in. */
  private async open(attempt: AbortController): Promise<boolean> {
    const token = await this.auth.accessToken();
    if (token === null || attempt.signal.aborted) return false;
    const { origin, pathname } = new URL(this.url);
    const socket = io(origin, {
      path: pathname.replace(/\/*$/, '/socket.io'),
      auth: { token, explainRefusals: true },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
    });
    this.socket = socket;
    // Its own timeout ends with the transport; a server that then says nothing would be waited for until the ping is missed.
    const timer = setTimeout(() => attempt.abort(), CONNECT_TIMEOUT_MS);
    attempt.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      socket.disconnect();
      for (const lose of this.unanswered) lose();
      this.unanswered.clear();
    });
    socket.on('disconnect', () => attempt.abort());
    socket.onAny((name: string, payload: unknown) => this.receive(name, payload));
    await this.welcomed(socket, token);
    clearTimeout(timer);
    return true;
  }

  private welcomed(socket: Socket, token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error: ConnectError) => {
        const refused = refusalOf(error);
        if (refused.code === 'UNAUTHENTICATED') this.auth.refresh(token).then(() => reject(refused), reject);
        else reject(refused);
      });
    });
  }

  private receive(name: string, payload: unknown): void {
    if (name === 'token-expiring') void this.extend();
    else if (name === 'session-revoked') void this.checkSession();
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

  /** The session is over, or only this token is: the refresh tells, and signs out when it is the session. The server ends the connection. */
  private async checkSession(): Promise<void> {
    await this.auth.renew().catch(() => null);
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
