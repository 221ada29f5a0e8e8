import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../../platform/config/config.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { addressKeys } from '../../platform/http/client-address.js';
import { metrics } from '../../platform/metrics/metrics.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { Revocations } from '../../platform/realtime/revocations.js';
import type { ChangePassword, IssuedTokens, Login, Register, Registration } from '../../protocol/auth.js';
import { AdminClaims } from '../users/admin-claims.service.js';
import { InvitedRegistrations } from '../users/invited-registrations.js';
import { UsersService } from '../users/users.service.js';
import { AccessTokens } from './access-tokens.js';
import type { Device } from './device.js';
import { DeviceTokens } from './device-tokens.js';
import { LoginPace } from './login-pace.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordRules } from './password-rules.js';
import { type OpenedSession, SessionsService } from './sessions.service.js';

type NewAccount = Omit<Register, 'cookie' | 'deviceToken'>;

/** Ways in: registration, login, refresh; and the change of the password. */
@Injectable()
export class AuthService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordHasher,
    private readonly rules: PasswordRules,
    private readonly accessTokens: AccessTokens,
    private readonly devices: DeviceTokens,
    private readonly pace: LoginPace,
    private readonly rateLimits: RateLimits,
    private readonly revocations: Revocations,
    private readonly invited: InvitedRegistrations,
    private readonly adminClaims: AdminClaims,
    private readonly config: Config,
  ) {}

  get registration(): Registration {
    return { mode: this.config.get('REGISTRATION') };
  }

  /**
   * With an invite the user is in the room or page as well, or there is no user. Whoever is to be the first administrator may always
   * register: the token of that link counts as an invite that leads to nothing.
   * @throws AppError ALREADY_EXISTS · INVALID_INPUT for a password that is easily guessed · RATE_LIMITED · UNAVAILABLE ·
   *   PERMISSION_DENIED without an invite where one is needed, or nobody may register · INVITE_NOT_FOUND, INVITE_EXPIRED, GROUP_FULL the
   *   invite opens nothing
   */
  async register({ password, inviteToken: token, ...user }: NewAccount, device: Device): Promise<IssuedTokens> {
    this.rateLimits.requireFrom('registerByAddress', device.ip);
    const isOperators = token !== undefined && (await this.adminClaims.isOpen(token));
    const inviteToken = isOperators ? undefined : token;
    if (!isOperators) this.requireOpenFor(inviteToken);
    this.rules.require('password', password, user);
    // Asked before the password is hashed, which is the larger part of the work.
    if (inviteToken !== undefined) await this.invited.door.requireOpen(inviteToken);
    const passwordHash = await this.passwords.hash(password, clientOf(device));
    const id = uuidv7();
    let opened: OpenedSession | undefined;
    const enroll = async (tx: Transaction): Promise<void> => {
      await this.users.create({ ...user, id, passwordHash }, tx);
      opened = await this.sessions.openFirst(id, passwordHash, device, tx);
    };
    if (inviteToken === undefined) await this.db.transaction(enroll);
    else await this.invited.door.acceptAs(inviteToken, id, enroll);
    return this.toTokens(opened!, device);
  }

  private requireOpenFor(inviteToken: string | undefined): void {
    const { mode } = this.registration;
    if (mode === 'closed') throw new AppError('PERMISSION_DENIED', { detail: 'Nobody can register on this server' });
    if (mode === 'invite' && inviteToken === undefined) {
      throw new AppError('PERMISSION_DENIED', { detail: 'Registration is by invitation', errors: [{ path: 'inviteToken', message: 'is required' }] });
    }
  }

  /**
   * An unknown user and a wrong password get the same answer after the same work (OWASP Authentication Cheat Sheet). Only who knows the
   * password learns that the account is suspended.
   * @throws AppError UNAUTHENTICATED · PERMISSION_DENIED · RATE_LIMITED · UNAVAILABLE
   */
  async login({ login, password }: Pick<Login, 'login' | 'password'>, device: Device): Promise<IssuedTokens> {
    const credentials = await this.users.findCredentials(login);
    const attempt = await this.pace.enter(login, credentials?.userId, device);
    const isRight = await this.passwords.verify(credentials?.passwordHash ?? null, password, attempt.by);
    if (!credentials || !isRight) throw loginRefused(credentials ? 'wrong-password' : 'unknown-user');
    if (!credentials.isActive) {
      metrics.authFailures.inc({ reason: 'suspended' });
      throw new AppError('PERMISSION_DENIED', { detail: 'This account is not active' });
    }
    const opened = await this.sessions.open(credentials.userId, credentials.passwordHash, device);
    // The password was changed, or the account suspended, while we looked.
    if (!opened) throw loginRefused('wrong-password');
    attempt.succeeded();
    return this.toTokens(opened, device);
  }

  /** @throws AppError UNAUTHENTICATED */
  async refresh(refreshToken: string, device: Device): Promise<IssuedTokens> {
    return this.toTokens(await this.sessions.rotate(refreshToken, device), device);
  }

  /**
   * Ends all other sessions with the old password.
   * @throws AppError PERMISSION_DENIED when `current` is wrong · INVALID_INPUT when `next` is easily guessed · RATE_LIMITED, because a stolen access token must not be a way to guess it
   */
  async changePassword({ userId, sessionId }: Identity, { current, next }: ChangePassword): Promise<void> {
    this.rateLimits.require('passwordChange', sessionId);
    const { passwordHash } = await this.users.getCredentials(userId);
    if (!(await this.passwords.verify(passwordHash, current, userId))) {
      metrics.authFailures.inc({ reason: 'wrong-password' });
      const message = 'is not your password';
      throw new AppError('PERMISSION_DENIED', { detail: `current: ${message}`, errors: [{ path: 'current', message }] });
    }
    this.rules.require('next', next, await this.users.getUser(userId));
    const nextHash = await this.passwords.hash(next, userId);
    await this.db.transaction(async (tx) => {
      await this.users.setPasswordHash(userId, nextHash, tx);
      await this.sessions.revokeOthers(userId, sessionId, 'password-changed', tx);
    });
    this.rateLimits.giveBack('passwordChange', sessionId);
    this.revocations.announce({ userId, exceptSessionId: sessionId, reason: 'password-changed' });
  }

  private async toTokens({ userId, sessionId, generation, refreshToken }: OpenedSession, device: Device): Promise<IssuedTokens> {
    return {
      user: await this.users.getUser(userId),
      accessToken: this.accessTokens.issue(userId, sessionId, generation),
      refreshToken,
      expiresIn: this.accessTokens.ttlSeconds,
      deviceToken: this.devices.issue(userId, device.token),
    };
  }
}

function clientOf({ ip }: Device): string {
  return addressKeys(ip).client;
}

function loginRefused(reason: 'unknown-user' | 'wrong-password'): AppError {
  metrics.authFailures.inc({ reason });
  return new AppError('UNAUTHENTICATED', { detail: 'The login or the password is wrong' });
}
