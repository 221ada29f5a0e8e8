import { hash, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';

const KEY_TAG_BITS = 8;
const HASH_BITS = 32 - KEY_TAG_BITS;

/** By whom a body was sent, and under which id. */
export interface SentAs {
  readonly actorId: string;
  readonly opId: string;
}

/**
 * Tells apart two bodies that were sent under one id by mistake. A fingerprint is stored for ever, also after a message was erased, so it
 * must not allow anybody who reads the database to try out what the body was: it is keyed with a secret of the server (RFC 5869), and made
 * of sender and id, too, so that equal bodies do not look equal.
 *
 * It is a truncated SHA-256 of key and text: an HMAC takes three times as long, and what it adds, that a whole hash cannot be continued,
 * does not matter when three quarters of the hash are missing. Eight bits of the fingerprint say which key it was made with.
 */
@Injectable()
export class BodyFingerprints {
  /** As long as a block of SHA-256. */
  private readonly key: string;
  private readonly keyTag: number;

  constructor(config: Config) {
    const derive = (label: string, bytes: number) => Buffer.from(hkdfSync('sha256', config.get('JWT_SECRET'), '', label, bytes));
    this.key = derive('atrium body fingerprints', 32).toString('hex');
    this.keyTag = derive('atrium body fingerprints tag', 1)[0]! << HASH_BITS;
  }

  /** Of a body's text, or of parts of it. */
  of({ actorId, opId }: SentAs, ...parts: string[]): number {
    const digest = hash('sha256', `${this.key}${actorId}${opId.length}${opId}${parts.join('\uffff')}`, 'hex');
    return Number.parseInt(digest.slice(0, HASH_BITS / 4), 16) | this.keyTag;
  }
}

/**
 * Whether a fingerprint that was stored, perhaps long ago, is that of another body. One that is missing, or was made with another key, can
 * say nothing: then the id counts.
 */
export function isOfAnotherBody(stored: number | null, own: number | undefined): boolean {
  if (own === undefined) return stored !== null;
  if (stored === null) return false;
  return stored !== own && (stored ^ own) >>> HASH_BITS === 0;
}
