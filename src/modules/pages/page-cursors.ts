import { Injectable } from '@nestjs/common';
import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { fanOutPauseMs } from '../../platform/realtime/fan-out-pause.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { LIMITS } from '../../protocol/limits.js';
import type { CursorMove } from '../../protocol/pages.js';

const INTERVAL_MS = 1_000 / LIMITS.cursorsPerSecond;

/** What one socket has told of one page, and may tell again only after the interval. */
interface Sender {
  readonly socket: AppSocket;
  readonly channelId: string;
  /** The newest position that has not been told. */
  waiting: CursorMove | undefined;
}

/**
 * Cursors on pages: told at once, then at most so often; of what comes in between, the newest. Where many are on a page, those of
 * several people are told together. They are never stored.
 */
@Injectable()
export class PageCursors {
  /** Socket and page → who waits for the end of an interval. */
  private readonly senders = new Map<string, Sender>();
  /** Page → what is to be told at the end of its pause. */
  private readonly pauses = new Map<string, (() => void)[]>();

  constructor(private readonly realtime: Realtime) {}

  /** The socket must have joined the page. */
  move(socket: AppSocket, channelId: string, cursor: CursorMove): void {
    const key = `${socket.id} ${channelId}`;
    const sender = this.senders.get(key);
    if (sender) {
      sender.waiting = cursor;
      return;
    }
    this.tell(socket, channelId, cursor);
    this.rest(key, { socket, channelId, waiting: undefined });
  }

  private rest(key: string, sender: Sender): void {
    this.senders.set(key, sender);
    setTimeout(() => {
      this.senders.delete(key);
      const { socket, channelId, waiting } = sender;
      if (!waiting) return;
      this.tell(socket, channelId, waiting);
      this.rest(key, { socket, channelId, waiting: undefined });
    }, INTERVAL_MS).unref();
  }

  private tell(socket: AppSocket, channelId: string, cursor: CursorMove): void {
    // Who it is says the server.
    const body = { ...cursor, userId: socket.data.identity.userId, connectionId: socket.id };
    const emit = (): void => {
      // Who has left in the meantime has no cursor.
      if (this.realtime.isSubscribed(socket, channelId)) this.realtime.emitVolatile(channelId, SERVER_EVENTS.cursorMove, body, socket);
    };
    const paused = this.pauses.get(channelId);
    if (paused) paused.push(emit);
    else this.tellTogether(channelId, [emit]);
  }

  private tellTogether(channelId: string, emits: (() => void)[]): void {
    for (const emit of emits) emit();
    const pauseMs = fanOutPauseMs(this.realtime.countSubscribers(channelId));
    if (pauseMs === 0) return;
    const waiting: (() => void)[] = [];
    this.pauses.set(channelId, waiting);
    setTimeout(() => {
      this.pauses.delete(channelId);
      if (waiting.length > 0) this.tellTogether(channelId, waiting);
    }, pauseMs).unref();
  }
}
