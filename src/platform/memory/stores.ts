import { getHeapStatistics } from 'node:v8';
import { beforeScrape, metrics } from '../metrics/metrics.js';

/** Something that keeps things for longer than one request: how much it has, and the most that it may have. */
export interface Store {
  /** In metrics. Stores of one name, such as those of each kind of channel, are added up. */
  readonly name: string;
  readonly entries: number;
  /** About; what V8 adds to an object is not counted to the byte. */
  readonly bytes: number;
  readonly maxBytes: number;
}

const stores: Store[] = [];

/** Makes a store visible in metrics. Everything that lives as long as the process and grows with use has to be here (test/memory.spec.ts). */
export function watchStore(store: Store): void {
  stores.push(store);
}

/** A share of the heap that V8 may use, for stores whose default would be too much for a small one. */
export function heapShare(share: number, atMostBytes: number): number {
  return Math.floor(Math.min(atMostBytes, share * getHeapStatistics().heap_size_limit));
}

beforeScrape(() => {
  for (const gauge of [metrics.storeBytes, metrics.storeMaxBytes, metrics.storeEntries]) gauge.reset();
  for (const { name: store, bytes, maxBytes, entries } of stores) {
    metrics.storeBytes.inc({ store }, bytes);
    metrics.storeMaxBytes.inc({ store }, maxBytes);
    metrics.storeEntries.inc({ store }, entries);
  }
});
