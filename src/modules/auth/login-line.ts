import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import { BoundedCache } from '../../platform/memory/bounded-cache.js';
import { type Store, watchStore } from '../../platform/memory/stores.js';
import { metrics } from '../../platform/metrics/metrics.js';
import { RateLimits } from '../../platform/rate-limit/rate-limits.js';

/** Attempts that wait: on one account, of one address on it, and in all. */
export const WAITING = { perAccount: 64, perAddress: 2, inAll: 4_096 };
/** An attempt that waited this long is refused, so that it does not hold its connection. */
export const MAX_WAIT_MS = 10_000;
const RETRY_MS = 2_000;
/** What waits: a promise, its timer, its place, and what its request holds. */
const WAITING_BYTES = 1_000;
const TURNS = { name: 'login-turns', maxBytes: 8 * 1024 * 1024, entryBytes: 70 };

interface Waiting {
  readonly address: string;
  /** The number of the address's last turn on this account; 0 when it has had none. */
  readonly lastTurn: number;
  begin(): void;
  refuse(): void;
}

interface Line {
  readonly waiting: Waiting[];
  timer: NodeJS.Timeout | undefined;
}

/**
 * Paces the attempts of strangers to sign in to one account. Up to the account's bucket they pass at once. Beyond that nobody is refused for
 * what others do: attempts wait, and the bucket lets one through whenever it has refilled. The address whose last turn on this account is
 * longest ago goes first, one that has had none before all others: so whoever comes from a new address is next, however many others have been
 * guessing. What waits is bounded in number and in time, and holds nothing but its request.
 */
@Injectable()
export class LoginLine implements Store {
  readonly name = 'logins-waiting';
  readonly maxBytes = WAITING.inAll * WAITING_BYTES;
  private readonly lines = new Map<string, Line>();
  /** By account and address: when it was its turn, as a number that only grows. */
  private readonly turns = new BoundedCache<number>(TURNS);
  private turn = 0;
  private waitingInAll = 0;

  constructor(private readonly limits: RateLimits) {
    watchStore(this);
  }

  get entries(): number {
    return this.waitingInAll;
  }

  get bytes(): number {
    return this.waitingInAll * WAITING_BYTES;
  }

  get waiting(): number {
    return this.waitingInAll;
  }

  /**
   * Resolves when it is the turn of this address on this account.
   * @throws AppError RATE_LIMITED when it does not come in time, or too many wait who come before it
   */
  async enter(account: string, address: string): Promise<void> {
    // Nobody passes those who wait already.
    if (!this.lines.has(account) && this.limits.take('loginByAccount', account) === 0) this.noteTurn(account, address);
    else await this.wait(account, address);
  }

  /** The attempt was right: it does not count, and the address is as good as new. */
  succeeded(account: string, address: string): void {
    this.limits.giveBack('loginByAccount', account);
    this.turns.delete(keyOf(account, address));
  }

  private wait(account: string, address: string): Promise<void> {
    const lastTurn = this.turns.get(keyOf(account, address)) ?? 0;
    const line = this.lines.get(account);
    if (!this.makeRoom(line, address, lastTurn)) throw refused();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        address,
        lastTurn,
        begin: () => {
          clearTimeout(deadline);
          this.noteTurn(account, address);
          resolve();
        },
        refuse: () => {
          clearTimeout(deadline);
          this.leave(account, waiting);
          reject(refused());
        },
      };
      const deadline = setTimeout(() => waiting.refuse(), MAX_WAIT_MS);
      this.join(account, waiting);
    });
  }

  private join(account: string, waiting: Waiting): void {
    const line = this.lines.get(account) ?? { waiting: [], timer: undefined };
    line.waiting.push(waiting);
    this.waitingInAll += 1;
    this.lines.set(account, line);
    if (line.timer === undefined) this.serve(account, line);
  }

  private leave(account: string, waiting: Waiting): void {
    const line = this.lines.get(account)!;
    line.waiting.splice(line.waiting.indexOf(waiting), 1);
    this.waitingInAll -= 1;
    if (line.waiting.length > 0) return;
    clearTimeout(line.timer);
    this.lines.delete(account);
  }

  /** Lets as many go on as the bucket allows, and comes back when it allows the next. */
  private serve(account: string, line: Line): void {
    line.timer = undefined;
    while (line.waiting.length > 0) {
      const waitMs = this.limits.take('loginByAccount', account);
      if (waitMs > 0) {
        line.timer = setTimeout(() => this.serve(account, line), waitMs);
        return;
      }
      const next = line.waiting.reduce((first, each) => (each.lastTurn < first.lastTurn ? each : first));
      this.leave(account, next);
      next.begin();
    }
  }

  /** Refuses the waiting attempt whose address had a turn most recently, to make room. False when no attempt can be refused. */
  private makeRoom(line: Line | undefined, address: string, lastTurn: number): boolean {
    const waiting = line?.waiting ?? [];
    if (waiting.filter((each) => each.address === address).length >= WAITING.perAddress) return false;
    if (waiting.length >= WAITING.perAccount) return giveWay(waiting, lastTurn);
    if (this.waitingInAll < WAITING.inAll) return true;
    const longest = [...this.lines.values()].reduce((most, each) => (each.waiting.length > most.waiting.length ? each : most));
    return longest.waiting.length > waiting.length + 1 && giveWay(longest.waiting, -1);
  }

  private noteTurn(account: string, address: string): void {
    this.turns.set(keyOf(account, address), ++this.turn);
  }
}

/** Refuses the last in turn, if that is behind `lastTurn`. */
function giveWay(waiting: readonly Waiting[], lastTurn: number): boolean {
  const last = waiting.reduce((latest, each) => (each.lastTurn >= latest.lastTurn ? each : latest));
  if (last.lastTurn <= lastTurn) return false;
  last.refuse();
  return true;
}

function keyOf(account: string, address: string): string {
  return `${account} ${address}`;
}

function refused(): AppError {
  metrics.rateLimited.inc({ limit: 'loginByAccount' });
  return new AppError('RATE_LIMITED', { retryAfterMs: RETRY_MS });
}
