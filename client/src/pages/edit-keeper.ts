import { Chore } from '../chore.js';
import { Patience, warnOnce } from '../patience.js';
import type { EditStorage, KeptEdits } from './edit-storage.js';

/**
 * Keeps the edits of one page, on one device, for the case that it is closed before they are sent. They have a key, and whoever writes under
 * it holds a lock of that name: so it is known which edits belong to a tab that is still there, and which to one that is gone.
 */
export class EditKeeper {
  private key: string | undefined;
  private unlock: (() => void) | undefined;
  private isStored = false;
  private read: () => KeptEdits | undefined = () => undefined;
  private readonly saving = new Chore(() => this.save());

  constructor(
    private readonly storage: EditStorage,
    private readonly userId: string,
    private readonly pageId: string,
  ) {}

  /** What a device that is gone had left of this page. From now on it is ours. */
  async takeUp(): Promise<KeptEdits | undefined> {
    // Without a working storage nothing was left.
    for (const { key, kept } of await this.storage.list(this.userId).catch(() => [])) {
      // Where no lock is to be had, it may be somebody else's.
      if (kept.pageId !== this.pageId || !(await this.claim(key).catch(() => false))) continue;
      this.isStored = true;
      return kept;
    }
    return undefined;
  }

  /** Resolves when what waits now is stored, as far as that is possible. `read` says what does, perhaps a moment later; undefined when nothing does. */
  keep(read: () => KeptEdits | undefined): Promise<void> {
    this.read = read;
    return this.isStored || read() ? this.saving.do() : Promise.resolve();
  }

  /** Forgets what was taken up. */
  drop(): Promise<void> {
    return this.keep(() => undefined);
  }

  /** Leaves what is stored to whoever comes next. */
  release(): void {
    this.unlock?.();
    this.unlock = undefined;
  }

  private async save(): Promise<void> {
    try {
      const kept = this.read();
      if (!kept) {
        if (this.isStored) await this.storage.remove(this.userId, this.key!);
        this.isStored = false;
        return;
      }
      if (!this.unlock && !(this.key !== undefined && (await this.claim(this.key)))) await this.claim(crypto.randomUUID());
      this.isStored = true;
      await this.storage.put(this.userId, this.key!, kept);
    } catch {
      // Without a working storage (a private window, a full disk) it is still sent, only not after a reload.
    }
  }

  /** @returns false when somebody else, who is still there, holds it */
  private async claim(key: string): Promise<boolean> {
    const unlock = await lock(`atrium edits ${this.userId} ${key}`);
    if (!unlock) return false;
    this.key = key;
    this.unlock = unlock;
    return true;
  }
}

/** One for all pages: what does not answer one of them does not answer the others. */
const patiences = new WeakMap<LockManager, Patience>();

function patienceWith(locks: LockManager): Patience {
  let patience = patiences.get(locks);
  if (!patience) patiences.set(locks, (patience = new Patience(warnOnce('The browser grants no locks, so edits that are not sent yet are not kept on this device'))));
  return patience;
}

/**
 * What ends the lock; undefined when somebody else has it. Where there are no locks, there are no tabs either.
 * @throws Unanswered the browser neither grants nor refuses it
 */
async function lock(name: string): Promise<(() => void) | undefined> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) return () => undefined;
  let isAwaited = true;
  const request = (resolve: (unlock: (() => void) | undefined) => void, reject: (error: unknown) => void): void => {
    const granted = (lock: Lock | null): Promise<void> | undefined => {
      // A lock that comes too late is given back.
      if (lock && isAwaited) return new Promise<void>((unlock) => resolve(unlock));
      resolve(undefined);
      return undefined;
    };
    locks.request(name, { ifAvailable: true }, granted).catch(reject);
  };
  try {
    return await patienceWith(locks).ask(() => new Promise(request));
  } catch (error) {
    isAwaited = false;
    throw error;
  }
}
