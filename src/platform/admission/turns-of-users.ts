import { Injectable } from '@nestjs/common';
import { beforeScrape, metrics } from '../metrics/metrics.js';
import { FairQueue } from './fair-queue.js';

/**
 * Requests and events that ask the database: of one user so many at once, as browsers open connections, so that one account leaves the
 * pool to the others; and in all some times the pool, so that nobody queues far behind it. As many may wait as a socket may have unanswered.
 */
const LIMITS = { name: 'turns-of-users', running: 64, runningPerKey: 6, waiting: 20_000, waitingPerKey: 1_000, whenFull: 'Too many requests are under way' };

/** The queue before the pool of connections to the database, fair by user. */
@Injectable()
export class TurnsOfUsers extends FairQueue {
  constructor() {
    super(LIMITS);
    beforeScrape(() => metrics.requestsWaiting.set(this.waiting));
  }
}
