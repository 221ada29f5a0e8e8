import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { FanOut } from '../../journal/fan-out.js';
import { Journal } from '../../journal/journal.js';
import { AppError } from '../../platform/errors/app-error.js';
import { type Store, watchStore } from '../../platform/memory/stores.js';
import { beforeScrape, metrics } from '../../platform/metrics/metrics.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import type { EntryView } from '../../protocol/entries.js';
import type { CollabDocument, DocumentKind } from './collab-document.js';
import { DocumentSettings } from './document-settings.js';
import { LiveDocument } from './live-document.js';
import { SnapshotSchedule } from './snapshot-schedule.js';

/**
 * How far an open document has come. `storing` serves as `live` does; so does `closing`, which is the last store before the end, and
 * becomes `live` again when somebody comes. `closed` is over: the next one to ask opens it anew.
 */
type Phase =
  | { readonly name: 'loading'; readonly early: EntryView[] }
  | { readonly name: 'live' }
  | { readonly name: 'storing' }
  | { readonly name: 'closing' }
  | { readonly name: 'closed'; readonly error?: AppError | undefined };

interface Slot<D extends CollabDocument = CollabDocument> {
  readonly kind: DocumentKind<D>;
  readonly channelId: string;
  phase: Phase;
  readonly opened: Promise<LiveDocument<D>>;
  live: LiveDocument<D> | undefined;
  readonly schedule: SnapshotSchedule;
  /** The snapshot that is under way. */
  storing: Promise<boolean> | undefined;
  /** By `performance.now()`, which tells apart what comes within a millisecond. */
  usedAt: number;
  /** Who must find it open, for a moment. */
  holds: number;
}

/**
 * The documents that are open on this node. Opening one costs one load, however many ask at once; writing or joining opens, reading never
 * does. All that is kept here can be lost at any moment without loss: the journal has it.
 */
@Injectable()
export class LiveDocuments implements BeforeApplicationShutdown, Store {
  readonly name = 'documents';
  private readonly logger = new Logger(LiveDocuments.name);
  private readonly slots = new Map<string, Slot>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly journal: Journal,
    private readonly fanOut: FanOut,
    private readonly realtime: Realtime,
    private readonly settings: DocumentSettings,
  ) {
    fanOut.addConsumer((entry) => this.receive(entry));
    this.timer = setInterval(() => this.sweep(), settings.sweepMs).unref();
    beforeScrape(() => this.record());
    watchStore(this);
  }

  get entries(): number {
    return this.slots.size;
  }

  get bytes(): number {
    return [...this.slots.values()].reduce((sum, { live }) => sum + (live?.document.weight ?? 0), 0);
  }

  get maxBytes(): number {
    return this.settings.maxBytes;
  }

  /**
   * Runs `work` with the document open, and open until it is done.
   * @throws AppError when there is no such document, or the storage does not answer
   */
  async use<D extends CollabDocument, T>(kind: DocumentKind<D>, channelId: string, work: (live: LiveDocument<D>) => Promise<T> | T): Promise<T> {
    const slot = this.slotOf(kind, channelId);
    slot.holds += 1;
    if (slot.phase.name === 'closing') slot.phase = { name: 'live' };
    try {
      return await work(slot.live ?? (await slot.opened));
    } finally {
      slot.holds -= 1;
      slot.usedAt = performance.now();
    }
  }

  /** The document, if it is open, for a change that is submitted at once: until that is done, the document stays. */
  findToChange<D extends CollabDocument>(_kind: DocumentKind<D>, channelId: string): LiveDocument<D> | undefined {
    const slot = this.slots.get(channelId) as Slot<D> | undefined;
    if (slot?.live) slot.usedAt = performance.now();
    return slot?.live;
  }

  /** The document, if it is open and ready; it is not opened for this. */
  find<D extends CollabDocument>(_kind: DocumentKind<D>, channelId: string): LiveDocument<D> | undefined {
    return this.slots.get(channelId)?.live as LiveDocument<D> | undefined;
  }

  /** All that are open and ready, of whatever kind. */
  listOpen(): CollabDocument[] {
    return [...this.slots.values()].flatMap(({ live }) => live?.document ?? []);
  }

  /** Drops a document that is gone, or that has to be read anew. */
  drop(channelId: string, error: AppError): void {
    const slot = this.slots.get(channelId);
    if (!slot) return;
    slot.live?.abandon(error);
    this.remove(slot, error);
  }

  /** Before the connections to the database end. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const slots = [...this.slots.values()];
    await Promise.all(slots.map((slot) => slot.opened.then(() => this.store(slot)).catch(() => false)));
    for (const slot of slots) this.remove(slot);
  }

  private slotOf<D extends CollabDocument>(kind: DocumentKind<D>, channelId: string): Slot<D> {
    const known = this.slots.get(channelId) as Slot<D> | undefined;
    if (known) return known;
    const slot: Slot<D> = {
      kind,
      channelId,
      phase: { name: 'loading', early: [] },
      opened: Promise.resolve().then(() => this.load(slot)),
      live: undefined,
      storing: undefined,
      schedule: new SnapshotSchedule(() => void this.store(slot)),
      usedAt: performance.now(),
      holds: 0,
    };
    this.slots.set(channelId, slot);
    slot.opened.catch(() => this.remove(slot));
    return slot;
  }

  private async load<D extends CollabDocument>(slot: Slot<D>): Promise<LiveDocument<D>> {
    const { kind, channelId } = slot;
    // Held first and read second: what is committed meanwhile passes here, and is taken in after the load.
    const positions = await this.fanOut.hold([channelId]);
    if (!positions.has(channelId)) throw new AppError('NOT_FOUND');
    try {
      const document = await kind.load(channelId);
      // Dropped while it was read: that is of no use any more.
      if (slot.phase.name === 'closed' && slot.phase.error) throw slot.phase.error;
      const live = new LiveDocument(channelId, document, this.journal, this.fanOut, {
        committed: () => slot.schedule.changed(),
        broken: () => this.remove(slot),
        watchers: () => this.realtime.countSubscribers(channelId),
      });
      slot.live = live;
      const early = slot.phase.name === 'loading' ? slot.phase.early : [];
      slot.phase = { name: 'live' };
      for (const entry of early) live.receive(entry);
      this.makeRoom();
      return live;
    } catch (error) {
      this.fanOut.release(channelId);
      throw error;
    }
  }

  private receive(entry: EntryView): void {
    const slot = this.slots.get(entry.channelId);
    if (!slot) return;
    if (slot.phase.name === 'loading') slot.phase.early.push(entry);
    else slot.live?.receive(entry);
  }

  /** True when everything that is on disk as entries is in a snapshot, too. */
  private async store(slot: Slot): Promise<boolean> {
    while (slot.storing) await slot.storing;
    if (!slot.live || slot.schedule.oldest === undefined || slot.phase.name === 'closed') return true;
    if (slot.phase.name === 'live') slot.phase = { name: 'storing' };
    slot.storing = this.write(slot, slot.live);
    const isStored = await slot.storing;
    slot.storing = undefined;
    if (slot.phase.name === 'storing') slot.phase = { name: 'live' };
    return isStored;
  }

  private async write(slot: Slot, live: LiveDocument<CollabDocument>): Promise<boolean> {
    const end = slot.schedule.begin();
    const endTimer = metrics.documentStoreSeconds.startTimer({ kind: slot.kind.kind });
    try {
      await slot.kind.snapshot(live.document, slot.channelId, live.committedVersion)();
      end(true);
      endTimer();
      return true;
    } catch (error) {
      this.logger.warn({ err: error, channelId: slot.channelId }, 'could not store a snapshot; will try again');
      end(false);
      return false;
    }
  }

  private sweep(): void {
    const idleSince = performance.now() - this.settings.idleMs;
    for (const slot of this.slots.values()) {
      if (slot.usedAt <= idleSince && this.isIdle(slot) && this.realtime.countSubscribers(slot.channelId) === 0) void this.close(slot);
    }
    this.makeRoom();
  }

  /** The least recently used first. Who is on such a page notices nothing: the next change opens it again. */
  private makeRoom(): void {
    const { maxBytes, maxOpen } = this.settings;
    // Those that are on their way out have made room already.
    const staying = [...this.slots.values()].filter(({ phase }) => phase.name !== 'closing');
    let open = staying.length;
    let bytes = staying.reduce((sum, { live }) => sum + (live?.document.weight ?? 0), 0);
    if (bytes <= maxBytes && open <= maxOpen) return;
    for (const slot of staying.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= maxBytes && open <= maxOpen) return;
      if (!this.isIdle(slot)) continue;
      bytes -= slot.live?.document.weight ?? 0;
      open -= 1;
      void this.close(slot);
    }
  }

  private isIdle({ phase, holds, live }: Slot): boolean {
    return phase.name === 'live' && holds === 0 && live?.isBusy === false;
  }

  private async close(slot: Slot): Promise<void> {
    slot.phase = { name: 'closing' };
    const isStored = await this.store(slot);
    // Looked at twice: somebody may have come while it was stored.
    if (slot.phase.name !== 'closing') return;
    if (isStored && slot.schedule.oldest === undefined && slot.live?.isBusy === false) this.remove(slot);
    else slot.phase = { name: 'live' };
  }

  private remove(slot: Slot, error?: AppError): void {
    if (this.slots.get(slot.channelId) !== slot) return;
    this.slots.delete(slot.channelId);
    slot.schedule.stop();
    if (slot.live) this.fanOut.release(slot.channelId);
    slot.phase = { name: 'closed', error };
  }

  private record(): void {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { schedule } of this.slots.values()) oldest = Math.min(oldest, schedule.oldest ?? Number.POSITIVE_INFINITY);
    metrics.documentsOpen.set(this.slots.size);
    metrics.documentBytes.set(this.bytes);
    metrics.unstoredOldestSeconds.set(oldest === Number.POSITIVE_INFINITY ? 0 : (Date.now() - oldest) / 1000);
  }
}
