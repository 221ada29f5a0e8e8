import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { isUniqueViolation } from '../../platform/database/pg-errors.js';
import { AppError } from '../../platform/errors/app-error.js';
import { decodeCursor, toPage } from '../../platform/pagination.js';
import { Revocations } from '../../platform/realtime/revocations.js';
import type { Page } from '../../protocol/primitives.js';
import type { AdminUpdateUser, Profile, ProfilesQuery, UpdateMe, User, UsersQuery } from '../../protocol/users.js';
import { identityKey } from './identity-key.js';
import { Succession } from './succession.js';
import { toProfile, toUser, type UserEntity } from './user.entity.js';
import { isReserved, skeletonOf } from './username-skeleton.js';
import { type ListQuery, UsersRepository } from './users.repository.js';

const SKELETONS_AT_ONCE = 1_000;
const MAX_REFUSALS = 20;

export interface NewUser {
  /** Where somebody has to know it before. */
  readonly id?: string;
  email: string;
  username: string;
  displayName?: string | undefined;
  passwordHash: string | null;
}

/** What a login is checked against. */
export interface Credentials {
  readonly userId: string;
  readonly passwordHash: string | null;
  readonly isActive: boolean;
}

/** Users: who they are, who may act, and what others may see of them. */
@Injectable()
export class UsersService implements OnApplicationBootstrap {

  constructor(
    private readonly users: UsersRepository,
    private readonly db: Database,
    private readonly revocations: Revocations,
    private readonly succession: Succession,
    private readonly audit: Audit,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.giveSkeletons();
  }

  /**
   * Users from before names were compared by what they look like, and those whom such code still inserts during an upgrade, get their
   * skeleton before this server takes requests.
   */
  private async giveSkeletons(): Promise<void> {
    let refusals = 0;
    for (let given = SKELETONS_AT_ONCE; given === SKELETONS_AT_ONCE; ) {
      try {
        given = await this.db.transaction((tx) => this.giveSomeSkeletons(tx));
      } catch (error) {
        // Somebody has just registered with one of them on another server, and is seen the next time.
        if (!isUniqueViolation(error, 'users_username_skeleton') || ++refusals > MAX_REFUSALS) throw error;
      }
    }
  }

  private async giveSomeSkeletons(tx: Transaction): Promise<number> {
    const users = await this.users.lockWithoutSkeleton(SKELETONS_AT_ONCE, tx);
    if (users.length > 0) await this.users.setSkeletons(users.map(({ id, username }) => ({ id, skeleton: skeletonOf(username) })), tx);
    return users.length;
  }

  /**
   * @throws AppError ALREADY_EXISTS naming the field: the address or name is taken, in whatever spelling, or looks like one that is ·
   * INVALID_INPUT for a reserved name
   */
  async create({ id = uuidv7(), email, username, displayName = username, passwordHash }: NewUser, tx: Transaction): Promise<User> {
    if (isReserved(username)) throw AppError.invalid('username', 'is reserved');
    try {
      const user = await this.users.insert(
        {
          id,
          email,
          emailKey: identityKey(email),
          username,
          usernameKey: identityKey(username),
          usernameSkeleton: skeletonOf(username),
          displayName,
          displayNameKey: identityKey(displayName),
          passwordHash,
        },
        tx,
      );
      await this.audit.record(tx, 'user.registered', { actorId: user.id, targetId: user.id });
      return toUser(user);
    } catch (error) {
      if (isUniqueViolation(error, 'users_email_key')) throw alreadyExists('email', 'is taken already', error);
      if (isUniqueViolation(error, 'users_username_key')) throw alreadyExists('username', 'is taken already', error);
      if (isUniqueViolation(error, 'users_username_skeleton')) throw alreadyExists('username', 'is too like an existing name', error);
      throw error;
    }
  }

  /** By e-mail address or username. A username cannot contain an @, so one of them is meant. */
  async findCredentials(login: string): Promise<Credentials | undefined> {
    const key = identityKey(login);
    const user = await (login.includes('@') ? this.users.findByEmailKey(key) : this.users.findByUsernameKey(key));
    return user ? toCredentials(user) : undefined;
  }

  /** @throws AppError USER_NOT_FOUND */
  async getCredentials(userId: string): Promise<Credentials> {
    return toCredentials(await this.getEntity(userId));
  }

  async setPasswordHash(userId: string, passwordHash: string, tx: Transaction): Promise<void> {
    if (!(await this.users.update(userId, { passwordHash }, tx))) throw new AppError('USER_NOT_FOUND');
    await this.audit.record(tx, 'user.password-changed', { targetId: userId });
  }

  /** @throws AppError USER_NOT_FOUND */
  async getUser(userId: string): Promise<User> {
    return toUser(await this.getEntity(userId));
  }

  /** @throws AppError USER_NOT_FOUND */
  async getProfile(userId: string): Promise<Profile> {
    return toProfile(await this.getEntity(userId));
  }

  /** The profiles of those ids that exist, of former users too. */
  async getProfiles(ids: readonly string[]): Promise<Map<string, Profile>> {
    if (ids.length === 0) return new Map();
    const profiles = await this.users.profiles(ids);
    return new Map(profiles.map((profile) => [profile.id, profile]));
  }

  /** @throws AppError USER_NOT_FOUND when there is nobody, or nobody who can act */
  async requireActive(userId: string): Promise<Profile> {
    const user = await this.getEntity(userId);
    if (user.status !== 'active') throw new AppError('USER_NOT_FOUND');
    return toProfile(user);
  }

  async list({ ids, ...query }: ProfilesQuery): Promise<Page<Profile>> {
    if (ids) return { items: [...(await this.getProfiles(ids)).values()], nextCursor: null };
    return toPage(await this.users.listActive(toListQuery(query)), query.limit, toProfile, keyOf);
  }

  async listAll(query: UsersQuery): Promise<Page<User>> {
    return toPage(await this.users.listAll(toListQuery(query)), query.limit, toUser, keyOf);
  }

  /** @throws AppError USER_NOT_FOUND */
  async updateMe(userId: string, { displayName, avatarUrl, whoMayAdd }: UpdateMe): Promise<User> {
    const changes: Partial<UserEntity> = {
      ...(displayName !== undefined && { displayName, displayNameKey: identityKey(displayName) }),
      ...(avatarUrl !== undefined && { avatarUrl }),
      ...(whoMayAdd !== undefined && { whoMayAdd }),
    };
    await this.db.transaction(async (tx) => {
      if (!(await this.users.update(userId, changes, tx))) throw new AppError('USER_NOT_FOUND');
      const fields = (['displayName', 'avatarUrl', 'whoMayAdd'] as const).filter((name) => name in changes);
      if (fields.length > 0) await this.audit.record(tx, 'user.profile-changed', { targetId: userId, detail: { fields, ...(whoMayAdd && { whoMayAdd }) } });
    });
    return this.getUser(userId);
  }

  /**
   * Changes what only administrators may change. Whoever loses something by it loses it at once, on open sockets too. The sessions of a
   * user who becomes inactive end in the same transaction (a trigger on `users`), and do not come back with the account; what they owned
   * alone goes to somebody else.
   * @throws AppError USER_NOT_FOUND · PERMISSION_DENIED when no active administrator would be left
   */
  async updateAsAdmin(userId: string, { status, isAdmin }: AdminUpdateUser): Promise<User> {
    const before = await this.db.transaction(async (tx) => {
      const admins = await this.users.lockActiveAdmins(tx);
      const user = await this.users.findLocked(userId, tx);
      if (!user) throw new AppError('USER_NOT_FOUND');
      const remains = (status ?? user.status) === 'active' && (isAdmin ?? user.isAdmin);
      if (!remains && admins.length === 1 && admins[0] === userId) {
        throw new AppError('PERMISSION_DENIED', { detail: 'The last active administrator must remain one' });
      }
      const changes = { ...(status !== undefined && { status }), ...(isAdmin !== undefined && { isAdmin }) };
      await this.users.update(userId, changes, tx);
      if (status !== undefined && status !== user.status) await this.audit.record(tx, 'user.status-changed', { targetId: userId, detail: { from: user.status, to: status } });
      if (isAdmin !== undefined && isAdmin !== user.isAdmin) await this.audit.record(tx, 'user.admin-changed', { targetId: userId, detail: { from: user.isAdmin, to: isAdmin } });
      return user;
    });
    if (before.status === 'active' && status !== undefined && status !== 'active') this.revocations.announce({ userId, reason: 'suspended' });
    else if (before.isAdmin && isAdmin === false) this.revocations.announce({ userId, reason: 'revoked' });
    if (status !== undefined && status !== 'active') await this.succession.settle(userId);
    return this.getUser(userId);
  }

  private async getEntity(userId: string): Promise<UserEntity> {
    const user = await this.users.findById(userId);
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }
}

function alreadyExists(path: 'email' | 'username', message: string, cause: unknown): AppError {
  return new AppError('ALREADY_EXISTS', { detail: `${path}: ${message}`, errors: [{ path, message }] }, { cause });
}

function toCredentials({ id, passwordHash, status }: UserEntity): Credentials {
  return { userId: id, passwordHash, isActive: status === 'active' };
}

/** One more than asked for tells whether there is another page. */
function toListQuery({ q, cursor, limit }: UsersQuery): ListQuery {
  const [after = ''] = decodeCursor(cursor, 1) ?? [];
  // The key of a user is such a key itself, and nothing that PostgreSQL could not hold.
  if (typeof after !== 'string' || !after.isWellFormed() || after.includes('\0')) throw AppError.invalid('cursor', 'is not a cursor of this list');
  return { containing: identityKey(q ?? '') || undefined, after, limit: limit + 1 };
}

function keyOf({ usernameKey }: { usernameKey: string }): [string] {
  return [usernameKey];
}
