import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';
import { createSecretToken, hashOfToken } from '../../platform/secret-token.js';
import { AdminClaimsRepository } from './admin-claims.repository.js';
import { UsersRepository } from './users.repository.js';

const VALID_SECONDS = 86_400;

/**
 * How a server gets its first administrator: whoever runs it is shown a link when it starts, and whoever opens that link first, signed in,
 * is the one. An e-mail address is no proof, because addresses are not verified.
 */
@Injectable()
export class AdminClaims {
  constructor(
    private readonly claims: AdminClaimsRepository,
    private readonly users: UsersRepository,
    private readonly db: Database,
    private readonly limits: RateLimits,
    private readonly audit: Audit,
  ) {}

  /** A new token, good for a day; undefined when there is an administrator. Several nodes may each have one. */
  async offer(): Promise<string | undefined> {
    if (await this.users.hasActiveAdmin()) return undefined;
    const token = createSecretToken();
    await this.claims.insert(hashOfToken(token), VALID_SECONDS);
    return token;
  }

  /** Whether the token would make somebody an administrator now. */
  async isOpen(token: string): Promise<boolean> {
    const claim = await this.claims.find(hashOfToken(token));
    return claim !== null && !claim.hasEnded && !claim.hasExpired && !(await this.users.hasActiveAdmin());
  }

  /**
   * Makes the user the administrator. Of several at once one succeeds; to send it again does nothing.
   * @throws AppError NOT_FOUND there is no such token · PERMISSION_DENIED it has been used, or has expired: `errors` says which ·
   *   ALREADY_EXISTS there is an administrator · RATE_LIMITED
   */
  async claim(token: string, userId: string): Promise<void> {
    this.limits.require('adminClaims', userId);
    const tokenHash = hashOfToken(token);
    await this.db.transaction(async (tx) => {
      await this.claims.lock(tx);
      const claim = await this.claims.find(tokenHash, tx);
      if (!claim) throw new AppError('NOT_FOUND', { detail: 'There is no such link' });
      if (claim.usedBy === userId) return;
      if (claim.usedBy !== null) throw over('has been used');
      if (await this.users.hasActiveAdmin(tx)) throw new AppError('ALREADY_EXISTS', { detail: 'This server has an administrator' });
      if (claim.hasEnded || claim.hasExpired) throw over('has expired');
      if (!(await this.users.update(userId, { isAdmin: true }, tx))) throw new AppError('USER_NOT_FOUND');
      await this.claims.endAll(tokenHash, userId, tx);
      await this.audit.record(tx, 'user.admin-changed', { actorId: userId, targetId: userId, detail: { from: false, to: true } });
    });
  }
}

function over(message: string): AppError {
  return new AppError('PERMISSION_DENIED', { detail: `This link ${message}`, errors: [{ path: 'token', message }] });
}
