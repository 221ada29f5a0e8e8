import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links by which a server that has no administrator gets its first one. */
export class AdminClaims1700000011500 implements MigrationInterface {
  name = 'AdminClaims1700000011500';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE admin_claims (
        -- SHA-256 of the token, which is printed at the start and nowhere else
        token_hash bytea PRIMARY KEY,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        -- all end when one of them is used
        ended_at timestamptz,
        used_by uuid REFERENCES users ON DELETE SET NULL
      );
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
