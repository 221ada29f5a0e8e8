import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users and sessions, the channel journal, rooms, members and messages. */
export class Foundation1700000000000 implements MigrationInterface {
  name = 'Foundation1700000000000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        email text NOT NULL,
        -- what uniqueness means: NFKC, lower case; made by the application, so that it does not depend on the server's locale
        email_key text NOT NULL CONSTRAINT users_email_key UNIQUE,
        username text NOT NULL,
        username_key text NOT NULL CONSTRAINT users_username_key UNIQUE,
        display_name text NOT NULL,
        avatar_url text,
        password_hash text,
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'suspended')),
        is_admin boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz
      );

      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        token_hash bytea NOT NULL,
        previous_hash bytea,
        rotated_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        absolute_expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_reason text,
        ip text,
        user_agent text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX sessions_by_user ON sessions (user_id) WHERE revoked_at IS NULL;
      -- nodes that missed a revocation on the bus look here
      CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

      CREATE TABLE channels (
        id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('room', 'page', 'board')),
        workspace_id uuid,
        epoch int NOT NULL DEFAULT 1,
        last_seq bigint NOT NULL DEFAULT 0,
        -- counts the entries that can be unread; see messages.ordinal
        last_ordinal bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz
      ) WITH (fillfactor = 50);

      CREATE TABLE journal (
        channel_id uuid NOT NULL,
        seq bigint NOT NULL,
        type text NOT NULL,
        actor_id uuid,
        op_id text,
        -- of what the client sent under op_id: the same id with another body is refused
        fingerprint int,
        payload jsonb,
        bytes bytea,
        at timestamptz NOT NULL,
        PRIMARY KEY (channel_id, seq)
      );
      CREATE UNIQUE INDEX journal_operation ON journal (channel_id, actor_id, op_id) WHERE op_id IS NOT NULL;

      CREATE TABLE rooms (
        channel_id uuid PRIMARY KEY REFERENCES channels,
        kind text NOT NULL CHECK (kind IN ('direct', 'group', 'world')),
        name text,
        is_private boolean NOT NULL DEFAULT false,
        password_hash text,
        owner_id uuid,
        max_members int,
        member_count int NOT NULL DEFAULT 0,
        -- the two users of a direct room, in order: the same pair has the same room
        direct_key text CONSTRAINT rooms_direct_key UNIQUE
      );
      CREATE INDEX rooms_discoverable ON rooms (channel_id) WHERE kind = 'group' AND NOT is_private;

      CREATE TABLE room_members (
        room_id uuid NOT NULL REFERENCES rooms,
        user_id uuid NOT NULL REFERENCES users,
        role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
        last_read_seq bigint NOT NULL DEFAULT 0,
        last_read_ordinal bigint NOT NULL DEFAULT 0,
        last_read_at timestamptz,
        joined_at timestamptz NOT NULL DEFAULT now(),
        -- a row with left_at is no member; it remembers a ban and the read position
        left_at timestamptz,
        muted_until timestamptz,
        banned_until timestamptz,
        PRIMARY KEY (room_id, user_id)
      ) WITH (fillfactor = 70);
      CREATE INDEX room_members_in_order ON room_members (room_id, joined_at, user_id) WHERE left_at IS NULL;
      CREATE INDEX room_members_by_user ON room_members (user_id, room_id) WHERE left_at IS NULL;

      CREATE TABLE messages (
        id uuid NOT NULL CONSTRAINT messages_id PRIMARY KEY,
        room_id uuid NOT NULL,
        seq bigint NOT NULL,
        -- counts what can be unread: 1, 2, 3 … a room; system messages repeat the last one
        ordinal bigint NOT NULL,
        sender_id uuid NOT NULL,
        type text NOT NULL CHECK (type IN ('text', 'image', 'file', 'system')),
        content text,
        reply_to uuid,
        client_msg_id text,
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        deleted_at timestamptz,
        CONSTRAINT messages_room_seq UNIQUE (room_id, seq)
      );
      -- unread = messages after the read position less the deleted ones among them
      CREATE INDEX messages_deleted ON messages (room_id, ordinal) WHERE deleted_at IS NOT NULL;

      CREATE TABLE idempotency_keys (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        key text NOT NULL,
        request text NOT NULL,
        status int,
        response jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, key)
      );
      CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
    `);
    await q.query(`
      INSERT INTO channels (id, kind) VALUES ('00000000-0000-7000-8000-000000000001', 'room');
      INSERT INTO rooms (channel_id, kind, name) VALUES ('00000000-0000-7000-8000-000000000001', 'world', 'World');
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
