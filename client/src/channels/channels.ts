import type { EntryView, ResumedChannel } from '../../../src/protocol/entries.js';
import type { SocketError } from '../../../src/protocol/errors.js';
import { LIMITS } from '../../../src/protocol/limits.js';
import { Chore } from '../chore.js';
import type { Connection } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { ChannelStream } from './channel-stream.js';

/** What follows a channel. */
export interface ChannelListener {
  /** Each entry once, in seq order. */
  apply(entry: EntryView): void;
  /** Too much was missed to be told: load the state afresh. It is at `lastSeq` or later; entries after `lastSeq` follow. */
  reset(lastSeq: number): void;
  /** The channel is gone, or no longer ours. */
  refused(error: SocketError): void;
}

interface Followed {
  readonly stream: ChannelStream;
  readonly listener: ChannelListener;
}

/** Every channel that this client follows, and the one way to catch up with all of them. */
export class Channels {
  private readonly followed = new Map<string, Followed>();
  /** Those with a hole, or of which nothing has come over this connection yet. */
  private readonly toRepair = new Set<string>();
  private readonly repairs = new Chore(() => this.repairAll());

  constructor(private readonly connection: Pick<Connection, 'request'>) {}

  has(channelId: string): boolean {
    return this.followed.has(channelId);
  }

  /** Begins after `seq`. Nothing comes before the next `catchUp`, or `repair` of this channel. */
  follow(channelId: string, seq: number, listener: ChannelListener): void {
    if (this.followed.has(channelId)) return;
    this.followed.set(channelId, { stream: new ChannelStream(seq, (entry) => listener.apply(entry)), listener });
    this.toRepair.add(channelId);
  }

  unfollow(channelId: string): void {
    this.followed.delete(channelId);
    this.toRepair.delete(channelId);
  }

  /** Takes one live entry. */
  receive(entry: EntryView): void {
    const followed = this.followed.get(entry.channelId);
    if (!followed) return;
    followed.stream.receive(entry);
    if (followed.stream.hasHole) void this.repair(entry.channelId);
  }

  /** Asks for everything missed, in all channels at once: after each connect. */
  async catchUp(): Promise<void> {
    for (const id of this.followed.keys()) this.toRepair.add(id);
    await this.repairAll();
  }

  /** Asks for what is followed since then. */
  async catchUpNew(): Promise<void> {
    await this.repairAll();
  }

  /** Asks for what one channel misses; what is asked while an answer is due goes into one request after it. */
  repair(channelId: string): Promise<void> {
    this.toRepair.add(channelId);
    return this.repairs.do();
  }

  /** No more requests, until asked again. */
  stop(): void {
    this.repairs.stop();
  }

  private async repairAll(): Promise<void> {
    while (this.toRepair.size > 0) {
      const ids = [...this.toRepair].slice(0, LIMITS.resumeChannels);
      for (const id of ids) this.toRepair.delete(id);
      try {
        await this.resume(ids);
      } catch (error) {
        // Perhaps the channel is silent from now on, and no entry would show the hole: it has to be asked again.
        for (const id of ids) this.toRepair.add(id);
        throw error;
      }
    }
  }

  private async resume(channelIds: readonly string[]): Promise<void> {
    const positions = channelIds.flatMap((channelId) => {
      const followed = this.followed.get(channelId);
      return followed ? [{ channelId, seq: followed.stream.seq }] : [];
    });
    if (positions.length === 0) return;
    const postponed: SocketError[] = [];
    await this.connection.request('resume', { positions }, (answers) => {
      for (const answer of answers as ResumedChannel[]) this.take(answer, postponed);
    });
    if (postponed[0]) throw AtriumError.ofAck(postponed[0]);
  }

  private take(answer: ResumedChannel, postponed: SocketError[]): void {
    const followed = this.followed.get(answer.channelId);
    if (!followed) return;
    if ('entries' in answer) {
      for (const entry of answer.entries) followed.stream.receive(entry);
    } else if ('reset' in answer) {
      // First, so that the state is at least as new as the entries that follow.
      followed.listener.reset(answer.lastSeq);
      followed.stream.restart(answer.lastSeq);
    } else if (AtriumError.ofAck(answer.error).isRetryable) {
      postponed.push(answer.error);
    } else {
      this.unfollow(answer.channelId);
      followed.listener.refused(answer.error);
    }
  }
}
