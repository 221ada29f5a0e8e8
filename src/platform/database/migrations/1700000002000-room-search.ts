import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finding rooms by name, whatever the locale of the database folds. */
export class RoomSearch1700000002000 implements MigrationInterface {
  name = 'RoomSearch1700000002000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- the name as a search compares it; made by the application like the keys of users
      ALTER TABLE rooms ADD COLUMN name_key text;
      UPDATE rooms SET name_key = lower(name);
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
