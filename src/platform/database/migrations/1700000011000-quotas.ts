import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is counted of a user is found by an index that has nothing else in it, however much they have deleted. */
export class Quotas1700000011000 implements MigrationInterface {
  name = 'Quotas1700000011000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Why the room counts as one of its owner's: they made it, or somebody else did and handed it over. Null: it counts for nobody.
      ALTER TABLE rooms ADD COLUMN counts_as text CHECK (counts_as IN ('made', 'received'));
      UPDATE rooms r SET counts_as = 'made' FROM channels c
        WHERE c.id = r.channel_id AND c.deleted_at IS NULL AND r.kind = 'group' AND r.owner_id IS NOT NULL;
      CREATE INDEX rooms_counted ON rooms (owner_id, counts_as) WHERE counts_as IS NOT NULL;

      -- The page counts for its creator; not while it is deleted.
      ALTER TABLE pages ADD COLUMN counts boolean NOT NULL DEFAULT true;
      -- The snapshot as JSON text, without compression.
      ALTER TABLE pages ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
      -- A gzip stream ends with the size of what it holds, the lowest byte first (RFC 1952 §2.3.1).
      UPDATE pages p SET counts = c.deleted_at IS NULL, bytes = (
        SELECT sum(get_byte(trailer, i)::bigint << (8 * i)) FROM substr(p.content, octet_length(p.content) - 3) AS trailer, generate_series(0, 3) AS i
      ) FROM channels c WHERE c.id = p.channel_id;
      CREATE INDEX pages_counted ON pages (creator_id) INCLUDE (bytes) WHERE counts;

      CREATE INDEX invites_open ON invites (created_by, expires_at) WHERE revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses);
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
