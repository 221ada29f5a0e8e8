import type { EntryView } from '../protocol/entries.js';

/** Entries kept per watched channel, so that a join or a resume needs no second read. */
const KEEP_RECENT = 64;
/** Entries of one channel that may wait for a missing one; beyond, the gap is read from the journal anyway. */
const MAX_EARLY = 1_000;

/**
 * The order of one channel on this node. Entries come from our own commits, from other nodes and from the journal, in any order and
 * more than once; they leave in seq order, each once, without a hole.
 */
export class ChannelTail {
  /** The last seq that has left; undefined until the channel's position is known. */
  cursor: number | undefined;
  /** Who needs this channel: sockets that joined it, and caches that follow it. */
  holders = 0;
  recent: EntryView[] = [];
  private readonly early = new Map<number, EntryView>();
  /** Entries came that found no room: nothing here tells of them any more, only the journal. */
  private hasDropped = false;

  /** Takes an entry in; returns what can leave now, in order. */
  accept(entry: EntryView): EntryView[] {
    if (this.cursor === undefined || entry.seq > this.cursor + 1) {
      if (this.early.size < MAX_EARLY) this.early.set(entry.seq, entry);
      else this.hasDropped = true;
      return [];
    }
    if (entry.seq <= this.cursor) return [];
    const ready = [entry];
    this.cursor = entry.seq;
    if (this.early.size > 0) this.takeEarly(ready);
    this.remember(ready);
    return ready;
  }

  /** The channel's position becomes known: what came meanwhile and lies after it can leave. */
  startAt(seq: number): EntryView[] {
    this.cursor = seq;
    for (const early of this.early.keys()) if (early <= seq) this.early.delete(early);
    const ready: EntryView[] = [];
    this.takeEarly(ready);
    this.remember(ready);
    return ready;
  }

  /** True while an entry is missing before one that has come. */
  get hasGap(): boolean {
    return this.cursor !== undefined && (this.early.size > 0 || this.hasDropped);
  }

  /** The journal is about to be read, with whatever was dropped so far. */
  beginRepair(): void {
    this.hasDropped = false;
  }

  /** The entries after `seq`, when all of them are still in memory. */
  since(seq: number): EntryView[] | undefined {
    if (this.cursor === undefined || seq > this.cursor) return undefined;
    if (seq === this.cursor) return [];
    const first = this.recent[0];
    if (!first || first.seq > seq + 1) return undefined;
    return this.recent.slice(seq + 1 - first.seq);
  }

  private takeEarly(ready: EntryView[]): void {
    for (let entry; (entry = this.early.get(this.cursor! + 1)); ) {
      this.early.delete(entry.seq);
      this.cursor = entry.seq;
      ready.push(entry);
    }
  }

  private remember(entries: EntryView[]): void {
    this.recent.push(...entries);
    if (this.recent.length > 2 * KEEP_RECENT) this.recent = this.recent.slice(-KEEP_RECENT);
  }
}
