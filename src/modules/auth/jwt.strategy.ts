import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Config } from '../../platform/config/config.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { hasCriticalExtension, MAX_TOKEN_BYTES, signingKey, VERIFICATION } from './access-tokens.js';
import { Authenticator } from './authenticator.js';

const fromBearerHeader = ExtractJwt.fromAuthHeaderAsBearerToken();

/** Passport's way to check the access token of a REST request (RFC 6750: header only, a URL would end in logs). */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly authenticator: Authenticator,
    config: Config,
  ) {
    super({
      ...VERIFICATION,
      // Its types know strings only; jsonwebtoken, which gets it, takes a key.
      secretOrKey: signingKey(config) as unknown as string,
      jwtFromRequest: findToken,
    });
  }

  validate(payload: unknown): Promise<Identity> {
    return this.authenticator.identify(payload);
  }
}

function findToken(request: FastifyRequest): string | null {
  if ((request.headers.authorization?.length ?? 0) > MAX_TOKEN_BYTES) return null;
  const token = fromBearerHeader(request);
  return token !== null && hasCriticalExtension(token) ? null : token;
}
