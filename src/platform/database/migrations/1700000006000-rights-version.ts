import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lets the statement that commits an entry see that its actor's right is gone, without asking for the right. */
export class RightsVersion1700000006000 implements MigrationInterface {
  name = 'RightsVersion1700000006000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- counts what has taken rights in the channel away: a right that was read at another version must be read again before it is used
      ALTER TABLE channels ADD COLUMN rights_version bigint NOT NULL DEFAULT 0;

      -- Whoever becomes inactive loses their rights everywhere, whatever the way. Channels are locked in id order, as commits do it.
      CREATE FUNCTION take_rights_of_inactive_user() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          WITH concerned AS MATERIALIZED (
            SELECT id FROM channels WHERE id IN (
              SELECT room_id FROM room_members WHERE user_id = NEW.id AND left_at IS NULL
              UNION SELECT channel_id FROM grants WHERE user_id = NEW.id
              UNION SELECT channel_id FROM rooms WHERE channel_id = '00000000-0000-7000-8000-000000000001'
            ) ORDER BY id FOR NO KEY UPDATE
          )
          UPDATE channels c SET rights_version = rights_version + 1 FROM concerned WHERE c.id = concerned.id;
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER users_inactive AFTER UPDATE OF status, deleted_at ON users FOR EACH ROW
        WHEN (OLD.status = 'active' AND OLD.deleted_at IS NULL AND NOT (NEW.status = 'active' AND NEW.deleted_at IS NULL))
        EXECUTE FUNCTION take_rights_of_inactive_user();
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
