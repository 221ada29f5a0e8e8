import type { AppendResult, ChannelKind, NewEntry } from '../../journal/entry.js';
import type { EntryView } from '../../protocol/entries.js';

/** The state of a channel that people change together, in memory: what `LiveDocument` keeps, without knowing what is in it. */
export interface CollabDocument {
  /** The seq of the last entry that is in it, committed or proposed. */
  readonly version: number;
  /** About as many bytes as it holds. */
  readonly weight: number;
  /** Takes in an entry that was committed elsewhere, the next one. */
  follow(entry: EntryView): void;
  /** Takes back the last proposal. */
  retract(): void;
}

/** What a module brings to have its documents live. */
export interface DocumentKind<D extends CollabDocument> {
  readonly kind: ChannelKind;
  /**
   * Reads the document as the database has it.
   * @throws AppError when there is none
   */
  load(channelId: string): Promise<D>;
  /** Reads off, at once, what is to be stored of it as it was at `version`; what comes back writes that. */
  snapshot(document: D, channelId: string, version: number): () => Promise<void>;
}

/** An entry that a document wants to have as its next one. `opId` tells it apart from everybody else's. */
export type ProposedEntry = NewEntry & { readonly opId: string };

/** What a change comes to: an entry, and the answer once that is on disk; or, where nothing is to be changed, the answer alone. */
export type Proposal<A> = { readonly entry: ProposedEntry; answer(committed: AppendResult): A | Promise<A> } | { readonly answer: A; readonly entry?: undefined };

/** Makes a proposal on the document as it is now; again on a newer state when somebody else was faster. It must not wait for anything. */
export type Propose<D, A> = (document: D) => Proposal<A>;

/** A change that somebody wants. It is told once what has become of it. */
export interface Change<D, A> {
  propose(document: D): Proposal<A>;
  /** It is on disk. Must not throw. */
  resolve(answer: A | Promise<A>): void;
  /** What `propose` has thrown, or an AppError of the storage's. Must not throw. */
  reject(error: unknown): void;
}
