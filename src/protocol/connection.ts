import { z } from 'zod';
import { Id, Timestamp } from './primitives.js';

/** First event on every connection. */
export const SessionStarted = z
  .object({
    connectionId: z.string(),
    userId: Id,
    expiresAt: Timestamp,
    limits: z.record(z.string(), z.number()),
  })
  .meta({ id: 'SessionStarted' });
export type SessionStarted = z.output<typeof SessionStarted>;

export const AuthRefresh = z.strictObject({ token: z.string().min(1).max(8192) }).meta({ id: 'AuthRefresh' });
export const AuthRefreshed = z.object({ expiresAt: Timestamp });

export const TokenExpiring = z.object({ inMs: z.int() }).meta({ id: 'TokenExpiring' });
export const SessionRevoked = z
  .object({ reason: z.enum(['logout', 'password-changed', 'suspended', 'deleted', 'expired', 'reuse', 'revoked', 'too-many']) })
  .meta({ id: 'SessionRevoked' });
export type RevocationReason = z.output<typeof SessionRevoked>['reason'];
export const ServerDraining = z.object({ reconnectAfterMs: z.int() }).meta({ id: 'ServerDraining' });
