import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { AppendResult, NewEntry } from '../../src/journal/entry.js';
import { FanOut } from '../../src/journal/fan-out.js';
import { Journal } from '../../src/journal/journal.js';
import { JournalRepository } from '../../src/journal/journal.repository.js';
import { Resumption } from '../../src/journal/resumption.js';
import { Bus, type Topic } from '../../src/platform/bus/bus.js';
import { LocalBus } from '../../src/platform/bus/local.bus.js';
import { PostgresBus } from '../../src/platform/bus/postgres.bus.js';
import { Config, parseEnvironment } from '../../src/platform/config/config.js';
import { dataSourceOptions } from '../../src/platform/database/connection.js';
import { Database } from '../../src/platform/database/database.js';
import type { EntryView } from '../../src/protocol/entries.js';

const JWT_SECRET = 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L';

/** The journal of one node of a cluster, as the application puts it together, without the product around it. */
export class JournalNode {
  /** What the consumers got, per channel in order of arrival. */
  readonly streams = new Map<string, EntryView[]>();

  private constructor(
    readonly db: Database,
    readonly bus: Bus,
    readonly repository: JournalRepository,
    readonly fanOut: FanOut,
    readonly journal: Journal,
    readonly resumption: Resumption,
  ) {
    fanOut.addConsumer((entry) => this.streamOf(entry.channelId).push(entry));
  }

  static async start(url: string, bus: Bus = new LocalBus()): Promise<JournalNode> {
    Logger.overrideLogger(false);
    const dataSource = await new DataSource(dataSourceOptions(url, 4)).initialize();
    // As `createApp` has it: an idle connection that breaks is replaced, and no reason to end the process.
    (dataSource.driver as unknown as { master: pg.Pool }).master.on('error', () => undefined);
    const db = new Database(dataSource);
    await bus.start();
    const repository = new JournalRepository(db);
    const fanOut = new FanOut(bus, repository);
    const settings = parseEnvironment({ NODE_ENV: 'test', JWT_SECRET, DATABASE_URL: url }, String);
    const journal = new Journal(new Config({ ...settings, JWT_SECRET, DATABASE_URL: url }), db, fanOut);
    await journal.onApplicationBootstrap();
    return new JournalNode(db, bus, repository, fanOut, journal, new Resumption(fanOut, repository));
  }

  appendAt(seq: number, entry: NewEntry): Promise<AppendResult> {
    const { promise, resolve, reject } = Promise.withResolvers<AppendResult>();
    this.journal.appendAt(seq, entry, { resolve, reject });
    return promise;
  }

  streamOf(channelId: string): EntryView[] {
    let stream = this.streams.get(channelId);
    if (!stream) this.streams.set(channelId, (stream = []));
    return stream;
  }

  seqsOf(channelId: string): number[] {
    return this.streamOf(channelId).map((entry) => entry.seq);
  }

  async stop(): Promise<void> {
    this.fanOut.onApplicationShutdown();
    await this.journal.onApplicationShutdown();
    await this.bus.stop();
    await this.db.dataSource.destroy();
  }
}

/** What a bus may do to messages by promise: lose, double and delay them. */
export class UnreliableBus extends Bus {
  private heard = 0;
  private late: (() => void) | undefined;

  constructor(private readonly inner: Bus = new LocalBus()) {
    super();
  }
  get maxMessageBytes(): number {
    return this.inner.maxMessageBytes;
  }
  get isUp(): boolean {
    return this.inner.isUp;
  }
  get isLocal(): boolean {
    return this.inner.isLocal;
  }
  publish(topic: Topic, message: string): void {
    this.inner.publish(topic, message);
  }
  /** Of every six messages two are lost, one comes twice, and one after the next one. */
  subscribe(topic: Topic, listener: (message: string) => void): void {
    this.inner.subscribe(topic, (message) => {
      const kind = ++this.heard % 6;
      if (kind % 3 === 0) return;
      if (kind === 2) this.late = () => listener(message);
      else listener(message);
      if (kind === 4) listener(message);
      if (kind !== 2) this.late?.();
      if (kind !== 2) this.late = undefined;
    });
  }
  onUp(listener: () => void): void {
    this.inner.onUp(listener);
  }
  start(): Promise<void> {
    return this.inner.start();
  }
  stop(): Promise<void> {
    return this.inner.stop();
  }
}

/** Speaks, but hears nothing. */
export class DeafBus extends UnreliableBus {
  override subscribe(): void {}
}

export function postgresBus(url: string): PostgresBus {
  return new PostgresBus(url);
}

/** Makes channels and returns their ids. */
export async function createChannels(url: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await query(url, `INSERT INTO channels (id, kind) SELECT unnest($1::uuid[]), 'room'`, [ids]);
  return ids;
}

/** An entry of no special meaning, for the channel. */
export function note(channelId: string, more: Partial<NewEntry> = {}): NewEntry {
  return { kind: 'room', channelId, type: 'note', actorId: randomUUID(), payload: { text: 'hello' }, ...more };
}

/** A query over a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export interface StoredEntry extends pg.QueryResultRow {
  seq: number;
  op_id: string | null;
  actor_id: string;
  at: Date;
}

export function storedEntries(url: string, channelId: string): Promise<StoredEntry[]> {
  return query<StoredEntry>(url, 'SELECT seq, op_id, actor_id, at FROM journal WHERE channel_id = $1 ORDER BY seq', [channelId]);
}

/** 1 … n */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}
