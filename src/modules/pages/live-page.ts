import type { CollabDocument } from '../collab/collab-document.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { PatchResult } from '../../protocol/pages.js';
import type { Operation } from './document/json-document.js';
import { stringifyJson } from './document/json-value.js';
import type { PageAllowance } from './page-allowance.js';
import type { PageDocument } from './page.document.js';

/** Operations that are remembered, at least. */
const MAX_REMEMBERED = 1_000;

/** What one person's operation is known by. */
export interface OperationKey {
  readonly actorId: string;
  readonly opId: string;
  /** Of the patch: the same id with another one is refused. */
  readonly fingerprint: number;
}

/** An operation that is under way, and what it will be answered. */
export interface UnderWay extends OperationKey {
  readonly result: Promise<PatchResult>;
}

/** A page in memory, as the actor keeps it: the document, its text, and what was sent lately. */
export class LivePage implements CollabDocument {
  /** What was sent lately, by opId: of what is done the journal knows by whom, and what the first answer was. */
  private sent = new Map<string, UnderWay | 'done'>();
  private sentBefore = new Map<string, UnderWay | 'done'>();
  private encoded: { version: number; text: string } | undefined;
  /** The size of what the database has. */
  private storedSize: number;

  constructor(
    readonly channelId: string,
    readonly pageId: string,
    readonly document: PageDocument,
    /** By how much it may grow, with all other pages of its creator. */
    readonly allowance: PageAllowance,
  ) {
    this.storedSize = document.size;
  }

  /** By how many bytes it has grown since it was stored. */
  get unstoredBytes(): number {
    return this.document.size - this.storedSize;
  }

  /** A snapshot is in the database, from when the page had this size. */
  stored(size: number): void {
    this.storedSize = size;
  }

  get version(): number {
    return this.document.version;
  }

  get weight(): number {
    return this.document.weight + (this.encoded?.text.length ?? 0);
  }

  /** What has become of an operation; undefined also when that is too long ago. */
  findSent(opId: string): UnderWay | 'done' | undefined {
    return this.sent.get(opId) ?? this.sentBefore.get(opId);
  }

  /** Remembers an operation that is under way. */
  track(operation: UnderWay): void {
    if (this.sent.size >= MAX_REMEMBERED && !this.sent.has(operation.opId)) {
      this.sentBefore = this.sent;
      this.sent = new Map();
    }
    this.sent.set(operation.opId, operation);
  }

  /** What has become of it: it is done, or was refused, and can be sent again. */
  note(operation: UnderWay, isDone: boolean): void {
    const { opId } = operation;
    const sent = this.sent.get(opId) === operation ? this.sent : this.sentBefore;
    if (sent.get(opId) !== operation) return;
    if (isDone) sent.set(opId, 'done');
    else sent.delete(opId);
  }

  follow(entry: EntryView): void {
    if (entry.type !== ENTRY.opPatch) return this.document.pass(entry.seq);
    const before = this.document.size;
    this.document.follow(entry.seq, entry.actorId, entry.patches as Operation[], entry.repairs !== undefined);
    this.allowance.count(this.document.size - before);
  }

  retract(): void {
    this.document.retract();
  }

  /** The page as it was at `version`, as JSON text; made once per version, however many ask. */
  textAt(version: number): string {
    const change = this.document.lastChangeUpTo(version);
    if (this.encoded?.version !== change) this.encoded = { version: change, text: this.document.readAt(version, stringifyJson) };
    return this.encoded.text;
  }
}
