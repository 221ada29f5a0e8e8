import type { Json } from '../../../src/modules/pages/document/json-value.js';
import type { EntryView } from '../../../src/protocol/entries.js';
import type { Channels } from '../channels/channels.js';
import { Chore } from '../chore.js';
import type { Connection } from '../connection/connection.js';
import type { AckOf } from '../connection/protocol.js';
import { AtriumError } from '../errors.js';
import { report } from '../store.js';

export type Joined = AckOf<'page-join'>;

/** What follows a page. */
interface PageListener {
  /** The version that is here; undefined as long as nothing is. */
  readonly version: () => number | undefined;
  /** Open, or with something on it that has to be sent. */
  readonly isWanted: () => boolean;
  /** Resolves when `load` can be called. */
  readonly prepare: () => Promise<void>;
  readonly load: (version: number, schema: Json) => void;
  /** The page is no longer damaged. */
  readonly repaired: () => void;
  /** The next entry. When it throws, the page is read afresh. */
  readonly apply: (entry: EntryView) => void;
  /** On it. */
  readonly joined: (answer: Joined) => void;
  /** The page is gone, or no longer ours. */
  readonly gone: (error: AtriumError) => void;
}

/** Being on a page: its state, or what was missed of it, then each entry once and in order; through outages. */
export class PageChannel {
  private id: string | undefined;
  /** Entries mean something only on top of a state that is known. */
  private isDoubtful = false;
  /** The page is damaged: no patch applies to it until an entry makes it whole. */
  private isBroken = false;
  /** What came before the state was there. */
  private held: EntryView[] = [];
  /** Who comes back at once must not be taken off the page by what is still under way. */
  private left: Promise<unknown> = Promise.resolve();
  private readonly joining = new Chore(() => this.enter());

  constructor(
    private readonly pageId: string,
    private readonly connection: Pick<Connection, 'request'>,
    private readonly channels: Pick<Channels, 'has' | 'follow' | 'unfollow' | 'receive'>,
    private readonly listener: PageListener,
  ) {}

  /** Resolves at the end of an attempt; others follow if need be. */
  join(): Promise<void> {
    return this.joining.do();
  }

  /** Nothing comes any more. What is here can be caught up with later. */
  leave(): void {
    this.stop();
    if (this.id === undefined) return;
    this.channels.unfollow(this.id);
    this.left = this.connection.request('page-leave', { pageId: this.pageId }).catch(() => undefined);
  }

  /** No more attempts, until asked again. */
  stop(): void {
    this.joining.stop();
  }

  /** There is no way back, unless somebody opens it again. */
  lose(error: AtriumError): void {
    this.stop();
    if (this.id !== undefined) this.channels.unfollow(this.id);
    this.isDoubtful = true;
    this.held = [];
    this.listener.gone(error);
  }

  private async enter(): Promise<void> {
    await this.left;
    if (!this.listener.isWanted()) return;
    try {
      await this.listener.prepare();
      const after = this.isDoubtful || this.isBroken ? undefined : this.listener.version();
      await this.connection.request('page-join', { pageId: this.pageId, sync: false, ...(after !== undefined && { after }) }, (answer) => this.take(answer));
    } catch (error) {
      if (!(error instanceof AtriumError) || error.isRetryable) throw error;
      this.lose(error);
    }
  }

  /** In the turn of the answer: live entries follow it. */
  private take(answer: Joined): void {
    this.id = answer.id;
    const isBroken = 'schema' in answer && answer.brokenAt !== undefined;
    if ('schema' in answer && (this.isDoubtful || isBroken || answer.version > (this.listener.version() ?? -1))) {
      this.isBroken = isBroken;
      this.listener.load(answer.version, answer.schema as Json);
      this.isDoubtful = false;
      for (const entry of this.held.splice(0)) this.receive(entry);
    }
    if (!this.channels.has(answer.id)) this.follow(answer.id);
    // The title and the role may be older than the entries.
    this.listener.joined(answer);
    if ('entries' in answer) for (const entry of answer.entries as EntryView[]) this.channels.receive(entry);
  }

  private follow(id: string): void {
    this.channels.follow(id, this.listener.version()!, {
      apply: (entry) => this.receive(entry),
      reset: () => this.doubt(),
      refused: (error) => this.lose(AtriumError.ofAck(error)),
    });
  }

  private receive(entry: EntryView): void {
    if (this.isDoubtful) return void this.held.push(entry);
    // Part of the state that was loaded.
    if (entry.seq <= this.listener.version()!) return;
    if (entry.repairs !== undefined) return this.repair(entry);
    if (this.isBroken && entry.type === 'op-patch') return;
    try {
      this.listener.apply(entry);
    } catch (error) {
      // A patch that does not apply here: this copy went astray. Anything else is a mistake, which should be seen.
      if (!(error instanceof Error && error.name === 'PatchError')) report(error);
      this.doubt();
    }
  }

  /** Such an entry replaces the whole page. */
  private repair({ seq, patches }: EntryView): void {
    const [{ value }] = patches as [{ value: Json }];
    this.isBroken = false;
    this.listener.load(seq, value);
    this.listener.repaired();
  }

  /** What is here cannot be continued: the page has to be read. */
  private doubt(): void {
    this.isDoubtful = true;
    void this.join();
  }
}
