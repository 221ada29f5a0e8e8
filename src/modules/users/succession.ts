import { Injectable, Logger } from '@nestjs/common';
import { Housekeeping } from '../../platform/housekeeping/housekeeping.js';
import { UsersRepository } from './users.repository.js';

/** Things of one kind that people own. Each module that has such things registers one. */
export interface Estate {
  /** What in a log says which kind it is. */
  readonly kind: string;
  /** At most `limit` things of the user, who cannot act, that nobody else owns and that somebody could take over. */
  findOrphaned(userId: string, limit: number): Promise<string[]>;
  /** Gives one of them another owner, if it still needs one. */
  passOn(id: string): Promise<void>;
}

/** So many things are passed on before the change that made the user inactive is answered; the rest right after it. */
const BATCH = 50;
const MAX_BATCHES = 1_000;
/** What was missed, because a node ended or everybody else was inactive too, is found within some rounds. */
const SWEEP_MS = 60_000;
const SWEPT_USERS = 50;

/** Nothing is left without an owner who can act: what a user who becomes inactive owned alone goes to somebody else. */
@Injectable()
export class Succession {
  private readonly logger = new Logger(Succession.name);
  private readonly estates: Estate[] = [];
  /** The round goes on behind this user. */
  private sweptUpTo: string | null = null;

  constructor(
    private readonly users: UsersRepository,
    housekeeping: Housekeeping,
  ) {
    housekeeping.every(SWEEP_MS, 'what inactive users own could not be passed on', () => this.sweep());
  }

  register(estate: Estate): void {
    this.estates.push(estate);
  }

  /** Call after the change that made the user inactive is committed. Failures are logged, and made good by the sweep. */
  async settle(userId: string): Promise<void> {
    for (const estate of this.estates) {
      const isDone = await this.passOnSome(estate, userId);
      if (!isDone) void this.passOnRest(estate, userId);
    }
  }

  /** Looks at the next users who cannot act. */
  async sweep(): Promise<void> {
    const userIds = await this.users.listInactive(this.sweptUpTo, SWEPT_USERS);
    this.sweptUpTo = userIds.length === SWEPT_USERS ? userIds.at(-1)! : null;
    for (const userId of userIds) await this.settle(userId);
  }

  private async passOnRest(estate: Estate, userId: string): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch++) if (await this.passOnSome(estate, userId)) return;
  }

  /** False when there may be more. After a failure there is not: it would only fail again. */
  private async passOnSome(estate: Estate, userId: string): Promise<boolean> {
    try {
      const ids = await estate.findOrphaned(userId, BATCH);
      for (const id of ids) await estate.passOn(id);
      return ids.length < BATCH;
    } catch (error) {
      this.logger.warn({ err: error, userId, kind: estate.kind }, 'what an inactive user owns could not be passed on; will try again');
      return true;
    }
  }
}
