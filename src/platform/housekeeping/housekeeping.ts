import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';

interface Chore {
  readonly everyMs: number;
  readonly failure: string;
  readonly work: () => Promise<void>;
}

/** What has to be done now and then, such as deleting what has expired: on nodes with the role `worker`, and on several at a time without harm. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Housekeeping.name);
  private readonly chores: Chore[] = [];
  private timers: NodeJS.Timeout[] = [];

  constructor(private readonly config: Config) {}

  /** Called while the application is put together. `failure` is what the log says when `work` fails; it is done again the next time. */
  every(everyMs: number, failure: string, work: () => Promise<void>): void {
    this.chores.push({ everyMs, failure, work });
  }

  onApplicationBootstrap(): void {
    if (!this.config.hasRole('worker')) return;
    this.timers = this.chores.map(({ everyMs, failure, work }) => {
      const run = () => work().catch((error: unknown) => this.logger.warn({ err: error }, failure));
      return setInterval(() => void run(), everyMs).unref();
    });
  }

  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}
