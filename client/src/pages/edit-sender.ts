import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import type { EntryView } from '../../../src/protocol/entries.js';
import { Chore } from '../chore.js';
import type { AckOf } from '../connection/protocol.js';
import type { Connection } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { operationId } from '../outbox/outbox.js';
import type { Edit, PageDraft } from './page-draft.js';
import type { EditOutcome } from './page-types.js';
import { PatchBudget } from './patch-size.js';

/** What is on its way. It is sent as it is until the server has said yes or no, whatever happens meanwhile. */
export interface SentPatch {
  readonly opId: string;
  /** The one that it was made on. */
  readonly version: number;
  readonly patches: readonly Operation[];
}

interface InFlight extends SentPatch {
  readonly edits: readonly Edit[];
  /** It is on disk, and its entry must come. */
  storedAs?: number;
}

interface Waiting {
  readonly promise: Promise<EditOutcome>;
  resolve(outcome: EditOutcome): void;
  reject(error: AtriumError): void;
}

/** They do not concern one edit, but the page. */
const FATAL = new Set(['PERMISSION_DENIED', 'PAGE_NOT_FOUND', 'UNAUTHENTICATED']);

/**
 * Brings one's own edits of a page to the server, one patch at a time: what is edited while it is under way goes into the next one. So
 * every patch is exactly right for the version that it names. What the server refuses as a part of several goes once more by itself.
 */
export class EditSender {
  private inFlight: InFlight | undefined;
  private readonly waiting = new Map<Edit, Waiting>();
  private readonly sending = new Chore(() => this.sendAll());

  constructor(
    private readonly pageId: string,
    private readonly connection: Pick<Connection, 'request'>,
    private readonly draft: PageDraft,
    private readonly events: {
      /** Resolves when the patch that is to be sent, and what waits, would survive. */
      readonly keep: () => Promise<void>;
      /** Something is on the page that was not, or the other way round, or something is saved. */
      readonly changed: () => void;
      /** The edit is not on the page any more; without an error, because all that it was about is gone. */
      readonly lost: (edit: Edit, error: AtriumError | null, current?: Readonly<Record<string, unknown>>) => void;
    },
  ) {}

  /** What is on its way, and how many of the draft's edits are in it. */
  get sent(): (SentPatch & { readonly count: number }) | undefined {
    if (!this.inFlight) return undefined;
    const { opId, version, patches, edits } = this.inFlight;
    return { opId, version, patches, count: edits.length };
  }

  /** Resolves when the edit is on disk, or about nothing any more. @throws AtriumError the server has refused it */
  outcomeOf(edit: Edit): Promise<EditOutcome> {
    let waiting = this.waiting.get(edit);
    if (!waiting) {
      let resolve!: Waiting['resolve'];
      let reject!: Waiting['reject'];
      const promise = new Promise<EditOutcome>((yes, no) => [resolve, reject] = [yes, no]);
      // Whoever does not wait for it hears of it by other ways.
      promise.catch(() => undefined);
      this.waiting.set(edit, (waiting = { promise, resolve, reject }));
    }
    return waiting.promise;
  }

  /** Sends everything that waits. Resolves when it is sent, or when only a later attempt can help. */
  flush(): Promise<void> {
    return this.sending.do();
  }

  /** Takes up what was on its way when the page was closed: it is sent again, and known by its id. */
  resend({ opId, version, patches, count }: SentPatch & { readonly count: number }): void {
    this.begin({ opId, version, patches, edits: this.draft.pending.slice(0, count) });
  }

  /** An entry of the page, the next one. */
  receive(entry: EntryView, isOwn: boolean): void {
    const patches = entry['patches'] as readonly Operation[];
    const sent = this.inFlight;
    if (isOwn && sent?.opId === entry['opId']) {
      this.inFlight = undefined;
      this.draft.confirm(entry.seq, patches, sent!.edits.length);
      for (const edit of sent!.edits) this.resolve(edit, { version: entry.seq, outcome: entry['base'] === undefined ? 'applied' : 'rebased' });
      void this.flush();
    } else {
      this.draft.follow(entry.seq, patches);
    }
    this.sweep();
  }

  /** The page was read afresh. */
  reloaded(): void {
    const sent = this.inFlight;
    if (sent?.storedAs !== undefined && sent.storedAs <= this.draft.version) this.contained(sent, sent.storedAs);
    this.sweep();
  }

  /** Gives up everything: the page is gone, or not to be edited any more. */
  fail(error: AtriumError): void {
    this.inFlight = undefined;
    this.lose([...this.draft.pending], () => error);
  }

  /** No more attempts, until there is something new. */
  stop(): void {
    this.sending.stop();
  }

  private async sendAll(): Promise<void> {
    for (let patch; (patch = this.inFlight ?? this.next()) && patch.storedAs === undefined; ) {
      await this.events.keep();
      if (this.inFlight !== patch) continue;
      const { opId, version, patches } = patch;
      try {
        const body = { pageId: this.pageId, version, patches: patches as Operation[], opId, mode: 'rebase' as const };
        await this.connection.request('op-patch', body, (ack) => this.acknowledged(patch, ack));
      } catch (error) {
        if (!(error instanceof AtriumError) || error.isRetryable) throw error;
        this.refused(patch, error);
      }
    }
  }

  /** As many edits as one patch holds. */
  private next(): InFlight | undefined {
    const [first] = this.draft.pending;
    if (!first) return undefined;
    const budget = new PatchBudget();
    const end = first.isAlone ? 1 : this.draft.pending.findIndex((edit) => edit.isAlone || !budget.take(edit.patches));
    const edits = end < 0 ? this.draft.pending : this.draft.pending.slice(0, Math.max(1, end));
    return this.begin({ opId: operationId(), version: this.draft.version, patches: edits.flatMap((edit) => edit.patches), edits });
  }

  private begin(patch: InFlight): InFlight {
    for (const edit of patch.edits) edit.isSent = true;
    return (this.inFlight = patch);
  }

  private acknowledged(patch: InFlight, { outcome, version }: AckOf<'op-patch'>): void {
    // Its entry has come before.
    if (this.inFlight !== patch) return;
    if (outcome === 'discarded') return this.refused(patch, null);
    // An empty patch makes no entry that could come.
    if (version <= this.draft.version || patch.patches.length === 0) return this.contained(patch, version);
    patch.storedAs = version;
    for (const edit of patch.edits) this.resolve(edit, { outcome, version });
  }

  /** It was there already when the page was read. */
  private contained(patch: InFlight, version: number): void {
    this.inFlight = undefined;
    this.draft.drop(patch.edits);
    for (const edit of patch.edits) this.resolve(edit, { outcome: 'applied', version });
    this.sweep();
    void this.flush();
  }

  /** Without an error, because nothing is left of it. */
  private refused(patch: InFlight, error: AtriumError | null): void {
    this.inFlight = undefined;
    if (error && FATAL.has(error.code)) return this.fail(error);
    const isFinal = patch.edits.length === 1 && patch.edits[0]!.isAlone === true;
    const [lost, left]: [Edit[], Edit[]] = [[], []];
    for (const edit of patch.edits) (isFinal || edit.patches.length === 0 ? lost : left).push(edit);
    for (const edit of left) Object.assign(edit, { isAlone: true, isSent: false });
    this.lose(lost, (edit) => error ?? conflictOf(edit), error?.current);
  }

  /** Edits that others have left nothing of are not sent at all. */
  private sweep(): void {
    const lost = this.draft.pending.filter(({ patches, isSent }) => patches.length === 0 && !isSent);
    if (lost.length > 0) this.lose(lost, conflictOf);
    else this.events.changed();
  }

  private lose(lost: readonly Edit[], why: (edit: Edit) => AtriumError | null, current?: Readonly<Record<string, unknown>>): void {
    this.draft.drop(lost);
    for (const edit of lost) {
      const error = why(edit);
      if (error) this.reject(edit, error);
      else this.resolve(edit, { outcome: 'discarded', version: this.draft.version });
      this.events.lost(edit, error, current);
    }
    this.events.changed();
  }

  private resolve(edit: Edit, outcome: EditOutcome): void {
    this.waiting.get(edit)?.resolve(outcome);
    this.waiting.delete(edit);
  }

  private reject(edit: Edit, error: AtriumError): void {
    this.waiting.get(edit)?.reject(error);
    this.waiting.delete(edit);
  }
}

function conflictOf({ conflict }: Edit): AtriumError | null {
  return conflict ? new AtriumError('VERSION_CONFLICT', conflict.message) : null;
}
