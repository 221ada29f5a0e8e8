import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, MoreThan, Raw, Repository } from 'typeorm';
import { Database, type Sql, type Transaction } from '../../platform/database/database.js';
import { likePattern } from '../../platform/database/like-pattern.js';
import { nameContains, nameGrams } from '../../platform/database/name-grams.js';
import type { Profile } from '../../protocol/users.js';
import { UserEntity } from './user.entity.js';

/** The next page begins after this username key. */
export interface ListQuery {
  /** A key (`identityKey`); users whose names contain it. */
  containing: string | undefined;
  after: string;
  limit: number;
}

/** Any two servers that give skeletons take this lock. */
const SKELETONS_LOCK = 0x736b656c;

const PROFILE = 'id, username, display_name AS "displayName", avatar_url AS "avatarUrl"';

/** The SQL of users. Deleted ones are not found, except by `profiles`: what they said stays signed. */
@Injectable()
export class UsersRepository {
  constructor(
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
    private readonly db: Database,
  ) {}

  async insert(user: Partial<UserEntity> & { id: string }, tx: Transaction): Promise<UserEntity> {
    const users = repositoryOf(tx.manager);
    await users.insert(user);
    return users.findOneByOrFail({ id: user.id });
  }

  findById(id: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ id });
  }

  findByEmailKey(emailKey: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ emailKey });
  }

  findByUsernameKey(usernameKey: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ usernameKey });
  }

  /** False when there is no such user. */
  async update(id: string, changes: Partial<UserEntity>, tx?: Transaction): Promise<boolean> {
    const users = tx ? repositoryOf(tx.manager) : this.users;
    // TypeORM has no statement for an empty SET.
    if (Object.keys(changes).length === 0) return users.existsBy({ id });
    const { affected } = await users.update({ id, deletedAt: Raw((column) => `${column} IS NULL`) }, changes);
    return affected === 1;
  }

  /** Locks the user against changes by other transactions (not against references to the user, which every insert of theirs makes). */
  findLocked(id: string, tx: Transaction): Promise<UserEntity | null> {
    return repositoryOf(tx.manager).findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /**
   * Locks all administrators who can act and returns their ids. Transactions that take administrators away wait for each other here,
   * so that two of them cannot both believe that the other one's is left.
   */
  async lockActiveAdmins(tx: Sql): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `SELECT id FROM users WHERE is_admin AND status = 'active' AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
    );
    return rows.map((row) => row.id);
  }

  async hasActiveAdmin(sql: Sql = this.db): Promise<boolean> {
    const rows = await sql.rows(`SELECT 1 FROM users WHERE is_admin AND status = 'active' AND deleted_at IS NULL LIMIT 1`);
    return rows.length > 0;
  }

  /** Ids of users who cannot act, behind this one. */
  async listInactive(after: string | null, limit: number): Promise<string[]> {
    const rows = await this.db.rows<{ id: string }>(
      `SELECT id FROM users WHERE (status <> 'active' OR deleted_at IS NOT NULL) AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
      [after, limit],
    );
    return rows.map((row) => row.id);
  }

  /** Locks out everybody else who gives skeletons, until the transaction ends, and returns users without one, the oldest first. */
  async lockWithoutSkeleton(limit: number, tx: Sql): Promise<{ id: string; username: string }[]> {
    await tx.rows('SELECT pg_advisory_xact_lock($1)', [SKELETONS_LOCK]);
    return tx.rows('SELECT id, username FROM users WHERE username_skeleton IS NULL ORDER BY id LIMIT $1', [limit]);
  }

  /** Of those who have the same skeleton the oldest gets it; the others keep their name, and get their id instead, which is nobody's skeleton. */
  async setSkeletons(skeletons: readonly { id: string; skeleton: string }[], tx: Sql): Promise<void> {
    await tx.rows(
      `UPDATE users u SET username_skeleton = CASE
         WHEN given.place = 1 AND NOT EXISTS (SELECT FROM users other WHERE other.username_skeleton = given.skeleton) THEN given.skeleton
         ELSE u.id::text
       END
       FROM (SELECT id, skeleton, row_number() OVER (PARTITION BY skeleton ORDER BY id) AS place FROM unnest($1::uuid[], $2::text[]) AS row (id, skeleton)) given
       WHERE u.id = given.id`,
      [skeletons.map(({ id }) => id), skeletons.map(({ skeleton }) => skeleton)],
    );
  }

  profiles(ids: readonly string[]): Promise<Profile[]> {
    return this.db.rows<Profile>(`SELECT ${PROFILE} FROM users WHERE id = ANY($1::uuid[])`, [ids]);
  }

  /** Users that others may find: active ones. Ordered by username. */
  listActive({ containing, after, limit }: ListQuery): Promise<(Profile & { usernameKey: string })[]> {
    return this.db.rows(
      `SELECT ${PROFILE}, username_key AS "usernameKey" FROM users
       WHERE username_key > $2 AND status = 'active' AND deleted_at IS NULL
         AND ($1::text IS NULL OR ${nameContains('', '$1', '$4')})
       ORDER BY username_key LIMIT $3`,
      [containing === undefined ? null : likePattern(containing), after, limit, nameGrams(containing ?? '')],
    );
  }

  /** All users, for administrators; found by e-mail address too. Ordered by username. */
  listAll({ containing, after, limit }: ListQuery): Promise<UserEntity[]> {
    const beyond = { usernameKey: MoreThan(after) };
    const matches = Raw((column) => `${column} LIKE :pattern`, { pattern: likePattern(containing ?? '') });
    return this.users.find({
      where:
        containing === undefined
          ? beyond
          : [
              { usernameKey: Raw((column) => `${column} > :after AND ${column} LIKE :pattern`, { after, pattern: likePattern(containing) }) },
              { ...beyond, displayNameKey: matches },
              { ...beyond, emailKey: matches },
            ],
      order: { usernameKey: 'ASC' },
      take: limit,
    });
  }
}

function repositoryOf(manager: EntityManager): Repository<UserEntity> {
  return manager.getRepository(UserEntity);
}
