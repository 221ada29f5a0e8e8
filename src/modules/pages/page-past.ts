import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { JournalRepository } from '../../journal/journal.repository.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { EntryView } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import type { LiveDocument } from '../collab/live-document.js';
import { MAX_LOGGED, MAX_LOGGED_BYTES } from './document/change-log.js';
import type { Operation } from './document/json-document.js';
import type { Json } from './document/json-value.js';
import { PAGE_LIMITS } from './document/page-limits.js';
import type { LoggedPatch } from './document/rebase.js';
import type { LivePage } from './live-page.js';
import { PageDocument } from './page.document.js';
import { PageSnapshotsRepository } from './page-snapshots.repository.js';

const READ_ENTRIES = 1_000;
/** Each may be as large as a page, twice. */
const READ_CHANGES = 50;

/** What a page was: from the journal, and the checkpoints on its way. */
@Injectable()
export class PagePast {
  constructor(
    private readonly journal: JournalRepository,
    private readonly snapshots: PageSnapshotsRepository,
  ) {}

  /** Has the live page reach back to `version`, if that is not too far. */
  async recall({ channelId, document: { document: page } }: LiveDocument<LivePage>, version: number): Promise<void> {
    // What is further behind cannot be carried over what has happened since.
    if (page.reaches(version) || page.version - version > MAX_LOGGED) return;
    const upTo = page.loggedFrom;
    const entries = await this.changes(channelId, version, upTo);
    // The log may have reached back meanwhile, or lost its beginning: then what was read no longer joins it.
    if (entries && !page.reaches(version) && page.loggedFrom <= upTo) page.remember(entries, version);
  }

  /** The changes after `after` up to `upTo`, in order; undefined when the journal no longer has them all, or they are more than memory should hold. */
  private async changes(channelId: string, after: number, upTo: number): Promise<LoggedPatch[] | undefined> {
    const changes: LoggedPatch[] = [];
    let bytesLeft = MAX_LOGGED_BYTES;
    for (let seq = after; seq < upTo; ) {
      const entries = await this.journal.readWithBytes(channelId, seq, Math.min(upTo, seq + READ_CHANGES));
      if (entries[0]?.seq !== seq + 1) return undefined;
      for (const { seq: version, type, actorId, patches, bytes, repairs } of entries) {
        if (type !== ENTRY.opPatch) continue;
        // Nothing leads back over what was damaged.
        if (repairs !== undefined) return undefined;
        bytesLeft -= bytes!.length;
        changes.push({ version, actorId, patches: patches as Operation[], inverse: JSON.parse(bytes!.toString()) as Operation[] });
      }
      if (bytesLeft < 0) return undefined;
      seq = entries.at(-1)!.seq;
    }
    return changes;
  }

  /**
   * The page as it was.
   * @throws AppError NOT_FOUND the version is not there yet, or no longer
   */
  async schemaAt(channelId: string, version: number): Promise<Json> {
    const lastSeq = (await this.journal.lastSeqs([channelId])).get(channelId) ?? 0;
    const base = version <= lastSeq ? await this.snapshots.findBefore(channelId, version) : null;
    if (!base) throw new AppError('NOT_FOUND', { detail: `There is no version ${version}` });
    // To read a large page, to index it and what is done with it then are turns of their own.
    await nextTurn();
    let page: PageDocument | undefined = new PageDocument(base.schema, base.version, PAGE_LIMITS, true);
    for (let seq = base.version; seq < version; ) {
      const { entries } = await this.journal.readAfter([{ channelId, seq }], Math.min(READ_ENTRIES, version - seq));
      const [first] = entries.get(channelId)!;
      if (first?.seq !== seq + 1) throw new AppError('NOT_FOUND', { detail: `Version ${version} is no longer kept` });
      for (const entry of entries.get(channelId)!) {
        page = followed(page, entry);
        seq = entry.seq;
      }
    }
    if (!page) throw new AppError('NOT_FOUND', { detail: `The page was damaged before version ${version}, which cannot be told` });
    await nextTurn();
    return page.schema;
  }
}

/** The page after the entry; undefined from the first one that does not follow until the page was repaired. */
function followed(page: PageDocument | undefined, { seq, type, actorId, patches, repairs }: EntryView): PageDocument | undefined {
  const operations = patches as Operation[];
  const [whole] = repairs === undefined ? [] : operations;
  if (whole && 'value' in whole) return new PageDocument(whole.value, seq, PAGE_LIMITS, true);
  try {
    if (type === ENTRY.opPatch) page?.follow(seq, actorId, operations);
    else page?.pass(seq);
    return page;
  } catch {
    // Why, the log says when the page is opened.
    return undefined;
  }
}
