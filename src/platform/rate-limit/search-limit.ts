import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import type { AuthenticatedRequest } from '../identity/current-user.js';
import { RateLimits } from './rate-limits.js';

/** Counts requests that look for something, by user. A list without `q` is none of them. Runs after the global guard. */
@Injectable()
export class SearchGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(context: ExecutionContext): boolean {
    const { user, query } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const { q } = (query ?? {}) as { q?: unknown };
    if (user && q !== undefined && q !== '') this.limits.require('search', user.userId);
    return true;
  }
}

/** Of a route with `?q=`: to look for something is more work than to read a list, so it has a limit of its own. */
export const SearchLimited = (): MethodDecorator => applyDecorators(UseGuards(SearchGuard));
