import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { JournalRepository } from '../../journal/journal.repository.js';
import { Database, type Sql, type Transaction } from '../../platform/database/database.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { HistoryQuery, Message } from '../../protocol/messages.js';
import { MessageEntity } from './message.entity.js';

interface MessageRow {
  id: string;
  room_id: string;
  seq: number;
  sender_id: string;
  type: Message['type'];
  content: string | null;
  reply_to: string | null;
  client_msg_id: string | null;
  created_at: number;
  edited_at: number | null;
  deleted_at: number | null;
}

/** Times as seconds since the epoch: a page of history has 150 of them, and text costs both sides ten times as much. */
const COLUMNS = `m.id, m.room_id, m.seq, m.sender_id, m.type, m.content, m.reply_to, m.client_msg_id,
  date_part('epoch', m.created_at) AS created_at, date_part('epoch', m.edited_at) AS edited_at, date_part('epoch', m.deleted_at) AS deleted_at`;

/** The nearest message on the other side of where the page begins. */
interface Neighboured {
  neighbour: number | null;
}

interface MessagePage {
  items: Message[];
  hasBefore: boolean;
  hasAfter: boolean;
}

/**
 * Messages are rows that follow the journal: the row is inserted by the statement that commits the entry, and the entry itself keeps no
 * content, so that an edit or a deletion leaves no copy behind. What reads the journal gets the content from here.
 */
@Injectable()
export class MessagesRepository {
  constructor(
    private readonly db: Database,
    @InjectRepository(MessageEntity) private readonly entities: Repository<MessageEntity>,
    journal: Journal,
    entries: JournalRepository,
  ) {
    journal.registerProjection({
      name: 'new_messages',
      columns: { message_id: 'uuid', message_type: 'text', content: 'text', reply_to: 'uuid' },
      sql: `INSERT INTO messages (id, room_id, seq, ordinal, sender_id, type, content, reply_to, client_msg_id, created_at)
            SELECT message_id, channel_id, seq, ordinal, actor_id, message_type, content, reply_to, op_id, at
            FROM placed WHERE message_id IS NOT NULL`,
    });
    entries.registerHydrator([ENTRY.newMessage], (views) => this.hydrateNew(views));
    entries.registerHydrator([ENTRY.messageEdited], (views) => this.hydrateEdited(views));
  }

  async find(messageId: string, sql: Sql = this.db): Promise<Message | null> {
    const rows = await sql.rows<MessageRow>(`SELECT ${COLUMNS} FROM messages m WHERE m.id = $1`, [messageId]);
    return rows[0] ? toMessage(rows[0]) : null;
  }

  async findBySeq(roomId: string, seq: number): Promise<Message | null> {
    const rows = await this.db.rows<MessageRow>(`SELECT ${COLUMNS} FROM messages m WHERE m.room_id = $1 AND m.seq = $2`, [roomId, seq]);
    return rows[0] ? toMessage(rows[0]) : null;
  }

  async update(tx: Transaction, messageId: string, change: Partial<Pick<MessageEntity, 'content' | 'editedAt' | 'deletedAt'>>): Promise<void> {
    await tx.manager.withRepository(this.entities).update(messageId, change);
  }

  /** Up to `limit` messages beside a seq, ascending. One more is read than asked for, which tells whether there are more. */
  async page(roomId: string, { before, after, around, limit }: HistoryQuery): Promise<MessagePage> {
    if (around !== undefined) return this.pageAround(roomId, around, limit);
    if (after !== undefined) {
      const { messages, isFirst } = await this.newer(roomId, after, limit + 1);
      return { items: messages.slice(0, limit), hasBefore: !isFirst, hasAfter: messages.length > limit };
    }
    const { messages, isLast } = await this.older(roomId, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
    return { items: messages.slice(-limit), hasBefore: messages.length > limit, hasAfter: !isLast };
  }

  /** Half of each side, and what one side lacks from the other. */
  private async pageAround(roomId: string, around: number, limit: number): Promise<MessagePage> {
    const [{ messages: older }, { messages: newer }] = await Promise.all([this.older(roomId, around + 1, limit + 1), this.newer(roomId, around, limit + 1)]);
    const fromNewer = Math.min(newer.length, Math.max(Math.floor(limit / 2), limit - older.length));
    const fromOlder = Math.min(older.length, limit - fromNewer);
    const items = [...older.slice(older.length - fromOlder), ...newer.slice(0, fromNewer)];
    return { items, hasBefore: older.length > fromOlder, hasAfter: newer.length > fromNewer };
  }

  /** Messages before the seq, and whether there is none at or after it: one look into the index for all rows. */
  private async older(roomId: string, before: number, limit: number): Promise<{ messages: Message[]; isLast: boolean }> {
    const neighbour = 'SELECT seq FROM messages WHERE room_id = $1 AND seq >= $2 ORDER BY seq LIMIT 1';
    const rows = await this.db.rows<MessageRow & Neighboured>(
      `SELECT ${COLUMNS}, (${neighbour}) AS neighbour FROM messages m WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`,
      [roomId, before, limit],
    );
    return { messages: rows.map(toMessage).reverse(), isLast: await this.isEdge(rows, neighbour, roomId, before) };
  }

  /** Messages after the seq, and whether there is none at or before it. */
  private async newer(roomId: string, after: number, limit: number): Promise<{ messages: Message[]; isFirst: boolean }> {
    const neighbour = 'SELECT seq FROM messages WHERE room_id = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 1';
    const rows = await this.db.rows<MessageRow & Neighboured>(
      `SELECT ${COLUMNS}, (${neighbour}) AS neighbour FROM messages m WHERE m.room_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`,
      [roomId, after, limit],
    );
    return { messages: rows.map(toMessage), isFirst: await this.isEdge(rows, neighbour, roomId, after) };
  }

  /** An empty page has no row that could tell of the neighbour: it is asked for. */
  private async isEdge([first]: readonly Neighboured[], neighbour: string, roomId: string, seq: number): Promise<boolean> {
    if (first) return first.neighbour === null;
    return (await this.db.rows(neighbour, [roomId, seq])).length === 0;
  }

  private async hydrateNew(views: EntryView[]): Promise<void> {
    // LATERAL, so that however many there are, each is one look into the index.
    const rows = await this.db.rows<MessageRow>(
      `SELECT m.* FROM unnest($1::uuid[], $2::bigint[]) AS p(room_id, seq)
       CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM messages m WHERE m.room_id = p.room_id AND m.seq = p.seq LIMIT 1) m`,
      [views.map((view) => view.channelId), views.map((view) => view.seq)],
    );
    const byPlace = new Map(rows.map((row) => [`${row.room_id}${row.seq}`, row]));
    for (const view of views) {
      const row = byPlace.get(`${view.channelId}${view.seq}`);
      if (row) Object.assign(view, toEntryFields(toMessage(row)));
    }
  }

  private async hydrateEdited(views: EntryView[]): Promise<void> {
    const rows = await this.db.rows<{ id: string; content: string | null }>('SELECT id, content FROM messages WHERE id = ANY($1::uuid[])', [
      views.map((view) => view.messageId),
    ]);
    const contents = new Map(rows.map((row) => [row.id, row.content]));
    for (const view of views) view.content = contents.get(view.messageId as string) ?? null;
  }
}

function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    roomId: row.room_id,
    seq: row.seq,
    senderId: row.sender_id,
    type: row.type,
    content: row.content,
    replyTo: row.reply_to,
    clientMsgId: row.client_msg_id,
    createdAt: toIso(row.created_at)!,
    editedAt: toIso(row.edited_at),
    deletedAt: toIso(row.deleted_at),
  };
}

function toIso(epochSeconds: number | null): string | null {
  return epochSeconds === null ? null : new Date(Math.round(epochSeconds * 1000)).toISOString();
}

/** A message as the fields of its entry, whose own `type` is another. */
export function toEntryFields({ type, duplicate: _duplicate, ...message }: Message): Record<string, unknown> {
  return { ...message, messageType: type };
}
