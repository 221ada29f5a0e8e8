import { Injectable } from '@nestjs/common';
import { addressKeys } from '../../platform/http/client-address.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';
import { PasswordHasher } from '../auth/password-hasher.js';

/** Somebody who is at the door. */
export interface Visitor {
  readonly userId: string;
  /** Of the client, as proxies that are believed tell it. */
  readonly address: string;
}

/**
 * Passwords of rooms, which strangers may guess at. Each account and each address has a few attempts at a room, and the room has some for
 * all of them together. Who has not failed there lately draws on other ones than who has, so that those who guess do not keep out those
 * who know; who is in already is never asked. An attempt that succeeds costs nothing.
 */
@Injectable()
export class RoomPasswords {
  constructor(
    private readonly limits: RateLimits,
    private readonly hasher: PasswordHasher,
  ) {}

  /** @throws AppError RATE_LIMITED with the time to wait · UNAVAILABLE */
  async verify(roomId: string, passwordHash: string, password: string, { userId, address }: Visitor): Promise<boolean> {
    const account = `${roomId}${userId}`;
    const isNew = this.limits.isUntouched('roomPassword', account) && this.limits.isUntouchedFrom('roomPasswordByAddress', address, roomId);
    const byRoom = isNew ? 'roomPasswordOfNewcomers' : 'roomPasswordByRoom';
    const attempt = this.limits.begin();
    attempt.require('roomPassword', account);
    attempt.requireFrom('roomPasswordByAddress', address, roomId);
    attempt.require(byRoom, roomId);
    const isRight = await this.hasher.verify(passwordHash, password, addressKeys(address).client);
    if (isRight) attempt.giveBack();
    return isRight;
  }
}
