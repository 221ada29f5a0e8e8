import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import { metrics } from '../../platform/metrics/metrics.js';
import { type Identity, SocketAuthenticator } from '../../platform/realtime/identity.js';
import { AccessTokens } from './access-tokens.js';
import { SessionCache } from './session-cache.js';
import { SessionsRepository } from './sessions.repository.js';

/** Turns an access token into the `Identity` behind it, for sockets; and for REST once passport has checked the signature. */
@Injectable()
export class Authenticator extends SocketAuthenticator {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly sessions: SessionCache,
    private readonly repository: SessionsRepository,
  ) {
    super();
  }

  async authenticate(token: string): Promise<Identity> {
    let payload: unknown;
    try {
      payload = this.accessTokens.verify(token);
    } catch (error) {
      throw refused(error);
    }
    return this.identify(payload);
  }

  async stands({ userId, sessionId }: Identity): Promise<boolean> {
    return (await this.sessions.get(userId, sessionId)) !== null;
  }

  findEnded(sessionIds: readonly string[]): Promise<Set<string>> {
    return this.repository.findEnded(sessionIds);
  }

  /**
   * The identity of a payload whose signature was checked.
   * @throws AppError UNAUTHENTICATED when it is not that of an access token, or its session has ended
   */
  async identify(payload: unknown): Promise<Identity> {
    const claims = this.accessTokens.findClaims(payload);
    if (!claims) throw refused(new Error('wrong claims'));
    const standing = await this.sessions.use(claims.sub, claims.sid, claims.gen);
    if (!standing) {
      metrics.authFailures.inc({ reason: 'session-ended' });
      throw new AppError('UNAUTHENTICATED', { detail: 'The session has ended' });
    }
    return { userId: claims.sub, sessionId: claims.sid, isAdmin: standing.isAdmin, expiresAtMs: claims.exp * 1000 };
  }
}

/** The error for a token that is no good. Only that it has expired is worth telling: the client then refreshes. */
export function refused(cause: unknown): AppError {
  const hasExpired = cause instanceof Error && cause.name === 'TokenExpiredError';
  metrics.authFailures.inc({ reason: hasExpired ? 'token-expired' : 'token-invalid' });
  return new AppError('UNAUTHENTICATED', { detail: hasExpired ? 'The access token has expired' : 'The access token is missing or not valid' }, { cause });
}
