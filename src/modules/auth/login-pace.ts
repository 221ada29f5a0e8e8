import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { addressKeys } from '../../platform/http/client-address.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';
import { identityKey } from '../users/identity-key.js';
import type { Device } from './device.js';
import { DeviceTokens } from './device-tokens.js';
import { LoginLine } from './login-line.js';

/** An attempt to sign in that may go on. */
export interface LoginAttempt {
  /** Whose turn it takes in the queue of password checks. */
  readonly by: string;
  /** It was right: then it does not count. */
  succeeded(): void;
}

/**
 * How often one may try to sign in, such that nobody is locked out by others: wrong passwords count by account and address together; by
 * account alone they only slow strangers down; and a device on which the user has signed in before is counted by itself, whoever else is
 * behind its address. Accounts are told apart by user, and not by which of their names was typed. Names that are nobody's are counted alike,
 * so that the limits do not tell which accounts exist.
 */
@Injectable()
export class LoginPace {
  constructor(
    private readonly limits: RateLimits,
    private readonly devices: DeviceTokens,
    private readonly line: LoginLine,
  ) {}

  /**
   * Resolves when the password may be checked.
   * @param userId whom the login names; undefined for nobody
   * @throws AppError RATE_LIMITED
   */
  async enter(login: string, userId: string | undefined, device: Device): Promise<LoginAttempt> {
    const typed = keyOfName(login);
    const known = this.devices.find(device.token);
    return userId !== undefined && known?.knows(userId) ? this.enterKnown(userId, known.id) : this.enterStranger(userId ?? typed, device.ip);
  }

  private enterKnown(userId: string, deviceId: string): LoginAttempt {
    const key = `${userId} ${deviceId}`;
    this.limits.require('loginByDevice', key);
    return { by: deviceId, succeeded: () => this.limits.giveBack('loginByDevice', key) };
  }

  private async enterStranger(account: string, ip: string): Promise<LoginAttempt> {
    const { client, site } = addressKeys(ip);
    const address = site ?? client;
    const giveBack = (): void => this.limits.giveBackFrom('loginByAccountAndAddress', ip, account);
    // By account first: who insists on one account takes nothing from others behind the same address.
    this.limits.requireFrom('loginByAccountAndAddress', ip, account);
    this.limits.requireFrom('loginByAddress', ip);
    await this.line.enter(account, address).catch((error: unknown) => {
      // No password was checked.
      giveBack();
      throw error;
    });
    const succeeded = (): void => {
      giveBack();
      this.line.succeeded(account, address);
    };
    return { by: client, succeeded };
  }
}

/** As short as an id, unlike the name: it is kept in the memory of the limits. */
const NAME_KEY_CHARS = 22;

function keyOfName(login: string): string {
  return createHash('sha256').update(identityKey(login)).digest('base64url').slice(0, NAME_KEY_CHARS);
}
