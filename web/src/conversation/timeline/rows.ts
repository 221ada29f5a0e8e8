import type { TimelineMessage } from '@atrium/client';

/** Messages of one sender that follow each other within this share one head. */
const GROUP_WITHIN_MS = 5 * 60_000;

/** One message as it stands in the timeline, together with what its place there adds. */
export interface Row {
  readonly key: string;
  readonly message: TimelineMessage;
  /** The first one of its day, where that is known. */
  readonly startsDay: boolean;
  /** The first one that was unread when the room was opened. */
  readonly startsUnread: boolean;
  /** Shows who wrote it; the others of its group do not. */
  readonly isHead: boolean;
}

interface Moment {
  readonly ms: number;
  /** Days since 1970 on the reader's own calendar. */
  readonly day: number;
}

/**
 * Makes rows of messages, one each, so that an index means the same in both. What did not change keeps its identity: with 100,000
 * messages loaded, one more costs a walk over them and no rendering of the others.
 */
export class RowBuilder {
  private readonly rows = new WeakMap<TimelineMessage, Row>();
  private readonly moments = new WeakMap<TimelineMessage, Moment>();

  /** @param hasBefore the day of the first message may have begun before it */
  build(messages: readonly TimelineMessage[], { hasBefore, unreadKey }: { hasBefore: boolean; unreadKey: string | null }): readonly Row[] {
    let previous: TimelineMessage | undefined;
    return messages.map((message) => {
      const startsDay = previous === undefined ? !hasBefore : this.momentOf(previous).day !== this.momentOf(message).day;
      const startsUnread = message.key === unreadKey;
      const isHead = previous === undefined || startsDay || startsUnread || !this.isSameGroup(previous, message);
      previous = message;
      return this.rowOf(message, startsDay, startsUnread, isHead);
    });
  }

  private isSameGroup(a: TimelineMessage, b: TimelineMessage): boolean {
    if (a.senderId !== b.senderId || a.type === 'system' || b.type === 'system') return false;
    return this.momentOf(b).ms - this.momentOf(a).ms < GROUP_WITHIN_MS;
  }

  private rowOf(message: TimelineMessage, startsDay: boolean, startsUnread: boolean, isHead: boolean): Row {
    const known = this.rows.get(message);
    if (known && known.startsDay === startsDay && known.startsUnread === startsUnread && known.isHead === isHead) return known;
    const row = { key: message.key, message, startsDay, startsUnread, isHead };
    this.rows.set(message, row);
    return row;
  }

  private momentOf(message: TimelineMessage): Moment {
    let moment = this.moments.get(message);
    if (!moment) this.moments.set(message, (moment = momentOf(message.createdAt)));
    return moment;
  }
}

function momentOf(timestamp: string): Moment {
  const ms = Date.parse(timestamp);
  return { ms, day: localDay(ms) };
}

/** Days since 1970 where the reader is. */
export function localDay(ms: number): number {
  return Math.floor((ms - new Date(ms).getTimezoneOffset() * 60_000) / 86_400_000);
}
