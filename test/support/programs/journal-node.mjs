// The journal of one node, built from dist, in a process of its own: the test calls its methods over IPC (see remote-node.ts).
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';

const load = (path) => import(new URL(`../../../dist/src/${path}.js`, import.meta.url));
const { Config, parseEnvironment } = await load('platform/config/config');
const { dataSourceOptions } = await load('platform/database/connection');
const { Database } = await load('platform/database/database');
const { LocalBus } = await load('platform/bus/local.bus');
const { PostgresBus } = await load('platform/bus/postgres.bus');
const { JournalRepository } = await load('journal/journal.repository');
const { FanOut } = await load('journal/fan-out');
const { Journal } = await load('journal/journal');

const [url, busName] = process.argv.slice(2);
const JWT_SECRET = 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L';
const db = new Database(await new DataSource(dataSourceOptions(url, 4)).initialize());
const bus = busName === 'postgres' ? new PostgresBus(url) : new LocalBus();
await bus.start();
const fanOut = new FanOut(bus, new JournalRepository(db));
const settings = parseEnvironment({ NODE_ENV: 'test', JWT_SECRET, DATABASE_URL: url }, String);
const journal = new Journal(new Config({ ...settings, JWT_SECRET, DATABASE_URL: url }), db, fanOut);
await journal.onApplicationBootstrap();

const streams = new Map();
fanOut.addConsumer(({ channelId, seq }) => {
  if (!streams.has(channelId)) streams.set(channelId, []);
  streams.get(channelId).push(seq);
});

const note = (channelId, more) => ({ kind: 'room', channelId, type: 'note', actorId: randomUUID(), payload: { text: 'hello' }, ...more });
const describe = (error) => ({ error: error.code ?? error.message });

const methods = {
  append: (entry) => journal.append(entry),
  /** Sends everything at once; answers in order, each a result or `{ error: code }`. */
  appendAll: (entries) => Promise.all(entries.map((entry) => journal.append(entry).catch(describe))),
  appendAllAt: (seq, entries) => Promise.all(entries.map((entry) => new Promise((resolve) => journal.appendAt(seq, entry, { resolve, reject: (error) => resolve(describe(error)) })))),
  /** `writers` at work side by side, each sending its next entry to the next channel when the last one is answered. */
  async write({ channelIds, writers, entriesEach, countedEvery = 0 }) {
    const acked = [];
    const write = async (writer) => {
      for (let i = 0; i < entriesEach; i++) {
        const channelId = channelIds[(writer * 7 + i) % channelIds.length];
        const opId = `${process.pid}-${writer}-${i}`;
        const counted = countedEvery > 0 && i % countedEvery === 0;
        const { seq, ordinal } = await journal.append(note(channelId, { opId, counted }));
        acked.push({ channelId, opId, seq, ordinal, counted });
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    return acked;
  },
  hold: async (channelIds) => Object.fromEntries(await fanOut.hold(channelIds)),
  streams: () => Object.fromEntries(streams),
};

process.on('message', ({ id, method, args }) => {
  Promise.resolve(methods[method](...args)).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, ...describe(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send('ready');
