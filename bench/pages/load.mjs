/** What the scenarios share: pages with editors, edits as fast as the acks come back or at a planned rate, and the proof that nothing was lost. */

import { pace, poissonTimes } from '../lib/measure/pacer.mjs';
import { inParallel, Samples, seededRandom, sleep } from '../lib/measure/stats.mjs';
import { cpuPer, measureWindow, shareOfCore, takeCounter, waitUntil } from '../lib/measure/window.mjs';
import { checkpoint } from '../lib/servers/database.mjs';
import { READ_PAUSE_MS, setReadPause } from '../lib/wire/read-pause.mjs';
import { EditStream } from './edits.mjs';
import { PatchEditor } from './patch-editor.mjs';
import { ShareEditor } from './share-editor.mjs';

const JOINS_IN_FLIGHT = 8;
/** After the last expected delivery: time for one too many to show up. */
const SURPLUS_WAIT_MS = 200;
/** From this much in flight or per second on the generator reads in batches, or it would be the bottleneck; latencies then include up to READ_PAUSE_MS. */
const BATCHED_READS_FROM_IN_FLIGHT = 100;
const BATCHED_READS_FROM_DELIVERIES_PER_SECOND = 100_000;
/** After the last send: how long a server may take to catch up, and for how long it may make no progress. */
const CATCH_UP_TIMEOUT_MS = 40_000;
const STALL_POLL_MS = 50;
const STALL_POLLS = 100;
/** Deliveries timed at most: above it only a share of the editors is looked at, so that looking stays cheap. */
const TIMED_DELIVERIES_PER_SECOND = 20_000;
/** A generator above this share of a core, or later than this with its sends, has measured itself: such a run is not valid. */
const MAX_GENERATOR_PERCENT = 90;
const MAX_LATE_P99_MS = 15;

/** Opens every socket of the world's pages. Sockets behind the first `editing` only watch. */
export async function openPages(context, { editing = Infinity, isComposing = true } = {}) {
  const seats = context.world.pages.flatMap(({ id, components, tokens }) => tokens.map((token, seat) => ({ id, components, token, seat })));
  context.progress(`opening ${seats.length} sockets on ${context.world.pages.length} pages`);
  const editors = await inParallel(seats.length, JOINS_IN_FLIGHT, (i) => {
    const { id, components, token, seat } = seats[i];
    const stream = seat < editing ? new EditStream(seat, components) : null;
    return context.serverName === 'product' ? PatchEditor.open(context.port, token, id, stream) : ShareEditor.open(context.port, id, stream, { isComposing });
  });
  const pages = new Map(context.world.pages.map(({ id, components }) => [id, { id, components, editors: [], watchers: [] }]));
  editors.forEach((editor, i) => {
    const { id, seat } = seats[i];
    pages.get(id)[seat < editing ? 'editors' : 'watchers'].push(editor);
  });
  return [...pages.values()];
}

const socketsOf = ({ editors, watchers }) => [...editors, ...watchers];
export const allEditors = (pages) => pages.flatMap(({ editors }) => editors);
export const sumOf = (pages, key) => pages.reduce((sum, page) => socketsOf(page).reduce((inner, socket) => inner + socket[key], sum), 0);

export function closePages(pages) {
  for (const page of pages) for (const socket of socketsOf(page)) socket.close();
}

/** Keeps edits of every editor in flight, as fast as the acks come back. All acks of one read are answered by one write. */
export class ClosedLoop {
  #isRunning = true;
  sent = 0;

  constructor(editors) {
    this.editors = editors;
    this.answeredBefore = this.#answered();
    for (const editor of editors) {
      let due = 0;
      editor.onAck = () => void due++;
      editor.onReadEnd = () => {
        if (due > 0 && this.#isRunning) this.#send(editor, due);
        due = 0;
      };
    }
  }

  /** `inFlight` is each editor's. */
  start(inFlight) {
    if (inFlight * this.editors.length >= BATCHED_READS_FROM_IN_FLIGHT) setReadPause(READ_PAUSE_MS);
    for (const editor of this.editors) this.#send(editor, inFlight);
  }

  /** Stops sending and waits for the acks that are still due. Returns how many never came. */
  async stop() {
    this.#isRunning = false;
    const unanswered = () => this.sent - (this.#answered() - this.answeredBefore);
    await waitUntil(() => unanswered() === 0);
    setReadPause(0);
    for (const editor of this.editors) editor.onAck = editor.onReadEnd = null;
    return unanswered();
  }

  #send(editor, count) {
    this.sent += count;
    editor.send(Array.from({ length: count }, takeCounter));
  }

  #answered() {
    return this.editors.reduce((sum, { answered }) => sum + answered, 0);
  }
}

/** Drives the pages as fast as the acks come back and measures a window of it: `{figures, problems}`. */
export async function saturate(context, name, pages, { inFlight, warmUpSeconds, seconds }) {
  await settleDatabase(context);
  const loop = new ClosedLoop(allEditors(pages));
  loop.start(inFlight);
  await sleep(warmUpSeconds * 1000);
  const window = await measureWindow(context, name, seconds, () => ({ ops: sumOf(pages, 'acks'), deliveries: sumOf(pages, 'delivered') }));
  const unanswered = await loop.stop();
  const problems = await verify(pages);
  if (unanswered > 0) problems.push(`${unanswered} edits were never answered`);
  const figures = figuresOf(window);
  problems.push(...generatorProblems(figures));
  context.progress(`${name}: ${Math.round(figures.opsPerSecond)} ops/s, ${figures.totalMicros.toFixed(1)} µs each`);
  return { figures, problems };
}

/** What the case before has left to PostgreSQL, which is up to minutes late with it, is no part of this one. */
async function settleDatabase({ dataDir }) {
  if (dataDir) await checkpoint(dataDir);
}

/** Of a window with `ops` and `deliveries`. */
function figuresOf(window) {
  const { ops, deliveries, seconds } = window;
  return {
    opsPerSecond: ops / seconds,
    deliveriesPerSecond: deliveries / seconds,
    ...cpuPer(window, ops),
    deliveryMicros: (window.serverMicros + window.databaseMicros) / deliveries,
    ...shareOfCore(window),
  };
}

function generatorProblems({ generatorPercent, lateP99Ms = 0 }) {
  const problems = [];
  if (generatorPercent > MAX_GENERATOR_PERCENT) problems.push(`the load generator took ${generatorPercent.toFixed(0)} % of a core: it was the bottleneck`);
  if (lateP99Ms > MAX_LATE_P99_MS) problems.push(`the load generator was ${lateP99Ms.toFixed(1)} ms late in its sends (p99)`);
  return problems;
}

/** Offers `perSecond` edits, all editors together, at planned times, and times ack and delivery from the planned time on. */
export async function measureRate(context, name, pages, { perSecond, seconds }) {
  await settleDatabase(context);
  const editors = allEditors(pages);
  const random = seededRandom(7);
  const timing = new Timing(poissonTimes(perSecond, seconds, random), editors, random);
  const deliveriesPerSecond = perSecond * Math.max(...pages.map((page) => socketsOf(page).length));
  timing.watch(deliveriesPerSecond);
  if (deliveriesPerSecond >= BATCHED_READS_FROM_DELIVERIES_PER_SECOND) setReadPause(READ_PAUSE_MS);
  const read = () => ({ ...context.cpu.sample(), ops: sumOf(pages, 'acks'), deliveries: sumOf(pages, 'delivered'), atMs: performance.now() });
  const before = read();
  await context.profiled(name, () => pace(timing.times, { onStart: (atMs) => timing.start(atMs), onDue: (first, end) => timing.send(first, end) }));
  const after = read();
  await waitWhileProgressing(() => timing.times.length - timing.acks.count);
  setReadPause(0);
  timing.unwatch();
  const unanswered = timing.times.length - timing.acks.count;
  const window = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
  const figures = { ...figuresOf({ ...window, seconds: window.atMs / 1000 }), ...timing.figures(), offeredPerSecond: timing.times.length / seconds };
  figures.unansweredPercent = (100 * unanswered) / timing.times.length;
  context.progress(`${name}: ack p50 ${figures.ackP50Ms.toFixed(2)}, p99 ${figures.ackP99Ms.toFixed(2)} ms; other p99 ${figures.otherP99Ms.toFixed(2)} ms; ${figures.totalMicros.toFixed(1)} µs an op`);
  // A yardstick that never catches up is a figure, not a fault of the measurement; nothing more can be said of it then.
  if (unanswered > 0 && context.serverName !== 'product') return { figures, problems: [] };
  const problems = [...(await verify(pages)), ...generatorProblems(figures)];
  if (unanswered > 0) problems.push(`${unanswered} of ${timing.times.length} edits were never acknowledged`);
  return { figures, problems };
}

/** Waits until nothing is left, as long as it becomes less; a server far behind may need a while. */
async function waitWhileProgressing(left) {
  const deadline = performance.now() + CATCH_UP_TIMEOUT_MS;
  for (let before = Infinity; left() > 0 && left() < before && performance.now() < deadline; ) {
    before = left();
    for (let i = 0; i < STALL_POLLS && left() > 0; i++) await sleep(STALL_POLL_MS);
  }
}

/** Maps an edit's counter back to its planned time and its editor, and collects what acks and deliveries took. */
class Timing {
  acks = new Samples();
  #others = new Samples();
  #lateness = new Samples();
  #firstCounter = 0;
  #startedAtMs = 0;

  constructor(times, editors, random) {
    this.times = times;
    this.editors = editors;
    this.senders = Uint16Array.from(times, () => Math.floor(random() * editors.length));
  }

  start(atMs) {
    this.#startedAtMs = atMs;
  }

  send(first, end) {
    this.#lateness.add(this.#elapsedSince(first));
    const countersOf = new Map();
    for (let planned = first; planned < end; planned++) {
      const counter = takeCounter();
      if (planned === 0) this.#firstCounter = counter;
      const sender = this.senders[planned];
      if (countersOf.has(sender)) countersOf.get(sender).push(counter);
      else countersOf.set(sender, [counter]);
    }
    for (const [sender, counters] of countersOf) this.editors[sender].send(counters);
  }

  /** Times every ack, and the deliveries of as many editors as the rate allows. */
  watch(deliveriesPerSecond) {
    const timed = Math.max(1, Math.round(this.editors.length * Math.min(1, TIMED_DELIVERIES_PER_SECOND / deliveriesPerSecond)));
    this.editors.forEach((editor, index) => {
      editor.onAck = (counter) => this.acks.add(this.#elapsedSince(counter - this.#firstCounter));
      if (index >= this.editors.length - timed) editor.onDelivery = (counter) => this.#delivered(counter - this.#firstCounter, index);
    });
  }

  unwatch() {
    for (const editor of this.editors) editor.onAck = editor.onDelivery = null;
  }

  #delivered(planned, receiver) {
    if (planned >= 0 && planned < this.times.length && this.senders[planned] !== receiver) this.#others.add(this.#elapsedSince(planned));
  }

  #elapsedSince(planned) {
    return performance.now() - this.#startedAtMs - this.times[planned];
  }

  figures() {
    const [ackP50Ms, ackP99Ms] = this.acks.percentiles(50, 99);
    const [otherP50Ms, otherP99Ms] = this.#others.percentiles(50, 99);
    const [lateP99Ms] = this.#lateness.percentiles(99);
    return { ackP50Ms, ackP99Ms, otherP50Ms, otherP99Ms, lateP99Ms };
  }
}

/** Waits until every socket has every edit that was acknowledged on its page, then counts. Returns what is wrong. */
export async function verify(pages) {
  const missing = (page) => {
    const published = page.editors.reduce((sum, editor) => sum + editor.published, 0);
    return socketsOf(page).map((socket) => published - socket.received);
  };
  await waitUntil(() => pages.every((page) => missing(page).every((count) => count <= 0)));
  await sleep(SURPLUS_WAIT_MS);
  const problems = [...new Set(pages.flatMap((page) => socketsOf(page).map(({ problem }) => problem)))].filter((problem) => problem !== null).slice(0, 3);
  for (const page of pages) {
    const wrong = missing(page).filter((count) => count !== 0);
    if (wrong.length > 0 && problems.length < 5) problems.push(`page ${page.id}: ${wrong.length} of ${socketsOf(page).length} sockets miss e.g. ${wrong[0]} edits`);
  }
  return problems;
}

/** The columns of what is measured at saturation, and at a rate. */
export const saturationColumns = {
  opsPerSecond: { label: 'ops/s', digits: 0 },
  deliveriesPerSecond: { label: 'deliveries/s', digits: 0 },
  serverMicros: { label: 'server CPU µs/op', digits: 1 },
  databaseMicros: { label: 'PostgreSQL CPU µs/op', digits: 1 },
  totalMicros: { label: 'CPU µs/op, both', digits: 1 },
  generatorPercent: { label: 'generator, % of a core', digits: 0 },
  othersPercent: { label: 'other processes, % of a core', digits: 0 },
};
export const rateColumns = {
  ackP50Ms: { label: 'ack p50 ms', digits: 2 },
  ackP99Ms: { label: 'ack p99 ms', digits: 2 },
  otherP50Ms: { label: 'other p50 ms', digits: 2 },
  otherP99Ms: { label: 'other p99 ms', digits: 2 },
  offeredPerSecond: { label: 'ops/s offered', digits: 0 },
  unansweredPercent: { label: 'never acked, %', digits: 1 },
  opsPerSecond: { label: 'ops/s', digits: 0 },
  totalMicros: { label: 'CPU µs/op, PostgreSQL counted', digits: 1 },
  serverMicros: { label: 'server CPU µs/op', digits: 1 },
  deliveryMicros: { label: 'CPU µs/delivered op', digits: 2 },
  generatorPercent: { label: 'generator, % of a core', digits: 0 },
  lateP99Ms: { label: 'generator late p99 ms', digits: 2 },
  othersPercent: { label: 'other processes, % of a core', digits: 0 },
};
