import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import type { Login, Logout, Refresh, Register, Tokens } from '../../protocol/auth.js';
import { AuthService } from './auth.service.js';
import { type Device, withToken } from './device.js';
import { type Exchange, SessionCookies } from './session-cookies.js';
import { SessionsService } from './sessions.service.js';

/** How tokens travel: in bodies, or to and from pages of our own in cookies. */
@Injectable()
export class TokenTransport {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly cookies: SessionCookies,
  ) {}

  /** @throws AppError as `AuthService.register` */
  async register({ cookie, deviceToken, ...user }: Register, device: Device, exchange: Exchange): Promise<Tokens> {
    return this.cookies.deliver(await this.auth.register(user, withToken(device, deviceToken)), cookie, exchange);
  }

  /** @throws AppError as `AuthService.login` */
  async login({ cookie, deviceToken, ...credentials }: Login, device: Device, exchange: Exchange): Promise<Tokens> {
    return this.cookies.deliver(await this.auth.login(credentials, withToken(device, deviceToken)), cookie, exchange);
  }

  /** @throws AppError UNAUTHENTICATED · PERMISSION_DENIED when the cookie does not come from a page of ours */
  async refresh(body: Refresh | undefined, source: Device, exchange: Exchange): Promise<Tokens> {
    const device = withToken(source, body?.deviceToken);
    if (body?.refreshToken !== undefined) return this.cookies.deliver(await this.auth.refresh(body.refreshToken, device), body.cookie, exchange);
    const token = this.findInCookie(body, exchange);
    try {
      if (token === undefined) throw new AppError('UNAUTHENTICATED', { detail: 'The refresh token is missing' });
      return this.cookies.deliver(await this.auth.refresh(token, device), true, exchange);
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED') this.cookies.clear(exchange);
      throw error;
    }
  }

  /** @throws AppError PERMISSION_DENIED when the cookie does not come from a page of ours */
  async logout(body: Logout | undefined, exchange: Exchange): Promise<void> {
    if (body?.refreshToken !== undefined) return this.sessions.revokeByToken(body.refreshToken);
    const token = this.findInCookie(body, exchange);
    if (token !== undefined) await this.sessions.revokeByToken(token);
    this.cookies.clear(exchange);
  }

  async logoutEverywhere(userId: string, exchange: Exchange): Promise<void> {
    await this.sessions.revokeAll(userId);
    this.cookies.clear(exchange);
  }

  /** Who sends a body, and no cookie, has forgotten something in it. */
  private findInCookie(body: object | undefined, exchange: Exchange): string | undefined {
    const token = this.cookies.findRefreshToken(exchange);
    if (token === undefined && body !== undefined) throw AppError.invalid('refreshToken', 'is missing');
    return token;
  }
}
