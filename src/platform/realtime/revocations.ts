import { Injectable } from '@nestjs/common';
import type { RevocationReason } from '../../protocol/connection.js';
import { Bus } from '../bus/bus.js';

/** Access that has ended: of one session, or of all sessions of a user. */
export interface Revocation {
  readonly userId: string;
  /** Absent: all sessions of the user. */
  readonly sessionId?: string;
  /** All sessions but this one. */
  readonly exceptSessionId?: string;
  readonly reason: RevocationReason;
}

/** Tells everyone on every node who lost access, at once: the caches of sessions, and the sockets. */
@Injectable()
export class Revocations {
  private readonly listeners: ((revocation: Revocation) => void)[] = [];

  constructor(private readonly bus: Bus) {
    bus.subscribe('access', (message) => this.tell(JSON.parse(message) as Revocation));
  }

  /** Call after the change is committed. */
  announce(revocation: Revocation): void {
    this.tell(revocation);
    this.bus.publish('access', JSON.stringify(revocation));
  }

  onRevoked(listener: (revocation: Revocation) => void): void {
    this.listeners.push(listener);
  }

  private tell(revocation: Revocation): void {
    for (const listener of this.listeners) listener(revocation);
  }
}

export function concerns(revocation: Revocation, session: { userId: string; sessionId: string }): boolean {
  if (revocation.userId !== session.userId) return false;
  if (revocation.exceptSessionId === session.sessionId) return false;
  return revocation.sessionId === undefined || revocation.sessionId === session.sessionId;
}
