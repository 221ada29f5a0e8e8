import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The lag of the event loop is looked at so often. Each look wakes the process: a hundred a second, the default, are 1 % of a core in an idle one. */
const EVENT_LOOP_LOOK_MS = 50;

/** One registry for the process. Names, once published, are kept. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });

const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) => new Counter({ name, help, labelNames, registers: [registry] });
const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) => new Gauge({ name, help, labelNames, registers: [registry] });
const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
  new Histogram({ name, help, buckets, labelNames, registers: [registry] });

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export const metrics = {
  httpRequestSeconds: histogram('http_request_duration_seconds', 'HTTP requests by route', SECONDS, ['method', 'route', 'status']),
  socketsOpen: gauge('sockets_open', 'Connected sockets'),
  socketQueueBytes: gauge('socket_write_queue_bytes', 'Bytes that wait for slow sockets, at the last look'),
  slowDisconnects: counter('slow_disconnects_total', 'Sockets closed because they did not keep up'),
  floodDisconnects: counter('flood_disconnects_total', 'Sockets closed because they went on sending what is refused'),
  volatileDropped: counter('volatile_dropped_total', 'Volatile packets not written to slow sockets'),
  entriesCommitted: counter('entries_committed_total', 'Journal entries committed', ['kind']),
  commitBatchSize: histogram('commit_batch_size', 'Entries of one commit', [1, 2, 5, 10, 20, 50, 100, 200, 500]),
  commitSeconds: histogram('commit_seconds', 'One commit, from the statement to its result', SECONDS),
  commitQueue: gauge('commit_queue_entries', 'Entries that wait for a commit'),
  ackSeconds: histogram('ack_seconds', 'Socket events, from arrival to ack', SECONDS, ['event', 'outcome']),
  deliverySeconds: histogram('delivery_seconds', 'From the emission of the oldest frame, which for entries is their commit, to the write of all that waited with it', SECONDS),
  seqGapRepaired: counter('seq_gap_repaired_total', 'Gaps in the bus that were filled from the journal'),
  resumed: counter('resume_total', 'Channels resumed', ['outcome']),
  patches: counter('patches_total', 'Patches of pages, by what became of them', ['outcome']),
  documentsOpen: gauge('documents_open', 'Documents in memory'),
  documentBytes: gauge('document_bytes', 'What they hold, about'),
  documentStoreSeconds: histogram('document_store_seconds', 'One snapshot of a document, written behind', SECONDS, ['kind']),
  unstoredOldestSeconds: gauge('unstored_entries_oldest_seconds', 'Age of the oldest entry that is in the journal but in no snapshot yet'),
  storeBytes: gauge('store_bytes', 'What is kept in memory for longer than one request, about', ['store']),
  storeMaxBytes: gauge('store_max_bytes', 'The most that may be kept', ['store']),
  storeEntries: gauge('store_entries', 'How many things are kept', ['store']),
  cacheRequests: counter('cache_requests_total', 'Look-ups in caches', ['cache', 'result']),
  poolTotal: gauge('pg_pool_total', 'Connections of a pool', ['pool']),
  poolIdle: gauge('pg_pool_idle', 'Idle connections of a pool', ['pool']),
  poolWaiting: gauge('pg_pool_waiting', 'Requests that wait for a connection', ['pool']),
  breakerState: gauge('breaker_state', '0 closed, 1 open', ['breaker']),
  busUp: gauge('bus_up', '1 while the bus is connected'),
  authFailures: counter('auth_failures_total', 'Refused authentications', ['reason']),
  refreshReuse: counter('refresh_reuse_total', 'Refresh tokens used twice'),
  passwordQueue: gauge('password_queue_length', 'Passwords that wait to be hashed or checked'),
  requestsWaiting: gauge('http_requests_waiting', 'Requests that wait for earlier ones of the same user'),
  bareConnections: gauge('bare_connections', 'Connections by which nobody has proved who they are yet'),
  connectionsRefused: counter('connections_refused_total', 'Connections closed because there were too many bare ones'),
  handshakesRefused: counter('handshakes_refused_total', 'Socket handshakes refused, by the code of the reason', ['code']),
  rateLimited: counter('rate_limited_total', 'Requests refused by a rate limit', ['limit']),
};

const collectors: (() => void)[] = [];

/** For gauges that are read from elsewhere: `collect` sets them just before a scrape. */
export function beforeScrape(collect: () => void): void {
  collectors.push(collect);
}

/** Counts one on a hot path: in a number, which becomes part of the counter just before a scrape. */
export function tally<L extends string>(counter: Counter<L>, labels: Record<L, string>): () => void {
  let count = 0;
  beforeScrape(() => {
    counter.inc(labels, count);
    count = 0;
  });
  return () => void (count += 1);
}

/** What a counter with one label has counted, by the values of that label. */
export async function readCounter<L extends string>(counter: Counter<L>, label: L): Promise<[value: string, total: number][]> {
  for (const collect of collectors) collect();
  return (await counter.get()).values.map(({ labels, value }) => [String(labels[label]), value]);
}

/** All metrics in Prometheus' text format. */
export function scrape(): Promise<string> {
  for (const collect of collectors) collect();
  return registry.metrics();
}
