import type { EntryView } from '../protocol/entries.js';
import type { Remembering, TailMemory } from './tail-memory.js';

/** Entries kept per watched channel, and bytes of them, so that a join or a resume needs no second read. */
const KEEP_RECENT = 64;
const KEEP_RECENT_BYTES = 1_000_000;
/** Entries of one channel that may wait for a missing one, and bytes of them; beyond, the gap is read from the journal anyway. */
const MAX_EARLY = 1_000;
const MAX_EARLY_BYTES = 4_000_000;

interface Weighed {
  readonly entry: EntryView;
  readonly bytes: number;
}

/**
 * The order of one channel on this node. Entries come from our own commits, from other nodes and from the journal, in any order and
 * more than once; they leave in seq order, each once, without a hole.
 */
export class ChannelTail implements Remembering {
  /** The last seq that has left; undefined until the channel's position is known. */
  cursor: number | undefined;
  /** Who needs this channel: sockets that joined it, and caches that follow it. */
  holders = 0;
  recent: EntryView[] = [];
  /** Of each of them. */
  private recentBytes: number[] = [];
  private recentBytesInAll = 0;
  private readonly early = new Map<number, Weighed>();
  private earlyBytes = 0;
  /** Entries came that found no room: nothing here tells of them any more, only the journal. */
  private hasDropped = false;

  constructor(private readonly memory: TailMemory) {}

  /** Takes an entry of about so many bytes in; returns what can leave now, in order. */
  accept(entry: EntryView, bytes: number): EntryView[] {
    if (this.cursor === undefined || entry.seq > this.cursor + 1) {
      this.keepEarly(entry, bytes);
      return [];
    }
    if (entry.seq <= this.cursor) return [];
    const ready = [{ entry, bytes }];
    this.cursor = entry.seq;
    if (this.early.size > 0) this.takeEarly(ready);
    return this.remember(ready);
  }

  /** The channel's position becomes known: what came meanwhile and lies after it can leave. */
  startAt(seq: number): EntryView[] {
    this.cursor = seq;
    for (const early of this.early.keys()) if (early <= seq) this.dropEarly(early);
    const ready: Weighed[] = [];
    this.takeEarly(ready);
    return this.remember(ready);
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

  /** Forgets the entries that were handed on; the journal still has them. */
  forget(): void {
    this.recent = [];
    this.recentBytes = [];
    this.recentBytesInAll = 0;
    this.memory.note(this, 0);
  }

  private keepEarly(entry: EntryView, bytes: number): void {
    if (this.early.has(entry.seq)) return;
    this.hasDropped ||= this.early.size >= MAX_EARLY || this.earlyBytes + bytes > MAX_EARLY_BYTES;
    if (this.early.size >= MAX_EARLY || this.earlyBytes + bytes > MAX_EARLY_BYTES) return;
    this.early.set(entry.seq, { entry, bytes });
    this.earlyBytes += bytes;
  }

  private dropEarly(seq: number): Weighed | undefined {
    const early = this.early.get(seq);
    this.early.delete(seq);
    this.earlyBytes -= early?.bytes ?? 0;
    return early;
  }

  private takeEarly(ready: Weighed[]): void {
    for (let early; (early = this.dropEarly(this.cursor! + 1)); ) {
      this.cursor = early.entry.seq;
      ready.push(early);
    }
  }

  private remember(ready: readonly Weighed[]): EntryView[] {
    for (const { entry, bytes } of ready) {
      this.recent.push(entry);
      this.recentBytes.push(bytes);
      this.recentBytesInAll += bytes;
    }
    const isTooLarge = this.recentBytesInAll > KEEP_RECENT_BYTES;
    if (this.recent.length > 2 * KEEP_RECENT || isTooLarge) this.shorten();
    if (ready.length > 0) this.memory.note(this, this.recentBytesInAll);
    return ready.map(({ entry }) => entry);
  }

  /** To the newest ones that are few enough, and small enough together. */
  private shorten(): void {
    let first = this.recent.length;
    let bytes = 0;
    while (first > 0 && this.recent.length - first < KEEP_RECENT && bytes + this.recentBytes[first - 1]! <= KEEP_RECENT_BYTES) bytes += this.recentBytes[--first]!;
    this.recent = this.recent.slice(first);
    this.recentBytes = this.recentBytes.slice(first);
    this.recentBytesInAll = bytes;
  }
}
