import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { EntryView } from '../protocol/entries.js';
import { Bus } from '../platform/bus/bus.js';
import { AppError } from '../platform/errors/app-error.js';
import { metrics } from '../platform/metrics/metrics.js';
import { ChannelTail } from './channel-tail.js';
import { JournalRepository } from './journal.repository.js';
import { TailMemory } from './tail-memory.js';

/** The bus usually brings the missing entry within this; only then is the journal asked. */
const GAP_PATIENCE_MS = 20;
/** How often a node of a cluster compares the channels it watches with the database: a lost last message leaves no gap to see. */
const SWEEP_MS = 1_000;
/** A statement without an answer is decided within this, once the database answers again. */
const DOUBT_MS = 10_000;
const REPAIR_PAGE = 500;

/** `recent` are the entries of the channel that are still in memory; `text` is the entry as JSON, if that is at hand. */
type Consumer = (entry: EntryView, recent: readonly EntryView[], text: string | undefined) => void;

/**
 * Hands every committed entry of a watched channel to the consumers in seq order, each once, without a hole: our own commits, those
 * that the bus brings, and what the journal knows of any that were lost on the way.
 */
@Injectable()
export class FanOut implements OnApplicationShutdown {
  private readonly logger = new Logger(FanOut.name);
  private readonly tails = new Map<string, ChannelTail>();
  private readonly memory = new TailMemory();
  private readonly consumers: Consumer[] = [];
  private readonly seenListeners: ((entry: EntryView) => void)[] = [];
  private readonly repairing = new Map<string, Promise<void>>();
  private readonly gapTimers = new Map<string, NodeJS.Timeout>();
  private readonly sweepTimer: NodeJS.Timeout;
  /** Channel → until when it is looked after, because a commit of ours ended without an answer. */
  private readonly doubts = new Map<string, number>();
  private sweeping = false;

  constructor(
    private readonly bus: Bus,
    private readonly journal: JournalRepository,
  ) {
    bus.subscribe('entries', (message) => this.receive(message));
    bus.onUp(() => void this.sweep());
    this.sweepTimer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  /** Consumers run in the order of their registration, for every entry of a watched channel. They must not throw or wait. */
  addConsumer(consumer: Consumer): void {
    this.consumers.push(consumer);
  }

  /** Runs for every entry that passes this node, watched or not, in any order, perhaps twice: for caches to forget. */
  onSeen(listener: (entry: EntryView) => void): void {
    this.seenListeners.push(listener);
  }

  /**
   * Starts to watch the channels (counted: each needs its `release`). When this resolves, every later entry will reach the consumers.
   * @returns the position of each channel; one that does not exist is missing and not watched
   */
  async hold(channelIds: readonly string[]): Promise<Map<string, number>> {
    for (const id of channelIds) this.tailOf(id).holders += 1;
    const unknown = channelIds.filter((id) => this.tails.get(id)!.cursor === undefined);
    try {
      if (unknown.length > 0) await this.locate(unknown);
    } catch (error) {
      for (const id of channelIds) this.release(id);
      throw error;
    }
    const positions = new Map<string, number>();
    for (const id of channelIds) {
      const cursor = this.tails.get(id)?.cursor;
      if (cursor === undefined) this.release(id);
      else positions.set(id, cursor);
    }
    return positions;
  }

  release(channelId: string): void {
    const tail = this.tails.get(channelId);
    if (!tail || --tail.holders > 0) return;
    tail.forget();
    this.tails.delete(channelId);
    this.stopGapTimer(channelId);
  }

  /** The last seq that has reached the consumers. */
  cursor(channelId: string): number | undefined {
    return this.tails.get(channelId)?.cursor;
  }

  /** What has reached the consumers after `seq`, when it is still in memory. */
  since(channelId: string, seq: number): EntryView[] | undefined {
    return this.tails.get(channelId)?.since(seq);
  }

  /** Brings held channels up to what the database has, where that is more than has reached this node. */
  async refresh(channelIds: readonly string[]): Promise<void> {
    await this.compare([...channelIds]);
  }

  /** Entries that this node committed: to our own consumers, and to the other nodes. */
  publish(entries: readonly EntryView[], texts: readonly (string | undefined)[] = []): void {
    entries.forEach((entry, index) => this.accept(entry, texts[index]));
    if (!this.bus.isLocal) this.tellOthers(entries, texts);
  }

  /** A commit to these channels ended without an answer: for a while, and until the database answers again, they are compared with it. */
  doubt(channelIds: readonly string[]): void {
    for (const id of channelIds) this.doubts.set(id, Date.now() + DOUBT_MS);
    if (channelIds.length > 0) void this.sweep();
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweepTimer);
    for (const timer of this.gapTimers.values()) clearTimeout(timer);
  }

  private tailOf(channelId: string): ChannelTail {
    let tail = this.tails.get(channelId);
    if (!tail) this.tails.set(channelId, (tail = new ChannelTail(this.memory)));
    return tail;
  }

  /** The tails exist already and gather what is committed meanwhile, so that nothing falls between the read and the start. */
  private async locate(channelIds: string[]): Promise<void> {
    const lastSeqs = await this.journal.lastSeqs(channelIds);
    for (const [id, seq] of lastSeqs) {
      const tail = this.tails.get(id);
      if (tail && tail.cursor === undefined) this.emit(tail, tail.startAt(seq));
      if (tail?.hasGap) this.startGapTimer(id);
    }
  }

  private accept(entry: EntryView, text?: string): void {
    for (const listener of this.seenListeners) listener(entry);
    const tail = this.tails.get(entry.channelId);
    if (!tail) return;
    this.emit(tail, tail.accept(entry, text?.length ?? bytesOf(entry)), text);
    if (tail.hasGap) this.startGapTimer(entry.channelId);
  }

  /** @param text of the first of them */
  private emit(tail: ChannelTail, entries: readonly EntryView[], text?: string): void {
    for (const entry of entries) {
      for (const consume of this.consumers) {
        try {
          consume(entry, tail.recent, entry === entries[0] ? text : undefined);
        } catch (error) {
          // The entry is committed, and the next consumer has a right to it.
          this.logger.error({ err: error, channelId: entry.channelId, seq: entry.seq }, 'a consumer failed');
        }
      }
    }
  }

  private startGapTimer(channelId: string): void {
    if (this.gapTimers.has(channelId)) return;
    const timer = setTimeout(() => {
      this.gapTimers.delete(channelId);
      if (this.tails.get(channelId)?.hasGap) void this.repair(channelId);
    }, GAP_PATIENCE_MS);
    this.gapTimers.set(channelId, timer);
  }

  private stopGapTimer(channelId: string): void {
    clearTimeout(this.gapTimers.get(channelId));
    this.gapTimers.delete(channelId);
  }

  /** Fills the channel from the journal, up to its end. One at a time per channel. */
  private repair(channelId: string): Promise<void> {
    let running = this.repairing.get(channelId);
    if (!running) {
      running = this.readOn(channelId).finally(() => this.repairing.delete(channelId));
      this.repairing.set(channelId, running);
    }
    return running;
  }

  private async readOn(channelId: string): Promise<void> {
    try {
      for (let more = true; more; ) {
        const cursor = this.cursor(channelId);
        if (cursor === undefined) return;
        this.tailOf(channelId).beginRepair();
        const { entries, hasMore } = await this.journal.readAfter([{ channelId, seq: cursor }], REPAIR_PAGE);
        const missed = entries.get(channelId)!;
        if (missed.length > 0) metrics.seqGapRepaired.inc();
        for (const entry of missed) this.accept(entry);
        more = hasMore.has(channelId);
      }
      if (this.tails.get(channelId)?.hasGap) this.startGapTimer(channelId);
    } catch (error) {
      this.logger.warn({ err: error, channelId }, 'could not fill a gap from the journal; will try again');
      this.startGapTimer(channelId);
    }
  }

  /** Compares channels with the database: of a cluster all that are watched, of a single process those in doubt. */
  private async sweep(): Promise<void> {
    const channelIds = this.bus.isLocal ? [...this.doubts.keys()] : [...this.tails.keys()];
    if (this.sweeping || channelIds.length === 0) return;
    this.sweeping = true;
    try {
      await this.compare(channelIds.filter((id) => this.cursor(id) !== undefined));
      for (const [id, until] of this.doubts) if (until < Date.now()) this.doubts.delete(id);
    } catch (error) {
      this.logger.warn({ err: error }, 'could not compare the channels with the database; will try again');
      for (const id of this.doubts.keys()) this.doubts.set(id, Date.now() + DOUBT_MS);
    } finally {
      this.sweeping = false;
    }
  }

  private async compare(channelIds: string[]): Promise<void> {
    if (channelIds.length === 0) return;
    const lastSeqs = await this.journal.lastSeqs(channelIds);
    const behind = channelIds.filter((id) => (lastSeqs.get(id) ?? 0) > (this.cursor(id) ?? Number.POSITIVE_INFINITY));
    await Promise.all(behind.map((id) => this.repair(id)));
  }

  /** As many entries a message as fit; one that is too large alone is only named. */
  private tellOthers(entries: readonly EntryView[], texts: readonly (string | undefined)[]): void {
    let group: string[] = [];
    let bytes = 2;
    const send = () => {
      if (group.length > 0) this.bus.publish('entries', `[${group.join(',')}]`);
      group = [];
      bytes = 2;
    };
    for (const [index, entry] of entries.entries()) {
      let text = texts[index] ?? JSON.stringify(entry);
      let size = Buffer.byteLength(text) + 1;
      if (size + 2 > this.bus.maxMessageBytes) {
        text = JSON.stringify({ channelId: entry.channelId, seq: entry.seq });
        size = text.length + 1;
      }
      if (bytes + size > this.bus.maxMessageBytes) send();
      group.push(text);
      bytes += size;
    }
    send();
  }

  private receive(message: string): void {
    for (const entry of JSON.parse(message) as EntryView[]) {
      if (entry.type !== undefined) this.accept(entry);
      else if (this.tails.has(entry.channelId)) void this.repair(entry.channelId);
    }
  }
}

/** The other fields of a message, in JSON. */
const BYTES_BESIDE_CONTENT = 450;

/** About how long it is as JSON. */
export function bytesOf(entry: EntryView): number {
  return typeof entry.content === 'string' ? BYTES_BESIDE_CONTENT + Buffer.byteLength(entry.content) : Buffer.byteLength(JSON.stringify(entry));
}

/** For callers that found a channel missing after `hold`. */
export function requirePosition(positions: Map<string, number>, channelId: string): number {
  const seq = positions.get(channelId);
  if (seq === undefined) throw new AppError('NOT_FOUND');
  return seq;
}
