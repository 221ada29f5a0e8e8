import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What usernames look like. Whoever has none yet, because older code inserted the row, gets it when a server starts. */
export class UsernameSkeletons1700000008000 implements MigrationInterface {
  name = 'UsernameSkeletons1700000008000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- what the username looks like (UTS 39); made by the application. The user's id where an older user has that skeleton
      ALTER TABLE users ADD COLUMN username_skeleton text CONSTRAINT users_username_skeleton UNIQUE;
      CREATE INDEX users_without_skeleton ON users (id) WHERE username_skeleton IS NULL;
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
