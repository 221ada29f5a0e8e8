import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';

/** `<session id>.<secret>.<proof>`: 32 and 16 bytes in base64url. */
const FORMAT = /^(?<sessionId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?<secret>[\w-]{43})\.(?<proof>[\w-]{22})$/;

/** A refresh token as it was presented or made. Only its hash is ever stored. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: string;
  readonly hash: Buffer;
  /** The server made it once. Without that, a wrong secret is a guess and says nothing about the session. */
  readonly isGenuine: boolean;
  readonly text: string;
}

/**
 * Makes and reads refresh tokens. They are opaque to clients and no JWTs, so that neither kind can pass for the other.
 *
 * The proof (a MAC) tells a token that was issued and used up from a guess: the first is a sign of theft and ends the session (RFC 9700
 * section 4.14.2), the second must not be able to. The secret of a session's first token is random; each later one is derived from its
 * predecessor with a key that only the server has. So a token that is presented again, on any node and after any restart, gives the same
 * successor, although the database has hashes alone, from which nothing can be derived; and the session goes on as one chain.
 */
@Injectable()
export class RefreshTokens {
  private readonly key: Buffer;

  constructor(config: Config) {
    this.key = Buffer.from(hkdfSync('sha256', config.get('JWT_SECRET'), '', 'atrium refresh tokens', 32));
  }

  first(sessionId: string): RefreshToken {
    return this.make(sessionId, randomBytes(32).toString('base64url'));
  }

  successor({ sessionId, secret }: RefreshToken): RefreshToken {
    return this.make(sessionId, this.mac('next', sessionId, secret).toString('base64url'));
  }

  /** Undefined when the text is not a refresh token at all. */
  parse(text: string): RefreshToken | undefined {
    const { sessionId, secret, proof } = FORMAT.exec(text)?.groups ?? {};
    if (sessionId === undefined || secret === undefined || proof === undefined) return undefined;
    const isGenuine = timingSafeEqual(Buffer.from(proof), Buffer.from(this.proofOf(sessionId, secret)));
    return { sessionId, secret, hash: hashOf(secret), isGenuine, text };
  }

  private make(sessionId: string, secret: string): RefreshToken {
    return { sessionId, secret, hash: hashOf(secret), isGenuine: true, text: `${sessionId}.${secret}.${this.proofOf(sessionId, secret)}` };
  }

  private proofOf(sessionId: string, secret: string): string {
    return this.mac('issued', sessionId, secret).subarray(0, 16).toString('base64url');
  }

  private mac(purpose: 'next' | 'issued', sessionId: string, secret: string): Buffer {
    return createHmac('sha256', this.key).update(`${purpose}.${sessionId}.${secret}`).digest();
  }
}

/** The secret has 256 bits of entropy: a fast hash is enough (unlike for passwords). */
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
