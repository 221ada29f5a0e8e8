/** Entries after which a snapshot is due. */
const ENTRIES = 50;
/** The oldest change waits no longer than this for a snapshot. */
const MAX_AGE_MS = 30_000;
/** Under load snapshots take at most this share of the time: they are for fast loading, and each writes the whole document. */
const MAX_SHARE = 0.02;
const MIN_PAUSE_MS = 5_000;
const RETRY_MS = 2_000;

/** Decides when a document that changes is stored: soon, but neither on the way of a change nor all the time. */
export class SnapshotSchedule {
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private dirtySince: number | undefined;
  private entries = 0;
  private notBefore = 0;
  private isStoring = false;
  private isStopped = false;

  constructor(private readonly store: () => void) {}

  /** When the oldest change that is not in a snapshot was made; undefined when all are. */
  get oldest(): number | undefined {
    return this.dirtySince;
  }

  /** An entry is in the document that no snapshot has. */
  changed(): void {
    this.dirtySince ??= Date.now();
    this.entries += 1;
    if (!this.isStoring) this.armDue();
  }

  /** A snapshot has begun: what comes from now on is not in it. @returns what to call at its end */
  begin(): (isStored: boolean) => void {
    this.disarm();
    this.isStoring = true;
    const startedAt = Date.now();
    const since = this.dirtySince;
    const entries = this.entries;
    this.dirtySince = undefined;
    this.entries = 0;
    return (isStored) => {
      const now = Date.now();
      this.isStoring = false;
      this.notBefore = now + Math.max(isStored ? MIN_PAUSE_MS : RETRY_MS, (now - startedAt) / MAX_SHARE);
      if (isStored) return this.armDue();
      // What is dirty stays dirty until it is stored.
      this.dirtySince = since ?? this.dirtySince;
      this.entries += entries;
      if (this.dirtySince !== undefined) this.arm(now);
    };
  }

  /** For good. */
  stop(): void {
    this.isStopped = true;
    this.disarm();
  }

  private disarm(): void {
    clearTimeout(this.timer);
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  private armDue(): void {
    if (this.dirtySince === undefined) return;
    this.arm(this.entries >= ENTRIES ? Date.now() : this.dirtySince + MAX_AGE_MS);
  }

  private arm(at: number): void {
    const dueAt = Math.max(at, this.notBefore);
    if (this.isStopped || this.timerAt <= dueAt) return;
    clearTimeout(this.timer);
    this.timerAt = dueAt;
    this.timer = setTimeout(() => {
      this.timerAt = Number.POSITIVE_INFINITY;
      this.store();
    }, Math.max(0, dueAt - Date.now()));
  }
}
