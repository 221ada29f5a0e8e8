import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Config } from '../../platform/config/config.js';
import { RequestAuthenticator } from '../../platform/admission/request-authenticator.js';
import { SocketAuthenticator } from '../../platform/realtime/identity.js';
import { OwnPages } from '../../platform/http/own-pages.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens, jwtOptions } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { DeviceTokens } from './device-tokens.js';
import { IdentityGuard } from './identity.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginLine } from './login-line.js';
import { LoginPace } from './login-pace.js';
import { PassportAuthenticator } from './passport-authenticator.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordRules } from './password-rules.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RegistrationController } from './registration.controller.js';
import { SessionCache } from './session-cache.js';
import { SessionCookies } from './session-cookies.js';
import { SessionEntity } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { TokenTransport } from './token-transport.js';

/** Global, because the platform asks for its authenticators and may not know this module. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity]), JwtModule.registerAsync({ inject: [Config], useFactory: jwtOptions }), UsersModule],
  controllers: [AuthController, RegistrationController],
  providers: [
    AuthService,
    SessionsService,
    SessionsRepository,
    SessionCache,
    PasswordHasher,
    PasswordRules,
    AccessTokens,
    RefreshTokens,
    DeviceTokens,
    OwnPages,
    SessionCookies,
    TokenTransport,
    LoginPace,
    LoginLine,
    Authenticator,
    JwtStrategy,
    { provide: SocketAuthenticator, useExisting: Authenticator },
    PassportAuthenticator,
    { provide: RequestAuthenticator, useExisting: PassportAuthenticator },
    { provide: APP_GUARD, useClass: IdentityGuard },
  ],
  exports: [SocketAuthenticator, RequestAuthenticator, PasswordHasher, AuthService, SessionsService],
})
export class AuthModule {}
