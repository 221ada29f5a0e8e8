import { LRUCache } from 'lru-cache';
import type { CollabDocument } from '../collab/collab-document.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { PatchResult } from '../../protocol/pages.js';
import type { Operation } from './document/json-document.js';
import type { PageDocument } from './page.document.js';

/** Operations whose first answer is at hand without a look into the journal. */
const MAX_REMEMBERED = 2_000;

/** An operation that was sent under an id, and what it was answered, or will be. */
export interface Remembered {
  readonly fingerprint: number;
  readonly result: Promise<PatchResult>;
}

/** A page in memory, as the actor keeps it: the document, its text, and what was answered lately. */
export class LivePage implements CollabDocument {
  /** By actor and opId. */
  readonly operations = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });
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
