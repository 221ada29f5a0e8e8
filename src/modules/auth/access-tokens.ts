import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type JwtModuleOptions, JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import { Config } from '../../platform/config/config.js';
import { Id } from '../../protocol/primitives.js';

/** A longer token is refused before it is parsed; ours have about 400 bytes. */
export const MAX_TOKEN_BYTES = 8_192;

const ISSUER = 'atrium';

/** RFC 8725: the algorithm is pinned (3.1), issuer and audience are checked (3.8, 3.9). The same for REST and sockets. */
export const VERIFICATION = { algorithms: ['HS256' as const], issuer: ISSUER, audience: ISSUER };

/**
 * RFC 8725 3.11 and 3.12: a token of another kind, or one that never expires, is none of ours. `gen` is the refresh that it came with
 * (absent from tokens of before there were generations).
 */
const AccessClaims = z.object({ sub: Id, sid: Id, gen: z.int().optional(), typ: z.literal('access'), exp: z.int() });
export type AccessClaims = z.output<typeof AccessClaims>;

/** Made once: from a string, each check would try it as a public key first, and throw. */
export function signingKey(config: Config): KeyObject {
  return createSecretKey(config.get('JWT_SECRET'), 'utf8');
}

/** RFC 7515 §4.1.11: a token that must not be taken by whoever does not know its extensions; we know none. jsonwebtoken does not look. */
export function hasCriticalExtension(token: string): boolean {
  const [header] = token.split('.', 1);
  try {
    return Object.hasOwn(JSON.parse(Buffer.from(header!, 'base64url').toString()) as object, 'crit');
  } catch {
    // No token at all, which whoever checks it says.
    return false;
  }
}

export function jwtOptions(config: Config): JwtModuleOptions {
  return {
    secret: signingKey(config),
    signOptions: { algorithm: 'HS256', issuer: ISSUER, audience: ISSUER, expiresIn: config.get('ACCESS_TOKEN_TTL') },
    verifyOptions: VERIFICATION,
  };
}

/** Signs and checks access tokens (RFC 7519). They name a user and a session; whether that session still stands is asked on every use. */
@Injectable()
export class AccessTokens {
  readonly ttlSeconds: number;

  constructor(
    private readonly jwt: JwtService,
    config: Config,
  ) {
    this.ttlSeconds = config.get('ACCESS_TOKEN_TTL');
  }

  /** @param generation how often the session had been refreshed by then */
  issue(userId: string, sessionId: string, generation: number): string {
    return this.jwt.sign({ sub: userId, sid: sessionId, gen: generation, typ: 'access' });
  }

  /** @throws Error when the header asks for what we do not know, or the signature, the algorithm, the issuer, the audience or the time is wrong */
  verify(token: string): unknown {
    if (token.length > MAX_TOKEN_BYTES) throw new RangeError('The token is too large');
    if (hasCriticalExtension(token)) throw new Error('The token has critical extensions');
    return this.jwt.verify<Record<string, unknown>>(token);
  }

  /** The claims of a payload whose signature was checked, if it is that of an access token. */
  findClaims(payload: unknown): AccessClaims | undefined {
    return AccessClaims.safeParse(payload).data;
  }
}
