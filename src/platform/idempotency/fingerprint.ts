import { createHmac, hkdfSync } from 'node:crypto';

/**
 * Fields of bodies whose values are secrets, at the top of the body. A fingerprint leaves their values out: it could be used to guess
 * them, however it is keyed.
 */
export const SECRET_FIELDS: ReadonlySet<string> = new Set(['password', 'current', 'next', 'token', 'mfaToken', 'refreshToken', 'code', 'recoveryCode', 'assertion', 'secret']);

/** What a fingerprint is made of. */
export interface FingerprintedRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly body?: unknown;
}

/** Says whether two requests are the same, without saying what they are: an HMAC of route, query and body. */
export class Fingerprints {
  private readonly key: Buffer;

  /** @param secret of the server; the key is derived from it (RFC 5869), so that a fingerprint tells nothing about other uses of it */
  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'atrium idempotency fingerprint', 32));
  }

  of({ method, url, body }: FingerprintedRequest): string {
    return createHmac('sha256', this.key).update(`${method} ${url}\n${JSON.stringify(withoutSecrets(body)) ?? ''}`).digest('base64url');
  }
}

function withoutSecrets(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !SECRET_FIELDS.has(name)));
}
