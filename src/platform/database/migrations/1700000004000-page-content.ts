import type { MigrationInterface, QueryRunner } from 'typeorm';
import { gzipText } from '../../gzipped-text.js';

/** Snapshots of pages as gzipped JSON: nothing looks into them in the database, and as `jsonb` a large one kept commits waiting. */
export class PageContent1700000004000 implements MigrationInterface {
  name = 'PageContent1700000004000';

  async up(q: QueryRunner): Promise<void> {
    for (const table of ['pages', 'page_checkpoints']) {
      await q.query(`ALTER TABLE ${table} ADD COLUMN content bytea, ALTER COLUMN content SET STORAGE EXTERNAL`);
      await convert(q, table);
      await q.query(`ALTER TABLE ${table} ALTER COLUMN content SET NOT NULL, DROP COLUMN schema`);
    }
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}

/** One at a time: each may be megabytes. */
async function convert(q: QueryRunner, table: string): Promise<void> {
  for (;;) {
    const [row] = (await q.query(`SELECT channel_id, version, schema::text AS text FROM ${table} WHERE content IS NULL LIMIT 1`)) as { channel_id: string; version: string; text: string }[];
    if (!row) return;
    await q.query(`UPDATE ${table} SET content = $3 WHERE channel_id = $1 AND version = $2`, [row.channel_id, row.version, await gzipText(row.text)]);
  }
}
