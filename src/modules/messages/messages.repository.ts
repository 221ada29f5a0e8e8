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

/** Bytes of the contents in one page of history. */
const MAX_PAGE_BYTES = 1_000_000;

/** What lies on one side of a seq, ascending. */
interface Side {
  messages: Message[];
  hasMore: boolean;
  /** There is nothing on the other side. */
  isEdge: boolean;
}

/**
 * The first of the rows, in their order, whose contents have so many bytes together, and the one that goes beyond; each with the `total`
 * of rows that there are. The length of a text is known without reading it.
 */
function withinBytes(sql: string, order: string, maxBytes: number | string): string {
  return `SELECT * FROM (
    SELECT *, sum(coalesce(octet_length(content), 0)) OVER (ORDER BY ${order}) - coalesce(octet_length(content), 0) AS bytes_before, count(*) OVER () AS total
    FROM (${sql}) rows
  ) measured WHERE bytes_before < ${maxBytes} ORDER BY ${order}`;
}

/** What comes after the last row that there was room for. */
function leftBehind(views: EntryView[], rows: readonly { number: number; total: number }[]): EntryView[] {
  const last = rows.at(-1);
  return last && rows.length < last.total ? views.slice(last.number) : [];
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
    entries.registerHydrator([ENTRY.newMessage], (views, maxBytes) => this.hydrateNew(views, maxBytes));
    entries.registerHydrator([ENTRY.messageEdited], (views, maxBytes) => this.hydrateEdited(views, maxBytes));
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

  /** Up to `limit` messages beside a seq, ascending; fewer where they are large. One more is counted, which tells whether there are more. */
  async page(roomId: string, { before, after, around, limit }: HistoryQuery): Promise<MessagePage> {
    if (around !== undefined) return this.pageAround(roomId, around, limit);
    if (after !== undefined) {
      const { messages, hasMore, isEdge } = await this.newer(roomId, after, limit);
      return { items: messages, hasBefore: !isEdge, hasAfter: hasMore };
    }
    const { messages, hasMore, isEdge } = await this.older(roomId, before ?? Number.MAX_SAFE_INTEGER, limit);
    return { items: messages, hasBefore: hasMore, hasAfter: !isEdge };
  }

  /** Half of each side, and what one side lacks from the other. */
  private async pageAround(roomId: string, around: number, limit: number): Promise<MessagePage> {
    const [older, newer] = await Promise.all([this.older(roomId, around + 1, limit), this.newer(roomId, around, limit)]);
    const fromNewer = Math.min(newer.messages.length, Math.max(Math.floor(limit / 2), limit - older.messages.length));
    const fromOlder = Math.min(older.messages.length, limit - fromNewer);
    const items = [...older.messages.slice(older.messages.length - fromOlder), ...newer.messages.slice(0, fromNewer)];
    return { items, hasBefore: older.hasMore || older.messages.length > fromOlder, hasAfter: newer.hasMore || newer.messages.length > fromNewer };
  }

  /** Messages before the seq; it is an edge when there is none at or after it. */
  private older(roomId: string, before: number, limit: number): Promise<Side> {
    return this.side(roomId, before, limit, { where: 'm.seq < $2', order: 'seq DESC', neighbour: 'seq >= $2 ORDER BY seq LIMIT 1' });
  }

  /** Messages after the seq; it is an edge when there is none at or before it. */
  private newer(roomId: string, after: number, limit: number): Promise<Side> {
    return this.side(roomId, after, limit, { where: 'm.seq > $2', order: 'seq', neighbour: 'seq <= $2 ORDER BY seq DESC LIMIT 1' });
  }

  /** One look into the index for all rows, and one for what lies on the other side of the seq. */
  private async side(roomId: string, seq: number, limit: number, { where, order, neighbour }: { where: string; order: string; neighbour: string }): Promise<Side> {
    const beyond = `SELECT seq FROM messages WHERE room_id = $1 AND ${neighbour}`;
    const rows = await this.db.rows<MessageRow & { neighbour: number | null; total: number }>(
      withinBytes(`SELECT ${COLUMNS}, (${beyond}) AS neighbour FROM messages m WHERE m.room_id = $1 AND ${where} ORDER BY m.${order} LIMIT $3`, order, MAX_PAGE_BYTES),
      [roomId, seq, limit + 1],
    );
    const [first] = rows;
    // An empty page has no row that could tell of the neighbour: it is asked for.
    const isEdge = first ? first.neighbour === null : (await this.db.rows(beyond, [roomId, seq])).length === 0;
    const messages = rows.slice(0, limit).map(toMessage);
    if (order !== 'seq') messages.reverse();
    return { messages, hasMore: (first?.total ?? 0) > messages.length, isEdge };
  }

  private async hydrateNew(views: EntryView[], maxBytes: number): Promise<EntryView[]> {
    // LATERAL, so that however many there are, each is one look into the index.
    const rows = await this.db.rows<MessageRow & { number: number; total: number }>(
      withinBytes(
        `SELECT m.*, p.number FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS p(room_id, seq, number)
         CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM messages m WHERE m.room_id = p.room_id AND m.seq = p.seq LIMIT 1) m`,
        'number',
        '$3',
      ),
      [views.map((view) => view.channelId), views.map((view) => view.seq), maxBytes],
    );
    for (const row of rows) Object.assign(views[row.number - 1]!, toEntryFields(toMessage(row)));
    return leftBehind(views, rows);
  }

  private async hydrateEdited(views: EntryView[], maxBytes: number): Promise<EntryView[]> {
    const rows = await this.db.rows<{ number: number; content: string | null; total: number }>(
      withinBytes(
        `SELECT p.number, m.content FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, number) LEFT JOIN messages m ON m.id = p.id`,
        'number',
        '$2',
      ),
      [views.map((view) => view.messageId), maxBytes],
    );
    for (const { number, content } of rows) views[number - 1]!.content = content;
    return leftBehind(views, rows);
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
