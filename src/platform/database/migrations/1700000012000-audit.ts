import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log. Rows are only ever added: nobody has the right to do anything else to them, and where that would not count, since
 * whoever owns a table may grant it to themselves and a superuser needs none, triggers refuse it.
 */
export class Audit1700000012000 implements MigrationInterface {
  name = 'Audit1700000012000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE audit_events (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        action text NOT NULL CHECK (length(action) <= 64),
        actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'server', 'anonymous')),
        -- without references to users, rooms or whatever else may be erased: what has happened stays
        actor_id uuid CHECK ((actor_id IS NOT NULL) = (actor_kind = 'user')),
        target_kind text CHECK (length(target_kind) <= 64),
        target_id uuid,
        channel_id uuid,
        request_id text CHECK (length(request_id) <= 128),
        detail jsonb NOT NULL CHECK (octet_length(detail::text) <= 2048),
        -- whose key opens the device
        person_id uuid,
        device bytea CHECK (octet_length(device) <= 1024),
        CHECK ((target_kind IS NULL) = (target_id IS NULL)),
        CHECK ((person_id IS NULL) = (device IS NULL))
      );
      CREATE INDEX audit_events_in_order ON audit_events (at, id);
      CREATE INDEX audit_events_by_actor ON audit_events (actor_id, at, id) WHERE actor_id IS NOT NULL;
      CREATE INDEX audit_events_by_action ON audit_events (action, at, id);
      CREATE INDEX audit_events_by_target ON audit_events (target_id, at, id) WHERE target_id IS NOT NULL;
      CREATE INDEX audit_events_by_channel ON audit_events (channel_id, at, id) WHERE channel_id IS NOT NULL;

      -- to erase from where somebody has acted is to delete their row
      CREATE TABLE audit_keys (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        key bytea NOT NULL CHECK (octet_length(key) = 32)
      );

      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events EXECUTE FUNCTION refuse_audit_change();
      -- also in a session that plays the part of a replica
      ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_are_kept;

      -- of everybody who has been given them, by default privileges too
      DO $$
      DECLARE
        grantee regrole;
      BEGIN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM PUBLIC, CURRENT_USER;
        FOR grantee IN SELECT DISTINCT acl.grantee::regrole FROM pg_class, aclexplode(relacl) acl WHERE pg_class.oid = 'audit_events'::regclass AND acl.grantee <> 0 LOOP
          EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM %s', grantee);
        END LOOP;
      END $$;
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
