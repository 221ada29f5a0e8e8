import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Fingerprints of bodies are keyed from now on. Those that were stored without a key let anybody who reads the database try out what an
 * erased message had said, so they go; an operation without one is known by its id alone. The column is made anew, because to clear it
 * would write the whole journal again.
 */
export class KeyedFingerprints1700000013000 implements MigrationInterface {
  name = 'KeyedFingerprints1700000013000';

  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE journal DROP COLUMN fingerprint, ADD COLUMN fingerprint int');
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
