import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { CONNECT_TIMEOUT_MS } from '../database/connection.js';
import { ask, destroyConnection, ImpatientClient } from '../database/impatient-client.js';
import { APPLICATION_LIMITS, sessionConfig } from '../database/session.js';
import { watchStore } from '../memory/stores.js';
import { metrics } from '../metrics/metrics.js';
import { Bus, type Topic } from './bus.js';

const CHANNEL = 'atrium';
/** PostgreSQL refuses a payload of 8,000 bytes; the header takes up to 60. */
const MAX_PAYLOAD_BYTES = 7_900;
const NODE_ID_LENGTH = 36;
/** Notifications of one statement, and how many may wait; beyond, the oldest are dropped and the others repair from the journal. */
const MAX_BATCH = 200;
const MAX_QUEUE = 8_000;
/** A listener that hears nothing, not even itself, for this long is deaf. */
const HEARTBEAT_MS = 2_000;
const MAX_RECONNECT_DELAY_MS = 2_000;

/**
 * LISTEN/NOTIFY: several nodes without anything but PostgreSQL. One connection listens and notifies; notifications that gather while
 * a statement is under way leave together in the next one.
 */
export class PostgresBus extends Bus {
  readonly maxMessageBytes = MAX_PAYLOAD_BYTES - NODE_ID_LENGTH - 12;
  readonly isLocal = false;
  private readonly logger = new Logger(PostgresBus.name);
  private readonly nodeId = randomUUID();
  private readonly listeners = new Map<Topic, ((message: string) => void)[]>();
  private readonly upListeners: (() => void)[] = [];
  private client: Client | undefined;
  private queue: string[] = [];
  private sending = false;
  private stopped = false;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(private readonly url: string) {
    super();
    const count = () => this.queue.length;
    const measure = () => this.queue.reduce((sum, message) => sum + message.length, 0);
    watchStore({
      name: 'bus-queue',
      maxBytes: MAX_QUEUE * MAX_PAYLOAD_BYTES,
      get entries() {
        return count();
      },
      get bytes() {
        return measure();
      },
    });
  }

  get isUp(): boolean {
    return this.client !== undefined;
  }

  publish(topic: Topic, message: string): void {
    if (Buffer.byteLength(message) > this.maxMessageBytes) throw new RangeError(`a message of the bus must have at most ${this.maxMessageBytes} bytes`);
    if (!this.client) return;
    if (this.queue.length >= MAX_QUEUE) this.queue.shift();
    this.queue.push(`${this.nodeId}${topic}:${message}`);
    if (!this.sending) void this.send();
  }

  subscribe(topic: Topic, listener: (message: string) => void): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  onUp(listener: () => void): void {
    this.upListeners.push(listener);
  }

  async start(): Promise<void> {
    await this.connect();
    this.heartbeat = setInterval(() => void this.checkHealth(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.heartbeat);
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const client = new ImpatientClient({
      ...sessionConfig(this.url, APPLICATION_LIMITS),
      application_name: 'atrium-bus',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', (error) => this.goDown(client, error));
    client.on('notification', (notification) => this.receive(notification.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      // A frozen server may still take the LISTEN later, and then we would hear everything twice.
      destroyConnection(client);
      throw error;
    }
    this.client = client;
    metrics.busUp.set(1);
  }

  private receive(payload: string): void {
    if (payload.startsWith(this.nodeId)) return;
    const separator = payload.indexOf(':', NODE_ID_LENGTH);
    const topic = payload.slice(NODE_ID_LENGTH, separator) as Topic;
    const message = payload.slice(separator + 1);
    for (const listener of this.listeners.get(topic) ?? []) listener(message);
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.queue.length > 0 && this.client) {
      const { client } = this;
      const batch = this.queue.splice(0, MAX_BATCH);
      try {
        await ask(client, { name: 'notify', text: `SELECT count(pg_notify('${CHANNEL}', m)) FROM unnest($1::text[]) AS m`, values: [batch] });
      } catch (error) {
        this.goDown(client, error as Error);
      }
    }
    this.sending = false;
  }

  private async checkHealth(): Promise<void> {
    const { client } = this;
    if (!client) return;
    try {
      await client.query('SELECT 1');
    } catch (error) {
      this.goDown(client, error as Error);
    }
  }

  private goDown(client: Client, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.queue = [];
    metrics.busUp.set(0);
    destroyConnection(client);
    if (this.stopped) return;
    this.logger.warn({ err: error }, 'the bus is down; entries of other nodes are read from the journal');
    void this.reconnect();
  }

  private async reconnect(): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt++) {
      const ceiling = Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** attempt);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * ceiling));
      try {
        await this.connect();
        this.logger.log('the bus is up again');
        for (const listener of this.upListeners) listener();
        return;
      } catch (error) {
        this.logger.debug({ err: error }, 'the bus is still down');
      }
    }
  }
}
