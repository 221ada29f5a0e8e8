import type { EntryView } from '../../src/protocol/entries.js';
import type { History, Message } from '../../src/protocol/messages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';

export const ROOM = 'room-1';
export const ADA = 'ada';
export const BOB = 'bob';

/** A moment that later numbers are after. */
export const at = (seq: number): string => new Date(Date.UTC(2026, 0, 1) + seq).toISOString();

/** A message of Bob's, as REST gives it. */
export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: `message-${seq}`,
    roomId: ROOM,
    seq,
    senderId: BOB,
    type: 'text',
    content: `text ${seq}`,
    replyTo: null,
    clientMsgId: `op-${seq}`,
    createdAt: at(seq),
    editedAt: null,
    deletedAt: null,
    ...change,
  };
}

export function entry(seq: number, type: string, fields: Record<string, unknown> = {}): EntryView {
  return { channelId: ROOM, roomId: ROOM, seq, type, actorId: BOB, at: at(seq), ...fields };
}

export function sent(seq: number, change: Partial<Message> = {}): EntryView {
  const { type: messageType, ...fields } = message(seq, change);
  return entry(seq, 'new-message', { ...fields, messageType });
}

export function edited(seq: number, messageSeq: number, content: string | null = `text ${messageSeq}, edited by ${seq}`): EntryView {
  return entry(seq, 'message-edited', { id: `message-${messageSeq}`, messageId: `message-${messageSeq}`, messageSeq, content, editedAt: at(seq) });
}

export function deleted(seq: number, messageSeq: number): EntryView {
  return entry(seq, 'message-deleted', { id: `message-${messageSeq}`, messageId: `message-${messageSeq}`, messageSeq, deletedAt: at(seq) });
}

/** A room of Ada's and Bob's, as Ada sees it. */
export function myRoom(change: Partial<MyRoom> = {}): MyRoom {
  return {
    id: ROOM,
    kind: 'group',
    name: 'Room',
    isPrivate: false,
    hasPassword: false,
    ownerId: ADA,
    workspaceId: null,
    maxMembers: null,
    memberCount: 2,
    lastSeq: 0,
    createdAt: at(0),
    role: 'owner',
    peer: null,
    lastReadSeq: 0,
    unread: 0,
    mutedUntil: null,
    lastMessage: null,
    ...change,
  };
}

export function history(items: Message[], hasBefore = false, hasAfter = false): History {
  return { items, nextCursor: null, hasBefore, hasAfter };
}

/** A room on the server: everything that was done in it, and what a fresh load gives at any time since. */
export class Journal {
  readonly entries: EntryView[] = [];
  private readonly states: Message[][] = [[]];

  get seq(): number {
    return this.entries.length;
  }

  /** The messages as they were at `seq`. */
  stateAt(seq: number): Message[] {
    return this.states[seq]!;
  }

  send(): void {
    this.append(sent(this.seq + 1), (messages) => [...messages, message(this.seq + 1)]);
  }

  /** Edits one of the messages that are left; which, `choice` decides. */
  edit(choice: number): void {
    const target = this.choose(choice);
    if (!target) return this.send();
    const change = edited(this.seq + 1, target.seq);
    this.append(change, (messages) => replace(messages, { ...target, content: change.content as string, editedAt: change.editedAt as string }));
  }

  delete(choice: number): void {
    const target = this.choose(choice);
    if (!target) return this.send();
    this.append(deleted(this.seq + 1, target.seq), (messages) => replace(messages, { ...target, content: null, deletedAt: at(this.seq + 1) }));
  }

  /** The entry as the journal gives it when it is read at `readAt`: what it says of messages is as new as that. */
  read(seq: number, readAt: number): EntryView {
    const found = this.entries[seq - 1]!;
    if (found.type === 'new-message') return sent(seq, this.stateAt(readAt).find((each) => each.seq === seq));
    if (found.type !== 'message-edited') return found;
    return { ...found, content: this.stateAt(readAt).find(({ id }) => id === found.messageId)!.content };
  }

  /** A page as it was at `readAt`. */
  page(query: { before?: number; after?: number; around?: number; limit: number }, readAt = this.seq): History {
    const all = this.stateAt(readAt);
    const { before, after, around, limit } = query;
    let items = all.filter(({ seq }) => (before === undefined || seq < before) && (after === undefined || seq > after));
    if (around === undefined) items = after === undefined ? items.slice(-limit) : items.slice(0, limit);
    else items = all.slice(Math.max(0, all.findIndex(({ seq }) => seq >= around) - Math.floor(limit / 2))).slice(0, limit);
    return history(items, items[0] !== undefined && items[0] !== all[0], items.at(-1) !== undefined && items.at(-1) !== all.at(-1));
  }

  private choose(choice: number): Message | undefined {
    const left = this.stateAt(this.seq).filter(({ deletedAt }) => deletedAt === null);
    return left[choice % left.length];
  }

  private append(next: EntryView, change: (messages: Message[]) => Message[]): void {
    this.states.push(change(this.stateAt(this.seq)));
    this.entries.push(next);
  }
}

function replace(messages: Message[], changed: Message): Message[] {
  return messages.map((each) => (each.id === changed.id ? changed : each));
}
