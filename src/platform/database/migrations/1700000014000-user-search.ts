import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Users are found by any part of their names, one or two Chinese characters included. Not by pg_trgm: not every PostgreSQL has the extension
 * or lets our role create it, it has no index for less than three characters, and in some locales none for what is not ASCII.
 */
export class UserSearch1700000014000 implements MigrationInterface {
  name = 'UserSearch1700000014000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Every one, two and three characters in a row of the names; the application makes the same of what somebody looks for. The text is cut
      -- after every third character, from the first, second and third on, and likewise for two: ten times as fast as one by one. Names are
      -- one line, without the unit separator (U+001F) that stands at the cuts.
      CREATE FUNCTION name_grams(names text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_remove(string_to_array(concat_ws(chr(31),
          regexp_replace(names, '(.)', '\\1' || chr(31), 'g'),
          regexp_replace(names, '(..)', '\\1' || chr(31), 'g'), regexp_replace(substr(names, 2), '(..)', '\\1' || chr(31), 'g'),
          regexp_replace(names, '(...)', '\\1' || chr(31), 'g'), regexp_replace(substr(names, 2), '(...)', '\\1' || chr(31), 'g'), regexp_replace(substr(names, 3), '(...)', '\\1' || chr(31), 'g')
        ), chr(31)), '')
      $$;
      CREATE INDEX users_by_name ON users USING gin (name_grams(username_key || E'\\n' || display_name_key));
    `);
    // The planner has to know how common each of them is.
    await q.query('ANALYZE users');
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup instead');
  }
}
