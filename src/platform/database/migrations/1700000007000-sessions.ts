import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions end for good with the account, whatever makes it inactive; and a refresh can be repeated until what it gave has been used. */
export class Sessions1700000007000 implements MigrationInterface {
  name = 'Sessions1700000007000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Refreshes of the session so far; access tokens name theirs.
      ALTER TABLE sessions ADD COLUMN generation int NOT NULL DEFAULT 0;
      -- The newest generation of which an access token was used: from then on the refresh token before it is a sign of theft.
      ALTER TABLE sessions ADD COLUMN used_generation int NOT NULL DEFAULT 0;
      -- Whoever lost the answer to a refresh in the upgrade may still repeat it. Of all others it is not known, so it counts as used.
      UPDATE sessions SET generation = 1 WHERE previous_hash IS NOT NULL AND rotated_at > now() - interval '10 minutes';
    `);
    await q.query(`
      -- A trigger, so that no way to suspend or delete a user can forget it, a statement by hand included: it runs in the same transaction.
      -- A sign-in that is under way holds the user's row (FOR SHARE), so the session is either here to be revoked or is refused.
      CREATE FUNCTION revoke_sessions_of_inactive_user() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE sessions SET revoked_at = now(), revoked_reason = CASE WHEN NEW.deleted_at IS NULL THEN 'suspended' ELSE 'deleted' END
          WHERE user_id = NEW.id AND revoked_at IS NULL;
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER users_inactive_sessions AFTER UPDATE OF status, deleted_at ON users
        FOR EACH ROW WHEN (NEW.status <> 'active' OR NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION revoke_sessions_of_inactive_user();
      -- sessions of those who are inactive by now would come back with their account
      UPDATE sessions s SET revoked_at = now(), revoked_reason = CASE WHEN u.deleted_at IS NULL THEN 'suspended' ELSE 'deleted' END
      FROM users u WHERE u.id = s.user_id AND s.revoked_at IS NULL AND (u.status <> 'active' OR u.deleted_at IS NOT NULL);
      -- whose things need another owner
      CREATE INDEX users_not_active ON users (id) WHERE status <> 'active' OR deleted_at IS NOT NULL;
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
