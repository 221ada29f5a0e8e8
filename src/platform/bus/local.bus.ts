import { metrics } from '../metrics/metrics.js';
import { Bus } from './bus.js';

/** One process: there is nobody to tell. */
export class LocalBus extends Bus {
  readonly maxMessageBytes = Number.POSITIVE_INFINITY;
  readonly isUp = true;
  readonly isLocal = true;
  publish(): void {}
  subscribe(): void {}
  onUp(): void {}
  start(): Promise<void> {
    metrics.busUp.set(1);
    return Promise.resolve();
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}
