import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { heapShare } from '../../platform/memory/stores.js';

/** Of a heap that is small. What a document holds is some times the size of its text, by which it is counted. */
const HEAP_SHARE = 1 / 8;

/** How long documents stay in memory, and how many. */
@Injectable()
export class DocumentSettings {
  /** One that nobody follows or changes is closed after this. */
  readonly idleMs: number;
  /** How often that is looked at. */
  readonly sweepMs: number = 5_000;
  /** Bytes of all open documents, about. Beyond, those go first that were not used for longest. */
  readonly maxBytes: number;
  readonly maxOpen: number = 5_000;

  constructor(config: Config) {
    this.idleMs = config.get('DOCUMENT_IDLE') * 1_000;
    this.maxBytes = heapShare(HEAP_SHARE, config.get('DOCUMENT_MEMORY_MB') * 1_048_576);
  }
}
