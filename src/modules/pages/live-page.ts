import type { CollabDocument } from '../collab/collab-document.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { PatchResult } from '../../protocol/pages.js';
import type { Operation } from './document/json-document.js';
import type { PageDocument } from './page.document.js';

/** Ids of operations that are remembered, at least. */
const MAX_REMEMBERED = 1_000;

/** An operation that is under way, and what it will be answered. */
export interface UnderWay {
  readonly fingerprint: number;
  readonly result: Promise<PatchResult>;
}

/** A page in memory, as the actor keeps it: the document, its text, and what was sent lately. */
export class LivePage implements CollabDocument {
  /** By actor and opId. */
  readonly underWay = new Map<string, UnderWay>();
  /** Of operations that were done lately: which first answer they had, the journal knows. */
  private opIds = new Set<string>();
  private olderOpIds = new Set<string>();
  private encoded: { version: number; text: string } | undefined;

  constructor(
    readonly channelId: string,
    readonly pageId: string,
    readonly document: PageDocument,
  ) {}

  get version(): number {
    return this.document.version;
  }

  get weight(): number {
    return this.document.weight + (this.encoded?.text.length ?? 0);
  }

  /** True for an operation that was done a short while ago; perhaps also for somebody else's under the same id. */
  hasDone(opId: string): boolean {
    return this.opIds.has(opId) || this.olderOpIds.has(opId);
  }

  remember(opId: string): void {
    if (this.opIds.size >= MAX_REMEMBERED) {
      this.olderOpIds = this.opIds;
      this.opIds = new Set();
    }
    this.opIds.add(opId);
  }

  follow(entry: EntryView): void {
    if (entry.type === ENTRY.opPatch) this.document.follow(entry.seq, entry.actorId, entry.patches as Operation[]);
    else this.document.pass(entry.seq);
  }

  retract(): void {
    this.document.retract();
  }

  /** The page as it was at `version`, as JSON text; made once per version, however many ask. */
  textAt(version: number): string {
    const change = this.document.lastChangeUpTo(version);
    if (this.encoded?.version !== change) this.encoded = { version: change, text: this.document.readAt(version, (schema) => JSON.stringify(schema)) };
    return this.encoded.text;
  }
}
