import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may come near whom: blocks, and who may add somebody by name. */
export class Blocks1700000007500 implements MigrationInterface {
  name = 'Blocks1700000007500';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE users ADD COLUMN who_may_add text NOT NULL DEFAULT 'anyone' CHECK (who_may_add IN ('anyone', 'shared', 'nobody'));

      CREATE TABLE user_blocks (
        -- who blocks
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        blocked_id uuid NOT NULL REFERENCES users ON DELETE CASCADE CHECK (blocked_id <> user_id),
        created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
        PRIMARY KEY (user_id, blocked_id)
      );
      CREATE INDEX user_blocks_in_order ON user_blocks (user_id, created_at, blocked_id);
      CREATE UNIQUE INDEX user_blocks_by_blocked ON user_blocks (blocked_id, user_id);
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
