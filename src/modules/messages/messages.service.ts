import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { BodyFingerprints, isOfAnotherBody } from '../../journal/body-fingerprints.js';
import type { NewEntry, Permit, Placed } from '../../journal/entry.js';
import { FanOut } from '../../journal/fan-out.js';
import { type ChannelTransaction, Journal } from '../../journal/journal.js';
import { JournalRepository } from '../../journal/journal.repository.js';
import { Audit } from '../../platform/audit/audit.js';
import { AppError } from '../../platform/errors/app-error.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { Turns } from '../../platform/turns.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { History, HistoryQuery, Message, MessageAck, PostMessage } from '../../protocol/messages.js';
import { hasUserinfo } from '../../protocol/primitives.js';
import { Memberships } from '../rooms/memberships.js';
import { MessagesRepository, toEntryFields } from './messages.repository.js';

type Place = Pick<Placed, 'seq' | 'at'>;

/** Where a message stands; its id is new, or null when it stood there before. */
interface Appended {
  readonly newId: string | null;
  readonly placed: Place;
}

/** Sending, editing, deleting and reading messages. REST and sockets come here. */
@Injectable()
export class MessagesService {
  /** What one person sends without waiting for answers takes effect in the order in which it was sent: per room and sender, and per message. */
  private readonly turns = new Turns();

  constructor(
    private readonly messages: MessagesRepository,
    private readonly memberships: Memberships,
    private readonly journal: Journal,
    private readonly entries: JournalRepository,
    private readonly limits: RateLimits,
    private readonly audit: Audit,
    private readonly fingerprints: BodyFingerprints,
    fanOut: FanOut,
  ) {
    fanOut.addConsumer((entry, recent) => {
      if (entry.type === ENTRY.messageDeleted) eraseFrom(recent, entry.messageId);
    });
  }

  /** For sockets: the answer says no more than the sender needs. */
  async send(sender: Identity, roomId: string, body: PostMessage): Promise<MessageAck> {
    const { newId, placed } = await this.append(sender, roomId, body);
    const messageId = newId ?? (await this.getStored(roomId, placed)).id;
    return { messageId, seq: placed.seq, clientMsgId: body.clientMsgId, createdAt: placed.at, ...(newId === null && { duplicate: true }) };
  }

  /** For REST: the whole message. */
  async post(sender: Identity, roomId: string, body: PostMessage): Promise<Message> {
    const { newId, placed } = await this.append(sender, roomId, body);
    if (newId === null) return { ...(await this.getStored(roomId, placed)), duplicate: true };
    return toMessage(newId, sender.userId, roomId, body, placed);
  }

  /** @throws AppError MESSAGE_NOT_FOUND also when it is deleted, or in a room that the user cannot see */
  async edit(userId: string, messageId: string, content: string): Promise<Message> {
    const turn = this.turns.take(messageId + userId);
    try {
      const { roomId, senderId } = await this.getVisible(userId, messageId);
      if (senderId !== userId) throw new AppError('PERMISSION_DENIED', { detail: 'Only the sender may edit a message' });
      const permit = await this.memberships.require(roomId, userId, 'message:edit-own');
      await turn.come;
      const work = async (tx: ChannelTransaction) => {
        const message = await this.messages.find(messageId, tx);
        if (!message || message.deletedAt) throw new AppError('MESSAGE_NOT_FOUND');
        if (message.content === content) return message;
        requirePlainAddress(message.type, content);
        const editedAt = new Date();
        await this.messages.update(tx, messageId, { content, editedAt });
        const stored = { roomId, id: messageId, messageId, messageSeq: message.seq, editedAt: editedAt.toISOString() };
        await tx.append({ type: ENTRY.messageEdited, actorId: userId, payload: stored, fields: () => ({ ...stored, content }) });
        return { ...message, content, editedAt: stored.editedAt };
      };
      return await this.journal.transact(roomId, work, { permit });
    } finally {
      turn.pass();
    }
  }

  /**
   * Erases the content; the row stays, so that replies and counts stay right. Deleting twice is no error.
   * The world has no admins of its own: there the administrators of the server keep order.
   */
  async remove({ userId, isAdmin }: Identity, messageId: string): Promise<Message> {
    const turn = this.turns.take(messageId + userId);
    try {
      const { roomId, senderId } = await this.getVisible(userId, messageId);
      const own = await this.memberships.require(roomId, userId, 'room:read');
      const keepsOrder = isAdmin && own.kind === 'world';
      const permit = keepsOrder ? own : await this.memberships.require(roomId, userId, senderId === userId ? 'message:delete-own' : 'message:delete-any');
      await turn.come;
      const work = async (tx: ChannelTransaction) => {
        const message = (await this.messages.find(messageId, tx))!;
        if (message.deletedAt) return message;
        const deletedAt = new Date();
        await this.messages.update(tx, messageId, { content: null, deletedAt });
        const payload = { roomId, id: messageId, messageId, messageSeq: message.seq, deletedAt: deletedAt.toISOString() };
        await tx.append({ type: ENTRY.messageDeleted, actorId: userId, payload });
        if (senderId !== userId) await this.audit.record(tx, 'message.moderated', { actorId: userId, targetId: messageId, channelId: roomId, detail: { senderId } });
        return { ...message, content: null, deletedAt: payload.deletedAt };
      };
      return await this.journal.transact(roomId, work, { permit });
    } finally {
      turn.pass();
    }
  }

  get(userId: string, messageId: string): Promise<Message> {
    return this.getVisible(userId, messageId);
  }

  async history(userId: string, roomId: string, query: HistoryQuery): Promise<History> {
    await this.memberships.require(roomId, userId, 'room:read');
    const { items, hasBefore, hasAfter } = await this.messages.page(roomId, query);
    const forwards = query.after !== undefined;
    const edge = forwards ? items.at(-1) : items[0];
    const more = forwards ? hasAfter : hasBefore;
    return { items, nextCursor: more && edge ? String(edge.seq) : null, hasBefore, hasAfter };
  }

  /** Whoever may not speak any more, and can still see the room, is told what became of what they sent before. */
  private async append(sender: Identity, roomId: string, body: PostMessage): Promise<Appended> {
    try {
      return await this.appendInTurn(sender, roomId, body);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'PERMISSION_DENIED')) throw error;
      const first = await this.entries.findOperation(roomId, sender.userId, body.clientMsgId);
      if (!first) throw error;
      if (isOfAnotherBody(first.fingerprint, this.fingerprintOf(sender.userId, body))) throw new AppError('IDEMPOTENCY_MISMATCH', { detail: 'This id was used for another body' });
      return { newId: null, placed: first };
    }
  }

  private async appendInTurn(sender: Identity, roomId: string, body: PostMessage): Promise<Appended> {
    const turn = this.turns.take(roomId + sender.userId);
    try {
      const permit = await this.memberships.require(roomId, sender.userId, 'message:send');
      if (body.type === 'system' && !sender.isAdmin) throw new AppError('PERMISSION_DENIED', { detail: 'Only administrators may send system messages' });
      requirePlainAddress(body.type, body.content);
      this.limits.require('messages', sender.userId);
      if (body.replyTo) await this.requireInRoom(roomId, body.replyTo);
      const id = uuidv7();
      await turn.come;
      const appending = this.journal.append(toEntry(id, sender.userId, permit, roomId, body, this.fingerprintOf(sender.userId, body)));
      turn.pass();
      const placed = await appending;
      return { newId: placed.duplicate ? null : id, placed };
    } finally {
      turn.pass();
    }
  }

  private fingerprintOf(actorId: string, { clientMsgId: opId, type = 'text', replyTo, content }: PostMessage): number {
    return this.fingerprints.of({ actorId, opId }, type, replyTo ?? '', content);
  }

  private async requireInRoom(roomId: string, messageId: string): Promise<void> {
    const message = await this.messages.find(messageId);
    if (message?.roomId !== roomId) throw AppError.invalid('replyTo', 'is not a message of this room');
  }

  private async getVisible(userId: string, messageId: string): Promise<Message> {
    const message = await this.messages.find(messageId);
    const rooms = message ? await this.memberships.readable(userId, [message.roomId]) : undefined;
    if (!message || !rooms?.has(message.roomId)) throw new AppError('MESSAGE_NOT_FOUND');
    return message;
  }

  /** The message that this id stored the first time. */
  private async getStored(roomId: string, { seq }: Place): Promise<Message> {
    const message = await this.messages.findBySeq(roomId, seq);
    // The id was used before, but not for a message.
    if (!message) throw new AppError('IDEMPOTENCY_MISMATCH');
    return message;
  }
}

function toEntry(id: string, senderId: string, permit: Permit, roomId: string, body: PostMessage, fingerprint: number): NewEntry {
  const type = body.type ?? 'text';
  const replyTo = body.replyTo ?? null;
  return {
    kind: 'room',
    channelId: roomId,
    type: ENTRY.newMessage,
    actorId: senderId,
    permit,
    opId: body.clientMsgId,
    fingerprint,
    counted: true,
    row: { message_id: id, message_type: type, content: body.content, reply_to: replyTo },
    fields: (placed) => toEntryFields(toMessage(id, senderId, roomId, body, placed)),
  };
}

function toMessage(id: string, senderId: string, roomId: string, body: PostMessage, { seq, at }: Place): Message {
  return {
    id,
    roomId,
    seq,
    senderId,
    type: body.type ?? 'text',
    content: body.content,
    replyTo: body.replyTo ?? null,
    clientMsgId: body.clientMsgId,
    createdAt: at,
    editedAt: null,
    deletedAt: null,
  };
}

/** A deleted message must not come back from memory either. */
function eraseFrom(recent: readonly EntryView[], messageId: unknown): void {
  for (const entry of recent) if (entry.id === messageId && 'content' in entry) entry.content = null;
}

/** @throws AppError INVALID_INPUT for a picture or file at an address with a user or password */
function requirePlainAddress(type: Message['type'] | undefined, content: string): void {
  if ((type === 'image' || type === 'file') && hasUserinfo(content.trim())) throw AppError.invalid('content', 'must not have a user or password');
}
