import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, OptionalBody } from '../../platform/docs/api.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { WithoutIdempotencyKey } from '../../platform/idempotency/without-idempotency-key.js';
import { Public } from '../../platform/identity/public.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { ChangePassword, Login, Logout, Refresh, Register, SessionList, Tokens } from '../../protocol/auth.js';
import { Id } from '../../protocol/primitives.js';
import { User } from '../../protocol/users.js';
import { UsersService } from '../users/users.service.js';
import { AuthService } from './auth.service.js';
import { CurrentDevice, type Device } from './device.js';
import { CurrentExchange, type Exchange } from './session-cookies.js';
import { SessionsService } from './sessions.service.js';
import { TokenTransport } from './token-transport.js';

@ApiTags('auth')
@WithoutIdempotencyKey()
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly tokens: TokenTransport,
  ) {}

  @Post('register')
  @Public()
  @ApiOperation({ summary: 'Register and sign in' })
  @Answers(201, Tokens)
  register(@Body({ schema: Register }) body: Register, @CurrentDevice() device: Device, @CurrentExchange() exchange: Exchange): Promise<Tokens> {
    return this.tokens.register(body, device, exchange);
  }

  @Post('login')
  @Public()
  @ApiOperation({ summary: 'Sign in by e-mail address or username' })
  @Answers(200, Tokens)
  login(@Body({ schema: Login }) body: Login, @CurrentDevice() device: Device, @CurrentExchange() exchange: Exchange): Promise<Tokens> {
    return this.tokens.login(body, device, exchange);
  }

  @Post('refresh')
  @Public()
  @ApiOperation({ summary: 'Exchange a refresh token for a new pair. Sending the same token again returns the same successor until that successor, or its access token, has been used; after that, reuse ends the session' })
  @Answers(200, Tokens)
  refresh(@OptionalBody(Refresh) body: Refresh | undefined, @CurrentDevice() device: Device, @CurrentExchange() exchange: Exchange): Promise<Tokens> {
    return this.tokens.refresh(body, device, exchange);
  }

  @Post('logout')
  @Public()
  @ApiOperation({ summary: 'Sign out: ends the session of this refresh token' })
  @Answers(204)
  logout(@OptionalBody(Logout) body: Logout | undefined, @CurrentExchange() exchange: Exchange): Promise<void> {
    return this.tokens.logout(body, exchange);
  }

  @Post('logout-all')
  @ApiOperation({ summary: 'Sign out everywhere, this session included' })
  @Answers(204)
  logoutAll(@CurrentUser() { userId }: Identity, @CurrentExchange() exchange: Exchange): Promise<void> {
    return this.tokens.logoutEverywhere(userId, exchange);
  }

  @Get('me')
  @ApiOperation({ summary: 'Get the signed-in user' })
  @Answers(200, User)
  me(@CurrentUser() { userId }: Identity): Promise<User> {
    return this.users.getUser(userId);
  }

  @Get('sessions')
  @ApiOperation({ summary: 'List your sessions, most recently used first' })
  @Answers(200, SessionList)
  async listSessions(@CurrentUser() { userId, sessionId }: Identity): Promise<SessionList> {
    return { items: await this.sessions.list(userId, sessionId), nextCursor: null };
  }

  @Delete('sessions/:id')
  @ApiOperation({ summary: 'End one session' })
  @Answers(204)
  revokeSession(@CurrentUser() { userId }: Identity, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.sessions.revoke(id, userId);
  }

  @Post('password')
  @ApiOperation({ summary: 'Change your password; all other sessions end' })
  @Answers(204)
  changePassword(@CurrentUser() identity: Identity, @Body({ schema: ChangePassword }) body: ChangePassword): Promise<void> {
    return this.auth.changePassword(identity, body);
  }
}
