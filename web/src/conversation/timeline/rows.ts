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

interface Place {
  /** The day of the first message may have begun before it. */
  readonly hasBefore: boolean;
  readonly unreadKey: string | null;
}

/**
 * Makes rows of messages, one each, so that an index means the same in both. What did not change keeps its identity, and is not looked at
 * again: with 100,000 messages loaded, one more costs the comparison of two lists.
 */
export class RowBuilder {
  private readonly rows = new WeakMap<TimelineMessage, Row>();
  private readonly moments = new WeakMap<TimelineMessage, Moment>();
  private last: { messages: readonly TimelineMessage[]; rows: readonly Row[]; unreadKey: string | null } = { messages: [], rows: [], unreadKey: null };

  build(messages: readonly TimelineMessage[], { hasBefore, unreadKey }: Place): readonly Row[] {
    const last = this.last.unreadKey === unreadKey ? this.last : { messages: [], rows: [] };
    const [start, end] = changedRange(last.messages, messages);
    // A row depends on the message before it: the first one says whether a day begins, and the one behind a change may begin a group.
    const changed: Row[] = [];
    const until = Math.min(end + 1, messages.length);
    for (let i = start; i < until; i++) changed.push(this.rowAt(messages, i, hasBefore, unreadKey));
    const rows = [...last.rows.slice(0, start), ...changed, ...last.rows.slice(last.rows.length - (messages.length - until))];
    if (rows.length > 0 && start > 0) rows[0] = this.rowAt(messages, 0, hasBefore, unreadKey);
    this.last = { messages, rows, unreadKey };
    return rows;
  }

  private rowAt(messages: readonly TimelineMessage[], index: number, hasBefore: boolean, unreadKey: string | null): Row {
    const message = messages[index]!;
    const previous = messages[index - 1];
    const startsDay = previous === undefined ? !hasBefore : this.momentOf(previous).day !== this.momentOf(message).day;
    const startsUnread = message.key === unreadKey;
    const isHead = previous === undefined || startsDay || startsUnread || !this.isSameGroup(previous, message);
    return this.rowOf(message, startsDay, startsUnread, isHead);
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

/** From where to where (exclusive, in `after`) two lists differ. */
function changedRange(before: readonly unknown[], after: readonly unknown[]): [start: number, end: number] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return [start, after.length - same];
}
