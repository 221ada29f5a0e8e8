import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import type { AuthenticatedRequest } from './current-user.js';

/** Lets administrators through. Runs after the global guard, which has put the identity on the request. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<AuthenticatedRequest>().user?.isAdmin) return true;
    throw new AppError('PERMISSION_DENIED', { detail: 'Only administrators may do this' });
  }
}

/** Restricts a route, or all routes of a controller, to administrators. */
export const AdminOnly = (): ClassDecorator & MethodDecorator => applyDecorators(UseGuards(AdminGuard));
