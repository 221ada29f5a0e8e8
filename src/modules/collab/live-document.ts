import { Logger } from '@nestjs/common';
import type { Appender } from '../../journal/commit-queue.js';
import type { AppendResult } from '../../journal/entry.js';
import type { FanOut } from '../../journal/fan-out.js';
import type { Journal } from '../../journal/journal.js';
import { AppError } from '../../platform/errors/app-error.js';
import { fanOutPauseMs, MIN_PAUSE_MS } from '../../platform/realtime/fan-out-pause.js';
import type { EntryView } from '../../protocol/entries.js';
import type { Change, CollabDocument, Proposal, Propose, ProposedEntry } from './collab-document.js';

/** What may wait for one document; beyond, whoever sends is told to come back. */
const MAX_WAITING = 10_000;
/**
 * Proposals that may be on their way to disk. What is beyond waits: a document that runs further ahead of the disk could no longer be
 * taken back to it.
 */
const MAX_PENDING = 1_000;
/** Another node that is faster so often in a row is a flood, not a race. */
const MAX_ATTEMPTS = 50;
/** So many changes share a commit and its writes well enough, and wait no longer. */
const ENOUGH_WAITING = 25;

/** Who hears of what becomes of proposals. */
interface Fates<D> {
  committed(task: Task<D>, result: AppendResult): void;
  refused(task: Task<D>, error: AppError): void;
}

/** A change that somebody waits for; once it is proposed it is on its way to disk, and already in the document. */
class Task<D> implements Appender {
  attempts = 0;
  /** Of what it has proposed. */
  version = 0;
  proposal: Extract<Proposal<unknown>, { entry: ProposedEntry }> | undefined;
  /** Answers that are about the state with this proposal in it, and wait for its fate. */
  followers: { task: Task<D>; settle: () => void }[] | undefined;
  /** Taken out of the document again, before its fate was known. */
  isRetracted = false;

  constructor(
    readonly change: Change<D, unknown>,
    /** Changes are tried in the order in which they came, also after a conflict. */
    readonly order: number,
    private readonly fates: Fates<D>,
  ) {}

  isProposalOf({ seq, opId, actorId }: EntryView): boolean {
    return this.version === seq && this.proposal!.entry.opId === opId && this.proposal!.entry.actorId === actorId;
  }

  resolve(result: AppendResult): void {
    this.fates.committed(this, result);
  }

  reject(error: AppError): void {
    this.fates.refused(this, error);
  }
}

/**
 * One document, live: a serial actor over the journal. A change is applied in memory at once and proposed as the channel's next entry;
 * several are on their way to disk at a time. What the database refuses, because another node has taken the seq, is taken back with all
 * that was built upon it, and proposed anew on the newer state. Memory follows the entries that the fan-out brings, and nothing else:
 * so it is right whatever became of an append. Nobody is answered before the disk has it.
 */
export class LiveDocument<D extends CollabDocument> {
  private readonly logger = new Logger(LiveDocument.name);
  private waiting: Task<D>[] = [];
  /** What was proposed, and is not known to be on disk. */
  private pending: Task<D>[] = [];
  /** Appends whose fate is not known, including those that were taken back. */
  private inFlight = 0;
  private order = 0;
  /** When changes were last proposed, by `performance.now()`. */
  private proposedAt = Number.NEGATIVE_INFINITY;
  private pause: NodeJS.Timeout | undefined;
  /** Something went wrong: before anything else, the journal is asked where the channel stands. */
  private isDoubtful = false;
  private recovering: Promise<void> | undefined;
  /** Set when memory and journal contradict each other. Then only a new load helps. */
  private failure: AppError | undefined;
  private readonly fates: Fates<D> = {
    committed: (task, result) => this.committed(task, result),
    refused: (task, error) => this.refused(task, error),
  };

  constructor(
    readonly channelId: string,
    readonly document: D,
    private readonly journal: Pick<Journal, 'appendAt'>,
    private readonly fanOut: Pick<FanOut, 'refresh'>,
    private readonly events: {
      /** An entry is in, for good. */
      readonly committed: (entry: EntryView) => void;
      /** The document is of no use any more. */
      readonly broken: () => void;
      /** Sockets that get what is committed. */
      readonly watchers: () => number;
    },
  ) {}

  /** The version that is on disk; the document itself may be ahead of it. */
  get committedVersion(): number {
    return this.pending[0] ? this.pending[0].version - 1 : this.document.version;
  }

  get isBusy(): boolean {
    return this.waiting.length > 0 || this.inFlight > 0;
  }

  /**
   * Changes the document. Resolves when the change is on disk.
   * @throws AppError what `propose` throws · UNAVAILABLE whether it was stored is unknown: send again with the same opId
   */
  submit<A>(propose: Propose<D, A>): Promise<A> {
    return new Promise<A>((resolve, reject) => this.take({ propose, resolve, reject }));
  }

  /** The same for a change that hears of its fate itself: of thousands under way, promises would be the larger part. */
  take<A>(change: Change<D, A>): void {
    if (this.failure) return change.reject(this.failure);
    if (this.waiting.length >= MAX_WAITING) return change.reject(AppError.unavailable('Too many changes wait for this document'));
    this.waiting.push(new Task(change, this.order++, this.fates));
    this.work();
  }

  /** An entry of the channel has passed the fan-out: in order, each once. */
  receive(entry: EntryView): void {
    if (this.failure || entry.seq <= this.committedVersion) return;
    const own = this.pending[0];
    if (own?.isProposalOf(entry)) this.confirm();
    else {
      this.retractAll();
      if (!this.attemptSync(() => this.document.follow(entry))) return;
    }
    this.events.committed(entry);
  }

  /** Gives up everything that waits. */
  abandon(error: AppError): void {
    this.failure = error;
    clearTimeout(this.pause);
    for (const { change } of this.waiting.splice(0)) change.reject(error);
  }

  /** The first change after a quiet moment is proposed at once; those that follow close behind go together. */
  private work(): void {
    if (this.isDoubtful || this.recovering) return void this.recover();
    if (this.waiting.length === 0) return;
    if (this.waiting.length >= ENOUGH_WAITING) return this.proposeWaiting();
    if (this.pause) return;
    const left = this.proposedAt + fanOutPauseMs(this.events.watchers()) - performance.now();
    if (left < MIN_PAUSE_MS) return this.proposeWaiting();
    this.pause = setTimeout(() => {
      this.pause = undefined;
      if (this.isDoubtful || this.recovering) this.work();
      else this.proposeWaiting();
    }, left);
  }

  private proposeWaiting(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.proposedAt = performance.now();
    while (this.waiting.length > 0 && this.inFlight < MAX_PENDING && !this.failure) this.propose(this.waiting.shift()!);
  }

  private propose(task: Task<D>): void {
    const { change } = task;
    let proposal: Proposal<unknown>;
    try {
      proposal = change.propose(this.document);
    } catch (error) {
      // Whatever is not an answer may have left the document half changed.
      if (!(error instanceof AppError)) this.break(error);
      return this.answerAfterPending(task, () => change.reject(error));
    }
    if (!proposal.entry) {
      const { answer } = proposal;
      return this.answerAfterPending(task, () => change.resolve(answer));
    }
    task.proposal = proposal;
    task.version = this.document.version;
    task.isRetracted = false;
    this.pending.push(task);
    this.inFlight += 1;
    this.journal.appendAt(task.version, proposal.entry, task);
  }

  /** What is said of a state that is not on disk yet is said when it is; and thought over when it never comes to be. */
  private answerAfterPending(task: Task<D>, settle: () => void): void {
    const last = this.pending.at(-1);
    if (last) (last.followers ??= []).push({ task, settle });
    else settle();
  }

  private confirm(): void {
    const { followers } = this.pending.shift()!;
    if (followers) for (const { settle } of followers) settle();
  }

  /** Out of memory with everything that is not known to be on disk. */
  private retractAll(): void {
    for (const proposed of this.pending.toReversed()) {
      proposed.isRetracted = true;
      if (!this.attemptSync(() => this.document.retract())) return;
      if (proposed.followers) this.waiting.push(...proposed.followers.map(({ task }) => task));
      proposed.followers = undefined;
    }
    if (this.pending.length === 0) return;
    this.pending = [];
    this.isDoubtful = true;
    this.sortWaiting();
  }

  private committed(task: Task<D>, result: AppendResult): void {
    this.inFlight -= 1;
    // It was stored before, under another seq or by an append without an answer: what we have proposed is not what stands there.
    if (result.duplicate && !task.isRetracted) {
      this.retractAll();
      this.isDoubtful = true;
    }
    try {
      task.change.resolve(task.proposal!.answer(result));
    } catch (error) {
      task.change.reject(error);
    }
    if (this.isDoubtful || this.waiting.length > 0) this.work();
  }

  private refused(task: Task<D>, error: AppError): void {
    this.inFlight -= 1;
    if (this.failure) return task.change.reject(error.code === 'VERSION_CONFLICT' ? this.failure : error);
    if (!task.isRetracted) this.retractAll();
    this.isDoubtful = true;
    if (error.code === 'VERSION_CONFLICT' && ++task.attempts < MAX_ATTEMPTS) {
      this.waiting.push(task);
      this.sortWaiting();
    } else task.change.reject(error.code === 'VERSION_CONFLICT' ? AppError.unavailable('Others are changing this too fast; try again') : error);
    this.work();
  }

  private sortWaiting(): void {
    this.waiting.sort((a, b) => a.order - b.order);
  }

  /** Waits until the fate of everything that is on its way is known, brings memory up to the journal, and goes on. */
  private recover(): Promise<void> {
    if (this.inFlight > 0) return Promise.resolve();
    this.recovering ??= this.catchUp().finally(() => {
      this.recovering = undefined;
      if (!this.isDoubtful) this.work();
    });
    return this.recovering;
  }

  private async catchUp(): Promise<void> {
    try {
      await this.fanOut.refresh([this.channelId]);
      this.isDoubtful = false;
    } catch (error) {
      // Whoever waits hears of it now; whoever comes next makes the next attempt.
      const unavailable = AppError.unavailable('The storage did not answer; send again with the same id', error);
      for (const { change } of this.waiting.splice(0)) change.reject(unavailable);
    }
  }

  /** False when the document has contradicted its journal. That must not happen, and must not go on. */
  private attemptSync(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.break(error);
      return false;
    }
  }

  /** Memory is not to be relied on any more. What is on its way to disk is answered when it is there. */
  private break(error: unknown): void {
    this.logger.error({ err: error, channelId: this.channelId }, 'a document may not be what its journal says; it is loaded anew');
    const unavailable = AppError.unavailable('The document is being loaded; send again with the same id', error, 100);
    const followers = this.pending.splice(0).flatMap((proposed) => proposed.followers ?? []);
    this.abandon(unavailable);
    for (const { task } of followers) task.change.reject(unavailable);
    this.events.broken();
  }
}
