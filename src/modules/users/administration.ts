import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import { UsersService } from './users.service.js';

/** What became of the wish to make somebody an administrator, or none any more. */
export type Outcome = 'done' | 'so-already' | 'unknown-user' | 'inactive-user' | 'last-administrator';

/** Making administrators by hand, for whoever runs the server. */
@Injectable()
export class Administration {
  constructor(private readonly users: UsersService) {}

  /** @param login username or e-mail address */
  async set(login: string, isAdmin: boolean): Promise<Outcome> {
    const credentials = await this.users.findCredentials(login);
    if (!credentials) return 'unknown-user';
    const user = await this.users.getUser(credentials.userId);
    if (user.isAdmin === isAdmin) return 'so-already';
    if (isAdmin && !credentials.isActive) return 'inactive-user';
    try {
      await this.users.updateAsAdmin(user.id, { isAdmin });
      return 'done';
    } catch (error) {
      if (error instanceof AppError && error.code === 'PERMISSION_DENIED') return 'last-administrator';
      throw error;
    }
  }
}
