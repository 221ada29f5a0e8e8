import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { addressKeys } from '../http/client-address.js';
import { metrics } from '../metrics/metrics.js';
import { type Limit, RateLimiter } from './rate-limiter.js';

/** All limits, at one glance. Per IP address before login, per user after. */
export const LIMITS_BY_NAME = {
  /** Any request without a valid token, and every handshake. */
  anonymous: { perSecond: 50, burst: 500 },
  /** Attempts to sign in, from one address; and of those, on one account. */
  loginByAddress: { perSecond: 1, burst: 60 },
  loginByAccountAndAddress: { perSecond: 0.1, burst: 10 },
  /** On one account from wherever: beyond, attempts wait for their turn instead of being refused (`LoginLine`). */
  loginByAccount: { perSecond: 1, burst: 20 },
  /** On one account from a device on which its user has signed in before: all that counts there. */
  loginByDevice: { perSecond: 0.1, burst: 10 },
  /** Changes of the password, in one session. */
  passwordChange: { perSecond: 0.1, burst: 10 },
  /** A class or an office at once, and then 200 an hour. */
  registerByAddress: { perSecond: 200 / 3_600, burst: 200 },
  /** Attempts at the password of one room: of one account, of one address, and of all who have failed there lately or have not. */
  roomPassword: { perSecond: 0.1, burst: 10 },
  roomPasswordByAddress: { perSecond: 1 / 60, burst: 30 },
  roomPasswordByRoom: { perSecond: 0.5, burst: 100 },
  roomPasswordOfNewcomers: { perSecond: 2, burst: 200 },
  /** The token cannot be guessed; whoever tries needs no more. */
  adminClaims: { perSecond: 0.1, burst: 10 },
  requests: { perSecond: 100, burst: 1_000 },
  /** Lists with `?q=`, of people, rooms and pages together: faster than a person types. */
  search: { perSecond: 10, burst: 60 },
  events: { perSecond: 200, burst: 2_000 },
  /** Kilobytes of bodies and of large events: to parse and to check them is work, whatever becomes of it. */
  kilobytes: { perSecond: 8_192, burst: 65_536 },
  /** Requests for what lies beside the API: the web app and its files, of which many people behind one address ask for many at once. */
  files: { perSecond: 300, burst: 5_000 },
  /** Events of one user that were refused before anything was done: too fast, not valid, unknown. */
  refusedEvents: { perSecond: 20, burst: 1_000 },
  /** As many at once as a socket may have under way: whoever comes back sends what has waited. */
  messages: { perSecond: 50, burst: 1_000 },
} as const satisfies Record<string, Omit<Limit, 'name'>>;

/** Those of addresses, and not of users or accounts. */
const BY_ADDRESS = ['anonymous', 'files', 'loginByAddress', 'loginByAccountAndAddress', 'registerByAddress', 'roomPasswordByAddress'] as const satisfies LimitName[];
const MAX_SITE_BYTES = 2 * 1024 * 1024;
/** What a site of IPv6 addresses may do, compared with one client. */
const SITE_FACTOR = 10;

export type LimitName = keyof typeof LIMITS_BY_NAME;
type AddressLimitName = (typeof BY_ADDRESS)[number];

/** The rate limits of this process. Off with RATE_LIMITS=off. */
@Injectable()
export class RateLimits {
  private readonly limiters = new Map<LimitName, RateLimiter>();
  private readonly siteLimiters = new Map<string, RateLimiter>();

  constructor(config: Config) {
    if (!config.get('RATE_LIMITS')) {
      new Logger(RateLimits.name).warn('rate limits are off (RATE_LIMITS=off): for benchmarks and trusted networks only');
      return;
    }
    for (const [name, limit] of Object.entries(LIMITS_BY_NAME)) this.limiters.set(name as LimitName, new RateLimiter({ name, ...limit }));
    for (const name of BY_ADDRESS) {
      const { perSecond, burst } = LIMITS_BY_NAME[name];
      this.siteLimiters.set(name, new RateLimiter({ name, perSecond: SITE_FACTOR * perSecond, burst: SITE_FACTOR * burst }, MAX_SITE_BYTES));
    }
  }

  /** False with RATE_LIMITS=off. */
  get areOn(): boolean {
    return this.limiters.size > 0;
  }

  /** Takes one, or `cost`. @throws AppError RATE_LIMITED with the time to wait */
  require(name: LimitName, key: string, cost = 1): void {
    refuse(name, this.limiters.get(name)?.take(key, cost) ?? 0);
  }

  /**
   * The same for what an address does: of IPv6 its /64 counts, and the /48 around it may do ten times as much.
   * @param to whom it is done, where each has a limit of its own
   * @throws AppError RATE_LIMITED with the time to wait
   */
  requireFrom(name: AddressLimitName, address: string, to = ''): void {
    const { client, site } = addressKeys(address);
    if (site !== undefined) refuse(name, this.siteLimiters.get(name)?.take(to + site) ?? 0);
    refuse(name, this.limiters.get(name)?.take(to + client) ?? 0);
  }

  /** Takes one, if there is one: 0, else the milliseconds until there will be. For whoever would rather wait than be refused. */
  take(name: LimitName, key: string): number {
    return this.limiters.get(name)?.take(key) ?? 0;
  }

  /** Whoever has this key has taken nothing lately. */
  isUntouched(name: LimitName, key: string): boolean {
    return this.limiters.get(name)?.isUntouched(key) ?? true;
  }

  isUntouchedFrom(name: AddressLimitName, address: string, to = ''): boolean {
    return this.isUntouched(name, to + addressKeys(address).client);
  }

  /** Something that several limits bound together. */
  begin(): Attempt {
    return new Attempt(this);
  }

  /** Gives one back that was taken: an attempt that succeeded does not count. */
  giveBack(name: LimitName, key: string): void {
    this.limiters.get(name)?.take(key, -1);
  }

  giveBackFrom(name: AddressLimitName, address: string, to = ''): void {
    const { client, site } = addressKeys(address);
    if (site !== undefined) this.siteLimiters.get(name)?.take(to + site, -1);
    this.giveBack(name, to + client);
  }
}

/** Takes from several limits, or from none: where one of them refuses, the others get back what was taken. */
export class Attempt {
  private readonly taken: (() => void)[] = [];

  constructor(private readonly limits: RateLimits) {}

  /** @throws AppError as `RateLimits.require` */
  require(name: LimitName, key: string): void {
    this.take(() => this.limits.require(name, key), () => this.limits.giveBack(name, key));
  }

  /** @throws AppError as `RateLimits.requireFrom` */
  requireFrom(name: AddressLimitName, address: string, to?: string): void {
    this.take(() => this.limits.requireFrom(name, address, to), () => this.limits.giveBackFrom(name, address, to));
  }

  /** It succeeded, and counts nowhere. */
  giveBack(): void {
    for (const giveBack of this.taken.splice(0)) giveBack();
  }

  private take(take: () => void, giveBack: () => void): void {
    try {
      take();
    } catch (error) {
      this.giveBack();
      throw error;
    }
    this.taken.push(giveBack);
  }
}

function refuse(name: LimitName, retryAfterMs: number): void {
  if (retryAfterMs === 0) return;
  metrics.rateLimited.inc({ limit: name });
  throw new AppError('RATE_LIMITED', { retryAfterMs });
}
