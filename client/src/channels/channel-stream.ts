import type { EntryView } from '../../../src/protocol/entries.js';

/** More than this many early entries are not kept: the repair brings them anyway. */
const MAX_EARLY = 1_000;

/**
 * Puts the entries of one channel into order: each is taken once, in seq order, without a hole. What comes early waits until the
 * hole before it is filled by `resume`.
 */
export class ChannelStream {
  private readonly early = new Map<number, EntryView>();

  constructor(
    /** The last entry that was taken. */
    private position: number,
    private readonly take: (entry: EntryView) => void,
  ) {}

  get seq(): number {
    return this.position;
  }

  get hasHole(): boolean {
    return this.early.size > 0;
  }

  /** An entry from anywhere: live, from `resume`, double, or too early. */
  receive(entry: EntryView): void {
    if (entry.seq <= this.position) return;
    if (entry.seq > this.position + 1) {
      if (this.early.size < MAX_EARLY) this.early.set(entry.seq, entry);
      return;
    }
    for (let next: EntryView | undefined = entry; next; next = this.early.get(this.position + 1)) {
      this.early.delete(next.seq);
      this.position = next.seq;
      this.take(next);
    }
  }

  /** The state was loaded afresh as it is at `seq`: entries up to there are part of it. */
  restart(seq: number): void {
    this.position = seq;
    for (const early of this.early.keys()) if (early <= seq) this.early.delete(early);
    const next = this.early.get(seq + 1);
    if (next) this.receive(next);
  }
}
