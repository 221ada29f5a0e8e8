import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { type SetCookie, parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../../platform/config/config.js';
import { AppError } from '../../platform/errors/app-error.js';
import { OwnPages } from '../../platform/http/own-pages.js';
import type { IssuedTokens, Tokens } from '../../protocol/auth.js';
import { DEVICE_COOKIE } from './device.js';
import { DEVICE_SECONDS } from './device-tokens.js';

const REFRESH = 'atrium_refresh';

/** A request and its answer, for who reads and writes their headers. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The `Exchange` of which a handler is part, as its parameter. */
export const CurrentExchange = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return { request: http.getRequest(), reply: http.getResponse() };
});

/**
 * Refresh tokens of the web app are kept by the browser, where no script can read them: in a cookie that goes to the routes of `/auth` alone
 * (RFC 6265bis: HttpOnly, SameSite=Strict). It is taken instead of a token in the body from pages of our own only, and opens nothing else.
 */
@Injectable()
export class SessionCookies {
  private readonly path: string;
  private readonly refreshSeconds: number;

  constructor(
    private readonly pages: OwnPages,
    config: Config,
  ) {
    this.path = `${config.basePath}/api/v1/auth`;
    this.refreshSeconds = config.get('REFRESH_TOKEN_TTL');
  }

  /** Puts what a browser can keep better into cookies, if that is wanted. Pages that are not our own, whose cookies it would not take, get it in the answer. */
  deliver(tokens: IssuedTokens, isWanted: boolean | undefined, exchange: Exchange): Tokens {
    if (!isWanted || this.pages.sent(exchange.request) === false) return tokens;
    const { refreshToken, deviceToken, ...rest } = tokens;
    this.set({ name: REFRESH, value: refreshToken, maxAge: this.refreshSeconds }, exchange);
    this.set({ name: DEVICE_COOKIE, value: deviceToken, maxAge: DEVICE_SECONDS }, exchange);
    return rest;
  }

  /**
   * The refresh token of the cookie; undefined when there is none.
   * @throws AppError PERMISSION_DENIED when no page of ours has sent it
   */
  findRefreshToken({ request }: Exchange): string | undefined {
    const token = parseCookie(request.headers.cookie ?? '')[REFRESH];
    if (!token) return undefined;
    if (!this.pages.sent(request)) throw new AppError('PERMISSION_DENIED', { detail: 'Only pages of this server may use the cookie; send the token in the body' });
    return token;
  }

  /** The session has ended. The device stays known. */
  clear(exchange: Exchange): void {
    const isPresent = parseCookie(exchange.request.headers.cookie ?? '')[REFRESH] !== undefined;
    if (isPresent && this.pages.sent(exchange.request)) this.set({ name: REFRESH, value: '', maxAge: 0 }, exchange);
  }

  private set(cookie: SetCookie, { request, reply }: Exchange): void {
    void reply.header('set-cookie', stringifySetCookie({ ...cookie, path: this.path, httpOnly: true, sameSite: 'strict', secure: this.pages.areSecure(request) }));
  }
}
