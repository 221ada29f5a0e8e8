import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payloads of entries are stored as they are. What is compressed may be a hundred times as large as it looks, so that nobody could bound an
 * answer without reading all of it; and to compress a large patch took longer than to write it. Rows that are there stay as they are.
 */
export class PlainPayloads1700000009000 implements MigrationInterface {
  name = 'PlainPayloads1700000009000';

  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL');
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
