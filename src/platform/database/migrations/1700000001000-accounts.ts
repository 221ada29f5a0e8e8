import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What finding users, guarding the last administrator and clearing old sessions need. */
export class Accounts1700000001000 implements MigrationInterface {
  name = 'Accounts1700000001000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- the display name as a search compares it; made by the application like the other keys
      ALTER TABLE users ADD COLUMN display_name_key text NOT NULL DEFAULT '';
      CREATE INDEX users_admins ON users (id) WHERE is_admin;
      CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
