import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pages, roles on documents, and invites to every kind of channel. */
export class Pages1700000003000 implements MigrationInterface {
  name = 'Pages1700000003000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- not compressed: then its size is known without reading it, and what one read brings can be bounded
      ALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL;

      CREATE TABLE pages (
        channel_id uuid PRIMARY KEY REFERENCES channels,
        page_id text NOT NULL CONSTRAINT pages_page_id UNIQUE,
        title text NOT NULL,
        -- the title and the slug as a search compares them; made by the application
        search_key text NOT NULL,
        creator_id uuid NOT NULL REFERENCES users,
        -- a snapshot, written behind; the page is this and the journal's entries after version
        schema jsonb NOT NULL,
        version bigint NOT NULL DEFAULT 0
      );
      CREATE INDEX pages_by_creator ON pages (creator_id);
      -- one in a thousand versions, so that any version is near one of them
      CREATE TABLE page_checkpoints (
        channel_id uuid NOT NULL REFERENCES pages ON DELETE CASCADE,
        version bigint NOT NULL,
        schema jsonb NOT NULL,
        PRIMARY KEY (channel_id, version)
      );

      CREATE TABLE grants (
        channel_id uuid NOT NULL REFERENCES channels,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        role text NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
        invited_by uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (channel_id, user_id)
      );
      CREATE INDEX grants_by_user ON grants (user_id, channel_id);

      CREATE TABLE invites (
        id uuid PRIMARY KEY,
        -- SHA-256 of the token, which nobody can read again
        token_hash bytea NOT NULL CONSTRAINT invites_token UNIQUE,
        kind text NOT NULL CHECK (kind IN ('room', 'page', 'board', 'workspace')),
        target_id uuid NOT NULL,
        -- nobody becomes an owner by a link
        role text NOT NULL CHECK (role <> 'owner'),
        created_by uuid REFERENCES users ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        max_uses int,
        uses int NOT NULL DEFAULT 0 CHECK (uses <= max_uses),
        revoked_at timestamptz
      );
      CREATE INDEX invites_by_target ON invites (kind, target_id, id) WHERE revoked_at IS NULL;
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
