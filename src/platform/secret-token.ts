import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A bearer token: 256 random bits in base64url. */
export function createSecretToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is stored. The token has 256 bits of entropy: a fast hash is enough (unlike for passwords). */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
