import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Config } from '../../platform/config/config.js';
import { SocketAuthenticator } from '../../platform/realtime/identity.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens, jwtOptions } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { JwtGuard } from './jwt.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordHasher } from './password-hasher.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SessionCache } from './session-cache.js';
import { SessionEntity } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

/** Global, because the platform's sockets ask for the `SocketAuthenticator` and may not know this module. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity]), JwtModule.registerAsync({ inject: [Config], useFactory: jwtOptions }), UsersModule],
  controllers: [AuthController],
  providers: [
    AuthService,
    SessionsService,
    SessionsRepository,
    SessionCache,
    PasswordHasher,
    AccessTokens,
    RefreshTokens,
    Authenticator,
    JwtStrategy,
    { provide: SocketAuthenticator, useExisting: Authenticator },
    { provide: APP_GUARD, useClass: JwtGuard },
  ],
  exports: [SocketAuthenticator, PasswordHasher, AuthService, SessionsService],
})
export class AuthModule {}
