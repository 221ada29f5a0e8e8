import { LIMITS } from '../../../src/protocol/limits.js';
import { type Readable, Value } from '../store.js';
import type { PageCursor } from './page-types.js';

/** A cursor that has not moved for so long belongs to somebody who does something else. */
const SHOWN_MS = 10_000;
const INTERVAL_MS = Math.ceil(1_000 / LIMITS.cursorsPerSecond);

/** Where a cursor is, and what it holds. */
export type CursorPosition = Pick<PageCursor, 'x' | 'y' | 'componentId' | 'selection' | 'editing'>;

/** Where others are on a page, and telling where oneself is. */
export class Cursors {
  private readonly shown = new Value<readonly PageCursor[]>([]);
  private readonly silences = new Map<string, ReturnType<typeof setTimeout>>();
  private toldAtMs = Number.NEGATIVE_INFINITY;
  private latest: CursorPosition | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (position: CursorPosition) => void) {}

  /** In the order in which they came. */
  get others(): Readable<readonly PageCursor[]> {
    return this.shown;
  }

  receive(cursor: PageCursor): void {
    const { connectionId } = cursor;
    this.listen(connectionId);
    const index = this.shown.get().findIndex((each) => each.connectionId === connectionId);
    this.shown.update((cursors) => (index < 0 ? [...cursors, cursor] : cursors.with(index, cursor)));
  }

  /** Somebody has left. */
  leave(userId: string): void {
    this.keep((cursor) => cursor.userId !== userId);
  }

  /** Call it as often as the pointer moves: the server is told as often as it wants to be, and the last position in any case. */
  move(position: CursorPosition): void {
    this.latest = position;
    const waitMs = this.toldAtMs + INTERVAL_MS - performance.now();
    if (waitMs <= 0) this.tellLatest();
    else this.timer ??= setTimeout(() => this.tellLatest(), waitMs);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.keep(() => false);
  }

  private tellLatest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.toldAtMs = performance.now();
    this.tell(this.latest!);
  }

  private listen(connectionId: string): void {
    clearTimeout(this.silences.get(connectionId));
    this.silences.set(connectionId, setTimeout(() => this.keep((cursor) => cursor.connectionId !== connectionId), SHOWN_MS));
  }

  private keep(isWanted: (cursor: PageCursor) => boolean): void {
    const left = this.shown.get().filter(isWanted);
    if (left.length === this.shown.get().length) return;
    const ids = new Set(left.map(({ connectionId }) => connectionId));
    for (const [id, timer] of this.silences) {
      if (ids.has(id)) continue;
      clearTimeout(timer);
      this.silences.delete(id);
    }
    this.shown.set(left);
  }
}
