/** f. What an edit writes: WAL and journal an op, and what a snapshot of the whole page adds. */

import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { median, sleep } from '../lib/measure/stats.mjs';
import { withDatabase } from '../lib/servers/database.mjs';
import { OPS_TOKEN } from '../lib/servers/product.mjs';
import { HttpConnection } from '../lib/wire/http-client.mjs';
import { allEditors, ClosedLoop, closePages, openPages, sumOf } from './load.mjs';
import { describePage, LARGE_PAGE, ROOT_ID, SMALL_PAGE } from './sample-page.mjs';

const SOCKETS = 10;
const SNAPSHOT_ROUNDS = 5;

export const storage = {
  key: 'f',
  title: 'What an edit writes (WAL with what indexes, commits and snapshots add; growth of the journal with its indexes)',
  servers: ['product'],
  columns: {
    walBytes: { label: 'WAL bytes/op', digits: 0 },
    journalBytes: { label: 'journal bytes/op', digits: 0 },
    opsPerSecond: { label: 'ops/s', digits: 0 },
    snapshots: { label: 'snapshots', digits: 0 },
    snapshotMs: { label: 'ms/snapshot', digits: 1 },
    snapshotWalBytes: { label: 'WAL bytes/snapshot', digits: 0 },
  },
  cases: ({ isQuick }) => [SMALL_PAGE, LARGE_PAGE].map((components) => ({ world: { pages: 1, components, sockets: SOCKETS }, params: { components, seconds: isQuick ? 1.5 : 4 } })),

  async measure(context) {
    const { components } = context.params;
    const pages = await openPages(context);
    const rows = [];
    await withDatabase(context.dataDir, async (database) => {
      const meter = new Meter(context, database, pages);
      const of = describePage(components);
      await measureLoop(context, meter, allEditors(pages), 10);
      for (const [name, editors, inFlight] of [['an op at a time', allEditors(pages).slice(0, 1), 1], [`${SOCKETS * 10} in flight`, allEditors(pages), 10]]) {
        const figures = await measureLoop(context, meter, editors, inFlight);
        context.progress(`${of}, ${name}: ${Math.round(figures.walBytes)} bytes of WAL an op`);
        rows.push({ case: `${of}, ${name}`, figures, problems: [] });
      }
      rows.push({ case: `${of}, one snapshot`, figures: await measureSnapshot(meter, pages[0]), problems: [] });
    });
    closePages(pages);
    return rows;
  },
};

async function measureLoop(context, meter, editors, inFlight) {
  const before = await meter.read();
  const loop = new ClosedLoop(editors);
  loop.start(inFlight);
  await sleep(context.params.seconds * 1000);
  await loop.stop();
  const after = await meter.read();
  return per(before, after);
}

/** The statement that stores a page, by itself: the page's text with one property changed, written over the page that is there. */
async function measureSnapshot(meter, { id }) {
  const { rows } = await meter.database.query('SELECT content FROM pages WHERE page_id = $1', [id]);
  const schema = JSON.parse(gunzipSync(rows[0].content));
  const rounds = [];
  for (let round = 0; round < SNAPSHOT_ROUNDS; round++) {
    schema.components[ROOT_ID].props.text = `round ${round}`;
    const content = gzipSync(JSON.stringify(schema), { level: constants.Z_BEST_SPEED });
    const [before, startedAtMs] = [await meter.wal(), performance.now()];
    await meter.database.query('UPDATE pages SET content = $2 WHERE page_id = $1', [id, content]);
    rounds.push({ snapshotMs: performance.now() - startedAtMs, snapshotWalBytes: (await meter.wal()) - before });
  }
  const middle = (key) => median(rounds.map((round) => round[key]));
  return { snapshots: SNAPSHOT_ROUNDS, snapshotMs: middle('snapshotMs'), snapshotWalBytes: middle('snapshotWalBytes') };
}

function per(before, after) {
  const ops = after.ops - before.ops;
  const snapshots = after.snapshots - before.snapshots;
  return {
    walBytes: (after.wal - before.wal) / ops,
    journalBytes: (after.journal - before.journal) / ops,
    opsPerSecond: (ops / (after.atMs - before.atMs)) * 1000,
    snapshots,
    snapshotMs: snapshots > 0 ? ((after.storeSeconds - before.storeSeconds) * 1000) / snapshots : NaN,
  };
}

/** Reads how much has been written so far: from PostgreSQL, and from the server's own metrics. */
class Meter {
  constructor({ port }, database, pages) {
    this.port = port;
    this.database = database;
    this.pages = pages;
  }

  async wal() {
    const { rows } = await this.database.query("SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS wal");
    return rows[0].wal;
  }

  async read() {
    const { rows } = await this.database.query("SELECT pg_total_relation_size('journal')::float8 AS journal");
    return { ...rows[0], wal: await this.wal(), ...(await this.#readStores()), ops: sumOf(this.pages, 'acks'), atMs: performance.now() };
  }

  async #readStores() {
    const connection = new HttpConnection(this.port);
    const text = (await connection.request('GET', '/metrics', { token: OPS_TOKEN })).body.toString();
    connection.close();
    const valueOf = (end) => Number(new RegExp(`^\\w*document_store_seconds_${end}\\{kind="page"\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
    return { snapshots: valueOf('count'), storeSeconds: valueOf('sum') };
  }
}
