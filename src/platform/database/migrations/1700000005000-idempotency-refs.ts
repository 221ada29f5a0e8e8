import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Of a request with an `Idempotency-Key` only what identifies the thing that it made is kept, and no answer: what is in an answer may be
 * edited or erased later. Answers that were kept are deleted, along with the fingerprints, which had no key.
 */
export class IdempotencyRefs1700000005000 implements MigrationInterface {
  name = 'IdempotencyRefs1700000005000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`TRUNCATE idempotency_keys`);
    await q.query(`
      ALTER TABLE idempotency_keys
        DROP COLUMN response,
        ADD COLUMN kind text,
        ADD COLUMN ref jsonb CHECK (octet_length(ref::text) <= 65536),
        ADD CHECK ((kind IS NULL) = (ref IS NULL))
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
