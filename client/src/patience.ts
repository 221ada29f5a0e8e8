/** How long storage may take before nobody waits for it any more. A cold IndexedDB on a busy disk needs one or two seconds. */
export const PATIENCE_MS = 3_000;
/** Operations without an answer. Each holds what it was to store, so their number has a bound. */
const MAX_UNANSWERED = 100;

/** Storage did not answer in time. What was asked of it may still happen. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/**
 * Asks something of this device that may never answer: an IndexedDB that hangs, a lock that is never granted. The first operation that
 * takes too long fails, and each one after it fails at once, until one is answered. They are begun all the same, in order, so that they
 * take effect if the storage comes back.
 */
export class Patience {
  private isBroken = false;
  private unanswered = 0;

  /** @param warn is told of every failure */
  constructor(private readonly warn: (error: unknown) => void) {}

  /** @throws Unanswered, or whatever `work` throws */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    if (this.unanswered >= MAX_UNANSWERED) throw new Unanswered('Too much waits for an answer');
    this.unanswered++;
    // Within a promise, since a storage may throw as well as reject.
    const answer = Promise.resolve().then(work);
    answer
      .catch((error: unknown) => this.warn(error))
      .finally(() => this.answered());
    if (this.isBroken) throw new Unanswered('There was no answer to what was asked before');
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.gaveUp()), PATIENCE_MS);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  private answered(): void {
    this.unanswered--;
    this.isBroken = false;
  }

  private gaveUp(): Unanswered {
    this.isBroken = true;
    const error = new Unanswered(`No answer for ${PATIENCE_MS / 1_000} s`);
    this.warn(error);
    return error;
  }
}

/** Says what it means that something does not work, once: somebody who types would otherwise fill the console. */
export function warnOnce(trouble: string): (error: unknown) => void {
  let isWarned = false;
  return (error) => {
    // eslint-disable-next-line no-console -- a library has no other place for what its user does not have to act on
    if (!isWarned) console.warn(`Atrium: ${trouble}.`, error);
    isWarned = true;
  };
}

/** What storages of several kinds have in common. */
interface AskedStorage {
  list(...of: never[]): Promise<unknown>;
  put(...what: never[]): Promise<unknown>;
  remove(...what: never[]): Promise<unknown>;
  forget?(...what: never[]): Promise<unknown>;
}

const OPERATIONS = ['list', 'put', 'remove', 'forget'] as const;

/**
 * The same storage, which fails where it would keep its caller waiting. Each operation has a patience of its own: a database that still
 * reads may have stopped to write.
 */
export function patient<S extends AskedStorage>(storage: S, trouble: string): S {
  const warn = warnOnce(trouble);
  const asked = (operation: keyof AskedStorage) => {
    const patience = new Patience(warn);
    return (...args: never[]) => patience.ask(() => storage[operation]!(...args));
  };
  return Object.fromEntries(OPERATIONS.filter((operation) => operation in storage).map((operation) => [operation, asked(operation)])) as unknown as S;
}
