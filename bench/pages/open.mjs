/** e. Opening a large page: the first to come after a restart, one more, and 150 people at once; and the same page over REST. */

import { inParallel, Samples } from '../lib/measure/stats.mjs';
import { cpuPer } from '../lib/measure/window.mjs';
import { HttpConnection } from '../lib/wire/http-client.mjs';
import { SocketClient } from '../lib/wire/socket-client.mjs';
import { measureRequests, requestColumns } from '../chat/requests.mjs';
import { joinedVersion } from './patch-editor.mjs';
import { describePage, LARGE_PAGE, ROOT_ID } from './sample-page.mjs';

const CROWD = 150;
const CONNECTS_IN_FLIGHT = 32;
const GET_CONNECTIONS = 8;

export const open = {
  key: 'e',
  title: `Opening a page of ${describePage(LARGE_PAGE)} (600 KB)`,
  servers: ['product'],
  columns: { ...requestColumns('opening'), generatorMicros: { label: 'generator CPU µs/opening', digits: 0 } },
  cases: ({ isQuick }) => [
    { world: { pages: isQuick ? 12 : 80, components: LARGE_PAGE, sockets: 1, isCold: true }, params: { isCold: true, ...windows(isQuick) } },
    { world: { pages: 1, components: LARGE_PAGE, sockets: CROWD }, params: { isCold: false, rounds: isQuick ? 3 : 10, ...windows(isQuick) } },
  ],

  measure(context) {
    return context.params.isCold ? measureCold(context) : measureHot(context);
  },
};

function windows(isQuick) {
  return { warmUpSeconds: isQuick ? 0.5 : 1, seconds: isQuick ? 1 : 3 };
}

/** Half of the pages are read, which leaves them closed; the others are joined, each once. */
async function measureCold(context) {
  const { pages } = context.world;
  const joined = pages.slice(0, pages.length / 2);
  const clients = await connectAll(context, joined.map(({ tokens }) => tokens[0]));
  const first = await timeJoins(context, clients.slice(0, 1), joined.slice(0, 1));
  const others = await timeJoins(context, clients.slice(1), joined.slice(1));
  for (const client of clients) client.close();
  const closed = pages.slice(pages.length / 2);
  const get = await measureGets(context, 'GET, cold', closed, { source: 'cold' });
  context.progress(`cold: first ${first.p50Ms.toFixed(1)} ms, others p50 ${others.p50Ms.toFixed(1)} ms`);
  return [{ case: 'join, the first after a restart', figures: first, problems: [] }, { case: 'join, cold', figures: others, problems: [] }, get];
}

async function measureHot(context) {
  const [{ id, tokens }] = context.world.pages;
  const clients = await connectAll(context, tokens);
  const rows = [];
  const join = () => clients[0].requestBytes('page-join', { pageId: id, sync: false });
  rows.push({ case: 'join, hot', figures: await measureRequests(context, 'join, hot', [join], context.params), problems: [] });
  rows.push(await measureCrowd(context, clients));
  rows.push(await measureGets(context, 'GET, hot', context.world.pages, { source: 'hot' }));
  rows.push(await measureGets(context, 'GET, 304', context.world.pages, { isKnown: true }));
  for (const client of clients) client.close();
  return rows;
}

const connectAll = (context, tokens) => inParallel(tokens.length, CONNECTS_IN_FLIGHT, (i) => SocketClient.connect(context.port, tokens[i], 'op-patch'));

/** One after the other, each on its page. */
function timeJoins(context, clients, pages) {
  return timed(context, pages.length, async (samples) => {
    for (const [i, { id }] of pages.entries()) {
      const startedAtMs = performance.now();
      await clients[i].requestBytes('page-join', { pageId: id, sync: false });
      samples.add(performance.now() - startedAtMs);
    }
  });
}

/** All join in the same moment, round after round, each time on a version that nobody has seen yet. */
async function measureCrowd(context, clients) {
  const [{ id }] = context.world.pages;
  const { rounds } = context.params;
  const samples = new Samples();
  const total = { serverMicros: 0, databaseMicros: 0, generatorMicros: 0, seconds: 0 };
  for (let round = 0; round < rounds; round++) {
    const patches = [{ op: 'replace', path: `/components/${ROOT_ID}/props/text`, value: `round ${round}` }];
    const { version } = await clients[0].request('op-patch', { pageId: id, version: 0, patches, opId: `round-${round}` });
    const [before, startedAtMs] = [context.cpu.sample(), performance.now()];
    const joins = clients.map(async (client) => {
      const { bytes, at, end } = await client.requestBytes('page-join', { pageId: id, sync: false });
      samples.add(performance.now() - startedAtMs);
      if (joinedVersion(bytes, at, end) !== version) throw new Error('joined another version than the newest');
    });
    await Promise.all(joins);
    total.seconds += (performance.now() - startedAtMs) / 1000;
    const after = context.cpu.sample();
    for (const key of ['serverMicros', 'databaseMicros', 'generatorMicros']) total[key] += after[key] - before[key];
    await Promise.all(clients.map((client) => client.request('page-leave', { pageId: id })));
  }
  const [p50Ms, p99Ms] = samples.percentiles(50, 99);
  context.progress(`${CROWD} at once: p50 ${p50Ms.toFixed(1)}, p99 ${p99Ms.toFixed(1)} ms`);
  return { case: `join, ${CROWD} at once`, figures: { perSecond: samples.count / total.seconds, p50Ms, p99Ms, ...cpuPer(total, samples.count) }, problems: [] };
}

/** Requests over a few connections, round the pages. Every answer must come from `source`, or with `isKnown` be a 304. */
async function measureGets(context, name, pages, { source, isKnown = false }) {
  let turn = 0;
  const open = Array.from({ length: GET_CONNECTIONS }, () => new HttpConnection(context.port));
  const etags = isKnown ? await Promise.all(pages.map((page) => etagOf(open[0], page))) : [];
  const askers = open.map((connection) => async () => {
    const index = turn++ % pages.length;
    const { id, tokens } = pages[index];
    const headers = isKnown ? [`If-None-Match: ${etags[index]}`] : [];
    const { status, head } = await connection.request('GET', `/api/v1/pages/${id}`, { token: tokens[0], headers });
    const isRight = isKnown ? status === 304 : status === 200 && new RegExp(`^x-source: ${source}`, 'im').test(head);
    if (!isRight) throw new Error(`${name}: status ${status}\n${head}`);
  });
  const figures = await measureRequests(context, name, askers, context.params);
  for (const connection of open) connection.close();
  context.progress(`${name}: ${Math.round(figures.perSecond)}/s, p99 ${figures.p99Ms.toFixed(2)} ms`);
  return { case: `${name}, ${GET_CONNECTIONS} in flight`, figures, problems: [] };
}

async function etagOf(connection, { id, tokens }) {
  const { head } = await connection.request('GET', `/api/v1/pages/${id}`, { token: tokens[0] });
  return /^etag: (.*)$/im.exec(head)[1].trim();
}

async function timed(context, count, work) {
  const samples = new Samples();
  const [before, startedAtMs] = [context.cpu.sample(), performance.now()];
  await work(samples);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const after = context.cpu.sample();
  const window = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
  const [p50Ms, p99Ms] = samples.percentiles(50, 99);
  return { perSecond: count / seconds, p50Ms, p99Ms, ...cpuPer(window, count) };
}
