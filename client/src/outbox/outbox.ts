import type { MessageAck } from '../../../src/protocol/messages.js';
import { backoffMs } from '../connection/backoff.js';
import type { Connection } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { type Readable, Value } from '../store.js';
import type { Operation, OutboxStorage } from './outbox-storage.js';

/** An operation on its way; with `error`, a send that the server refused, kept for the user to repeat or discard. */
export interface Queued {
  readonly operation: Operation;
  readonly error?: AtriumError;
}

/** Thrown to who waits for an operation that the user has discarded, or that belonged to somebody who signed out. */
const DISCARDED = 'The operation was discarded';

interface Waiting {
  resolve(ack: MessageAck | undefined): void;
  reject(error: AtriumError): void;
}

/**
 * What the user did, on its way to the server: kept until the server has said yes or no, through reconnects and reloads. One operation
 * of a room is under way at a time, so that they arrive in the order in which they were made; rooms do not wait for each other.
 */
export class Outbox {
  private readonly queue = new Value<readonly Queued[]>([]);
  private readonly waiting = new Map<string, Waiting>();
  private readonly draining = new Set<string>();
  /** Pauses between two attempts, which can be ended. */
  private readonly pauses = new Set<() => void>();
  private userId: string | undefined;
  /** What was left is taken up: only then is it known what comes first. */
  private opened: Promise<void> = Promise.resolve();
  /** An id before those of everything that is done from now on; until what was left is taken up. */
  private openedAs: string | undefined;

  constructor(
    private readonly storage: OutboxStorage,
    private readonly connection: Pick<Connection, 'request'>,
    /** A send is stored: the message is there before its operation goes. */
    private readonly onSent: (operation: Operation & { kind: 'send' }, ack: MessageAck) => void,
  ) {}

  /** In the order in which they were made. */
  get queued(): Readable<readonly Queued[]> {
    return this.queue;
  }

  /** Takes up what this user had left. */
  open(userId: string): void {
    this.close();
    this.userId = userId;
    this.openedAs = operationId();
    this.opened = this.takeUp(userId);
  }

  /** Forgets the queue in memory; the storage keeps it for the user's return. */
  close(): void {
    this.userId = undefined;
    this.stop();
    this.queue.set([]);
    for (const id of [...this.waiting.keys()]) this.settle(id, new AtriumError('UNAUTHENTICATED', DISCARDED));
  }

  /**
   * Resolves when the server has stored it, however long that takes; for a send, with its ack.
   * @throws AtriumError when the server refuses it for good
   */
  async add(operation: Operation): Promise<MessageAck | undefined> {
    const { userId } = this;
    if (userId === undefined) throw new AtriumError('UNAUTHENTICATED', 'Nobody is signed in');
    this.queue.update((queue) => [...queue, { operation }]);
    const settled = new Promise<MessageAck | undefined>((resolve, reject) => this.waiting.set(operation.id, { resolve, reject }));
    // Without a working storage (a private window, a full disk) it is still sent, only not after a reload.
    void this.storage
      .put(userId, operation)
      .catch(() => undefined)
      .then(() => this.opened)
      .then(() => this.drain(operation.roomId));
    return settled;
  }

  /** Sends everything that waits: after each connect. */
  flush(): void {
    const { userId, opened } = this;
    if (userId !== undefined) this.opened = opened.then(() => this.takeUp(userId, this.openedAs));
    void this.opened.then(() => {
      for (const roomId of new Set(this.queue.get().map(({ operation }) => operation.roomId))) void this.drain(roomId);
    });
  }

  /** No more attempts, until there is a connection again. */
  stop(): void {
    for (const end of this.pauses) end();
  }

  /** Another try for a send that was refused. */
  retry(id: string): void {
    this.queue.update((queue) => queue.map((queued) => (queued.operation.id === id ? { operation: queued.operation } : queued)));
    this.flush();
  }

  /** Drops what waits or was refused. Something already on its way may still be stored. */
  discard(id: string): void {
    this.remove(id);
    this.settle(id, new AtriumError('NOT_FOUND', DISCARDED));
  }

  /** @param before what is newer was done since, and is in the queue or settled already */
  private async takeUp(userId: string, before?: string): Promise<void> {
    if (this.userId !== userId || this.openedAs === undefined) return;
    // Storage that does not answer now is asked again after the next connect.
    const left = await this.storage.list(userId).catch(() => undefined);
    if (this.userId !== userId || !left) return;
    this.openedAs = undefined;
    const known = new Set(this.queue.get().map(({ operation }) => operation.id));
    const isLeft = ({ id }: Operation): boolean => !known.has(id) && (before === undefined || id < before);
    this.queue.update((queue) => [...left.filter(isLeft).map((operation) => ({ operation })), ...queue]);
  }

  private async drain(roomId: string): Promise<void> {
    if (this.draining.has(roomId)) return;
    this.draining.add(roomId);
    try {
      for (let next; (next = this.nextOf(roomId)); ) if (!(await this.attempt(next))) return;
    } finally {
      this.draining.delete(roomId);
    }
  }

  private nextOf(roomId: string): Operation | undefined {
    return this.queue.get().find(({ operation, error }) => operation.roomId === roomId && !error)?.operation;
  }

  /** True when it is settled, or worth another try at once; false when only the next connection can help. */
  private async attempt(operation: Operation): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        this.confirm(operation, await this.perform(operation));
        return true;
      } catch (thrown) {
        const error = AtriumError.from(thrown);
        if (error.code === 'NETWORK') return false;
        if (!error.isRetryable) {
          this.refuse(operation, error);
          return true;
        }
        if (!(await this.pause(error.retryAfterMs ?? backoffMs(attempt)))) return false;
        if (!this.has(operation.id)) return true;
      }
    }
  }

  /** False when it was ended before its time. */
  private pause(delayMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isOver: boolean): void => {
        clearTimeout(timer);
        this.pauses.delete(cancel);
        resolve(isOver);
      };
      const cancel = (): void => end(false);
      const timer = setTimeout(() => end(true), delayMs);
      this.pauses.add(cancel);
    });
  }

  private async perform(operation: Operation): Promise<MessageAck | undefined> {
    switch (operation.kind) {
      case 'send': {
        const { id, roomId, content, type, replyTo } = operation;
        // Taken in the turn of the ack, so that the message is there before anything that follows it.
        return this.connection.request('send-message', { roomId, clientMsgId: id, content, type, replyTo }, (ack) => this.onSent(operation, ack));
      }
      case 'edit':
        await this.connection.request('edit-message', { messageId: operation.messageId, content: operation.content });
        return undefined;
      case 'delete':
        await this.connection.request('delete-message', { messageId: operation.messageId }).catch(ignoreGone);
        return undefined;
    }
  }

  private confirm({ id }: Operation, ack: MessageAck | undefined): void {
    this.remove(id);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.resolve(ack);
  }

  /** A text is never thrown away: the user decides. An edit or a deletion that was refused simply did not happen. */
  private refuse(operation: Operation, error: AtriumError): void {
    if (operation.kind === 'send') {
      this.queue.update((queue) => queue.map((queued) => (queued.operation.id === operation.id ? { operation, error } : queued)));
    } else {
      this.remove(operation.id);
    }
    this.settle(operation.id, error);
  }

  private remove(id: string): void {
    this.queue.update((queue) => queue.filter(({ operation }) => operation.id !== id));
    // What stays in a broken storage is sent once more after a reload, and known by its id.
    if (this.userId !== undefined) void this.storage.remove(this.userId, id).catch(() => undefined);
  }

  private has(id: string): boolean {
    return this.queue.get().some(({ operation }) => operation.id === id);
  }

  private settle(id: string, error: AtriumError): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.reject(error);
  }
}

/** Deleted already, perhaps by an earlier try whose ack was lost. */
function ignoreGone(error: unknown): void {
  if (AtriumError.from(error).code !== 'MESSAGE_NOT_FOUND') throw error;
}

let lastMs = 0;
let countInMs = 0;

/** An id unlike any other, that sorts after the ids made before it here. */
export function operationId(): string {
  const now = Math.max(Date.now(), lastMs);
  countInMs = now === lastMs ? countInMs + 1 : 0;
  lastMs = now;
  return `${now.toString(36).padStart(9, '0')}-${countInMs.toString(36).padStart(3, '0')}-${crypto.randomUUID().slice(0, 13)}`;
}
