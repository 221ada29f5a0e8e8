import { Chore } from '../chore.js';
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
      if (kept.pageId !== this.pageId || !(await this.claim(key))) continue;
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

/** What ends the lock; undefined when somebody else has it. Where there are no locks, there are no tabs either. */
function lock(name: string): Promise<(() => void) | undefined> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    locks.request(name, { ifAvailable: true }, (granted) => (granted ? new Promise<void>((unlock) => resolve(unlock)) : resolve(undefined))).catch(reject);
  });
}
