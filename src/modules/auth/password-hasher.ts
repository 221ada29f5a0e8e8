import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, type Options, verify } from '@node-rs/argon2';
import { FairQueue } from '../../platform/admission/fair-queue.js';
import { beforeScrape, metrics } from '../../platform/metrics/metrics.js';

/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 passes, 1 lane (the library's default algorithm is Argon2id). */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** Each hash takes 19 MiB and a core for some milliseconds: a flood of logins must cost neither the memory nor everyone else's time. */
const AT_ONCE = Math.min(4, Math.max(1, availableParallelism() - 1));
const QUEUE = { name: 'passwords', running: AT_ONCE, runningPerKey: AT_ONCE, waiting: 8_192, waitingPerKey: 1_024, whenFull: 'Too many are signing in at the moment' };

/** Hashes passwords, of users and of rooms, a few at a time; `by` is whom the work is done for (a user, an address), who take turns. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue = new FairQueue(QUEUE);
  /** Of a password that nobody knows: what is checked when there is no user. */
  private decoy: string;

  async onModuleInit(): Promise<void> {
    this.decoy = await this.hash(randomBytes(32).toString('base64'), '');
    beforeScrape(() => metrics.passwordQueue.set(this.queue.waiting));
  }

  /** @throws AppError UNAVAILABLE too many wait · RATE_LIMITED too many of this one wait */
  hash(password: string, by: string): Promise<string> {
    return this.queue.run(by, () => hash(prepare(password), ARGON2ID));
  }

  /**
   * False for a null hash, after the same work as for any other: the time of the answer does not tell whether there was something to compare with.
   * @throws AppError UNAVAILABLE too many wait · RATE_LIMITED too many of this one wait
   */
  async verify(passwordHash: string | null, password: string, by: string): Promise<boolean> {
    const matches = await this.queue.run(by, () => verify(passwordHash ?? this.decoy, prepare(password)));
    return matches && passwordHash !== null;
  }
}

/** NIST SP 800-63B 5.1.1.2: keyboards compose the same letters differently. */
function prepare(password: string): string {
  return password.normalize('NFKC');
}
