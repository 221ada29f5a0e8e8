import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { AppError } from '../../platform/errors/app-error.js';
import type { AuthenticatedRequest } from '../../platform/identity/current-user.js';
import { IS_PUBLIC } from '../../platform/identity/public.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';
import { refused } from './authenticator.js';
import { JwtStrategy } from './jwt.strategy.js';

/** Stands before every REST route: lets users in by their access token, strangers only where a route is `Public`, and limits the rate of both. */
@Injectable()
export class JwtGuard extends AuthGuard() {
  constructor(
    strategy: JwtStrategy,
    private readonly reflector: Reflector,
    private readonly rateLimits: RateLimits,
  ) {
    super({ defaultStrategy: strategy.registeredName });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [context.getHandler(), context.getClass()])) {
      this.rateLimits.requireFrom('anonymous', request.ip);
      return true;
    }
    await super.canActivate(context);
    this.rateLimits.require('requests', request.user!.userId);
    return true;
  }

  /** Passport's verdict: the identity, an error of ours, or why the token was refused. */
  override handleRequest<T>(error: unknown, identity: T | false | null, refusal: unknown, context: ExecutionContext): T {
    if (identity) return identity;
    // The database is away, say: that is not the caller's doing.
    if (error instanceof Error && !(error instanceof AppError)) throw error;
    this.rateLimits.requireFrom('anonymous', context.switchToHttp().getRequest<AuthenticatedRequest>().ip);
    throw error instanceof AppError ? error : refused(refusal);
  }
}
