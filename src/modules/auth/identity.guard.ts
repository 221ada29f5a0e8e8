import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import { routeSettings } from '../../platform/http/route-settings.js';
import type { AuthenticatedRequest } from '../../platform/identity/current-user.js';

/** The second look: whatever way a request has come, no handler that is not public runs without an identity. */
@Injectable()
export class IdentityGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (request.user || routeSettings(request).isPublic) return true;
    throw new AppError('UNAUTHENTICATED');
  }
}
