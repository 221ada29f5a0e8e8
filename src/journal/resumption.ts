import { Injectable } from '@nestjs/common';
import type { EntriesAnswer, EntryView, Position } from '../protocol/entries.js';
import { LIMITS } from '../protocol/limits.js';
import { metrics } from '../platform/metrics/metrics.js';
import { bytesOf, FanOut } from './fan-out.js';
import { JournalRepository } from './journal.repository.js';

/** Everything after a position up to `lastSeq`, or the advice to load the state afresh. */
export type CaughtUp = { lastSeq: number; entries: EntryView[] } | { lastSeq: number; reset: true };

/**
 * How a reader that was away catches up without a hole. The caller holds the channels at the fan-out first and reads second: what was
 * committed meanwhile is either in the answer (up to the fan-out's cursor) or delivered live (beyond it), never both and never neither.
 */
@Injectable()
export class Resumption {
  constructor(
    private readonly fanOut: FanOut,
    private readonly journal: JournalRepository,
  ) {}

  /**
   * Reads what each position misses. The channels must be held. `subscribe` is called for all of them in the one tick in which every
   * answer is complete: from there on the live entries continue the answer.
   */
  async catchUp(positions: readonly Position[], subscribe: (channelId: string) => void): Promise<Map<string, CaughtUp>> {
    const read = new Map<string, EntryView[] | typeof TOO_MUCH>();
    // Who comes from another node may have seen more than has reached this one.
    const ahead = positions.filter(({ channelId, seq }) => seq > this.cursor(channelId));
    if (ahead.length > 0) await this.fanOut.refresh(ahead.map(({ channelId }) => channelId));
    for (;;) {
      const answers = new Map<string, CaughtUp>();
      const missing: Position[] = [];
      for (const position of this.withinReach(positions)) {
        const answer = this.answer(position, read.get(position.channelId));
        if (answer) answers.set(position.channelId, answer);
        else missing.push(position);
      }
      if (missing.length === 0) return this.conclude(positions, answers, subscribe);
      const { entries: found, hasMore } = await this.journal.readAfter(missing, LIMITS.resumeEntries + 1);
      for (const [channelId, entries] of found) read.set(channelId, hasMore.has(channelId) ? TOO_MUCH : entries);
    }
  }

  /** Those that miss least, as many as one answer can carry. What is read for one client is bounded, however many channels it names. */
  private withinReach(positions: readonly Position[]): Position[] {
    const byGap = positions.map((position) => ({ position, gap: this.cursor(position.channelId) - position.seq })).sort((a, b) => a.gap - b.gap);
    let entries = 0;
    return byGap.filter(({ gap }) => gap >= 0 && gap <= LIMITS.resumeEntries && (entries += gap) <= LIMITS.resumeEntriesInAll).map(({ position }) => position);
  }

  /** Whoever has no answer, or one that the client could not take, is told to load the state afresh. */
  private conclude(positions: readonly Position[], answers: Map<string, CaughtUp>, subscribe: (channelId: string) => void): Map<string, CaughtUp> {
    let bytes = 0;
    for (const [channelId, answer] of answers) {
      if ('entries' in answer) bytes += answer.entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
      if (bytes > LIMITS.resumeBytes) answers.delete(channelId);
    }
    const concluded = new Map<string, CaughtUp>();
    for (const { channelId } of positions) {
      const answer = answers.get(channelId) ?? { lastSeq: this.cursor(channelId), reset: true as const };
      concluded.set(channelId, answer);
      subscribe(channelId);
      metrics.resumed.inc({ outcome: 'reset' in answer ? 'reset' : 'complete' });
    }
    return concluded;
  }

  private cursor(channelId: string): number {
    return this.fanOut.cursor(channelId) ?? 0;
  }

  /** A page of the journal for REST. */
  async page(channelId: string, after: number, limit: number): Promise<EntriesAnswer> {
    // One after the other: entries up to `lastSeq` that are missing from a read begun later are really gone.
    const lastSeq = (await this.journal.lastSeqs([channelId])).get(channelId) ?? 0;
    const entries = (await this.journal.readAfter([{ channelId, seq: after }], limit)).entries.get(channelId)!;
    const last = entries.at(-1)?.seq ?? after;
    if (after > lastSeq || (lastSeq > after && entries[0]?.seq !== after + 1)) return { reset: true, lastSeq };
    return { entries, complete: last >= lastSeq };
  }

  /** From memory, or from what was read and has gone out since; undefined when that leaves a hole and the journal must be read (again). */
  private answer({ channelId, seq: after }: Position, read: EntryView[] | typeof TOO_MUCH | undefined): CaughtUp | undefined {
    const lastSeq = this.cursor(channelId);
    const recent = this.fanOut.since(channelId, after);
    if (recent) return { lastSeq, entries: recent };
    if (!read) return undefined;
    if (read === TOO_MUCH) return { lastSeq, reset: true };
    // The head of the journal was trimmed.
    if (read[0]?.seq !== after + 1) return { lastSeq, reset: true };
    const upTo = read.at(-1)!.seq;
    const rest = upTo >= lastSeq ? [] : this.fanOut.since(channelId, upTo);
    return rest && { lastSeq, entries: [...read.filter((entry) => entry.seq <= lastSeq), ...rest] };
  }
}

/** Of a channel: more is missing than one answer can carry. */
const TOO_MUCH = Symbol('too much');
