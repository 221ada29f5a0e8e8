import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What receipts are read off: where a membership began, and the entries that moved a read position. */
export class Receipts1700000006500 implements MigrationInterface {
  name = 'Receipts1700000006500';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- the channel's last seq when the member came, the last time: what was said before it is not unread, and was not read either
      ALTER TABLE room_members ADD COLUMN joined_seq bigint NOT NULL DEFAULT 0;
      UPDATE room_members m SET joined_seq = j.seq
      FROM (SELECT channel_id, payload->>'userId' AS user_id, max(seq) AS seq FROM journal WHERE type = 'member-joined' GROUP BY 1, 2) j
      WHERE m.room_id = j.channel_id AND m.user_id::text = j.user_id;
      -- nobody joins the world by an entry: what was read there so far is not known
      UPDATE room_members SET joined_seq = last_read_seq WHERE room_id = '00000000-0000-7000-8000-000000000001';

      -- in a large room reads are no entries: the position after which this member's first such read began. Beyond it nobody knows when they read
      ALTER TABLE room_members ADD COLUMN unannounced_after bigint;
      UPDATE room_members SET unannounced_after = 0 WHERE room_id IN (SELECT channel_id FROM rooms WHERE member_count > 100);

      -- who read what, and when; an index of these entries alone, so that messages cost nothing more
      CREATE INDEX journal_reads ON journal (channel_id, actor_id, seq) WHERE type = 'read';
      -- room_members.last_read_at is not written any more: the time of the last move says nothing about any one message
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
