import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { JournalRepository } from '../../journal/journal.repository.js';
import { Database, type Sql, type Transaction } from '../../platform/database/database.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { HistoryQuery, Message } from '../../protocol/messages.js';
import { messageJson } from '../rooms/rooms.repository.js';
import { MessageEntity } from './message.entity.js';

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
    const rows = await sql.rows<{ message: Message }>(`SELECT ${messageJson('m')} AS message FROM messages m WHERE m.id = $1`, [messageId]);
    return rows[0]?.message ?? null;
  }

  async findBySeq(roomId: string, seq: number): Promise<Message | null> {
    const rows = await this.db.rows<{ message: Message }>(
      `SELECT ${messageJson('m')} AS message FROM messages m WHERE m.room_id = $1 AND m.seq = $2`,
      [roomId, seq],
    );
    return rows[0]?.message ?? null;
  }

  async update(tx: Transaction, messageId: string, change: Partial<Pick<MessageEntity, 'content' | 'editedAt' | 'deletedAt'>>): Promise<void> {
    await tx.manager.withRepository(this.entities).update(messageId, change);
  }

  /** Up to `limit` messages beside a seq, ascending. */
  async page(roomId: string, { before, after, around, limit }: HistoryQuery): Promise<Message[]> {
    if (around !== undefined) {
      const [older, newer] = await Promise.all([this.older(roomId, around + 1, limit), this.newer(roomId, around, limit)]);
      // Half of each, and what one side lacks from the other.
      const fromNewer = Math.min(newer.length, Math.max(Math.floor(limit / 2), limit - older.length));
      return [...older.slice(-(limit - fromNewer)), ...newer.slice(0, fromNewer)];
    }
    return after !== undefined ? this.newer(roomId, after, limit) : this.older(roomId, before ?? Number.MAX_SAFE_INTEGER, limit);
  }

  /** Whether there are messages before and after the two seqs. */
  async surroundings(roomId: string, first: number, last: number): Promise<{ hasBefore: boolean; hasAfter: boolean }> {
    const rows = await this.db.rows<{ has_before: boolean; has_after: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM messages WHERE room_id = $1 AND seq < $2) AS has_before,
              EXISTS (SELECT 1 FROM messages WHERE room_id = $1 AND seq > $3) AS has_after`,
      [roomId, first, last],
    );
    return { hasBefore: rows[0]!.has_before, hasAfter: rows[0]!.has_after };
  }

  private async older(roomId: string, before: number, limit: number): Promise<Message[]> {
    const rows = await this.db.rows<{ message: Message }>(
      `SELECT ${messageJson('m')} AS message FROM messages m WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`,
      [roomId, before, limit],
    );
    return rows.map((row) => row.message).reverse();
  }

  private async newer(roomId: string, after: number, limit: number): Promise<Message[]> {
    const rows = await this.db.rows<{ message: Message }>(
      `SELECT ${messageJson('m')} AS message FROM messages m WHERE m.room_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`,
      [roomId, after, limit],
    );
    return rows.map((row) => row.message);
  }

  private async hydrateNew(views: EntryView[]): Promise<void> {
    const rows = await this.db.rows<{ message: Message }>(
      `SELECT ${messageJson('m')} AS message FROM unnest($1::uuid[], $2::bigint[]) AS p(room_id, seq)
       JOIN messages m ON m.room_id = p.room_id AND m.seq = p.seq`,
      [views.map((view) => view.channelId), views.map((view) => view.seq)],
    );
    const byPlace = new Map(rows.map(({ message }) => [`${message.roomId}${message.seq}`, message]));
    for (const view of views) Object.assign(view, toEntryFields(byPlace.get(`${view.channelId}${view.seq}`)!));
  }

  private async hydrateEdited(views: EntryView[]): Promise<void> {
    const rows = await this.db.rows<{ id: string; content: string | null }>('SELECT id, content FROM messages WHERE id = ANY($1::uuid[])', [
      views.map((view) => view.messageId),
    ]);
    const contents = new Map(rows.map((row) => [row.id, row.content]));
    for (const view of views) view.content = contents.get(view.messageId as string) ?? null;
  }
}

/** A message as the fields of its entry, whose own `type` is another. */
export function toEntryFields({ type, duplicate: _duplicate, ...message }: Message): Record<string, unknown> {
  return { ...message, messageType: type };
}
