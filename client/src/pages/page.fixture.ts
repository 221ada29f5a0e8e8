import { expect } from 'vitest';
import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import { cloneJson, type Json } from '../../../src/modules/pages/document/json-value.js';
import { PageDocument, StaleVersion } from '../../../src/modules/pages/page.document.js';
import { PatchError } from '../../../src/modules/pages/document/json-document.js';
import type { EntryView, ResumedChannel } from '../../../src/protocol/entries.js';
import { Channels } from '../channels/channels.js';
import type { Status } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { Value } from '../store.js';
import { at } from '../wire.fixture.js';
import { memoryEdits } from './edit-storage.js';
import { Page, type PageContext } from './page.js';
import type { Component } from './page-types.js';

export const PAGE = 'page';
const CHANNEL = 'channel-1';

/** Components 1 (the root) to 9; `tree` lists the children of each. */
export function schemaOf(tree: Record<number, number[]>, props: Record<number, Record<string, Json>> = {}): Json {
  const components: Record<string, Json> = {};
  for (let id = 1; id <= 9; id++) components[id] = { id, name: `c${id}`, props: props[id] ?? {}, children: tree[id] ?? [] };
  return { rootId: 1, components };
}

interface Done {
  readonly version: number;
  readonly outcome: 'applied' | 'rebased';
  readonly text: string;
}

/** A page on a server that keeps its word: it changes pages by the very code of the real one. */
export class PageServer {
  readonly entries: EntryView[] = [];
  readonly devices: Device[] = [];
  title = 'Page';
  role: 'owner' | 'editor' | 'viewer' = 'editor';
  isThere = true;
  /** Entries further back cannot be told. */
  reach = Number.POSITIVE_INFINITY;
  /** Sent under an id, and done. */
  private readonly done = new Map<string, Done>();

  readonly document: PageDocument;

  constructor(private readonly first: Json) {
    this.document = new PageDocument(cloneJson(first), 0);
  }

  get schema(): Json {
    return this.document.schema;
  }

  device(userId: string, extra: Partial<PageContext> = {}): Device {
    const device = new Device(this, userId, extra);
    this.devices.push(device);
    return device;
  }

  /** All that is under way arrives; then everybody has the same page. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) for (const device of this.devices) await device.run();
    for (const device of this.devices) expect(device.page.view.get()!.schema).toEqual(this.schema);
  }

  /** Something else that takes a version. */
  pass(type: string, fields: Record<string, unknown>): void {
    this.document.pass(this.document.version + 1);
    this.append({ type, actorId: 'eve', ...fields });
  }

  /** A change by somebody who is not looked at. */
  patch(...patches: Operation[]): void {
    this.answer('eve', 'op-patch', { version: this.document.version, patches, opId: crypto.randomUUID() });
  }

  /** An entry that nobody can follow gets into the journal. */
  damage(): void {
    const version = this.document.version + 1;
    this.document.breakAt(version);
    this.document.pass(version);
    this.append({ type: 'op-patch', actorId: 'eve', opId: crypto.randomUUID(), patches: [{ op: 'remove', path: '/components/none' }] });
  }

  /** Somebody restores a version before the damage. */
  repair(schema: Json): void {
    const repairs = this.document.brokenAt;
    const { patches } = this.document.repair('eve', cloneJson(schema));
    this.append({ type: 'op-patch', actorId: 'eve', opId: crypto.randomUUID(), patches, repairs });
  }

  /** What the server makes of a request. @throws AtriumError */
  answer(userId: string, name: string, body: Record<string, unknown>): unknown {
    if (!this.isThere) throw new AtriumError('PAGE_NOT_FOUND', 'gone');
    switch (name) {
      case 'page-join':
        return this.join(userId, body['after'] as number | undefined);
      case 'op-patch':
        return this.propose(userId, body as never);
      case 'resume':
        return (body['positions'] as { channelId: string; seq: number }[]).map(({ channelId, seq }): ResumedChannel => {
          const entries = this.since(seq);
          return entries ? { channelId, complete: true, entries } : { channelId, reset: true, lastSeq: this.document.version };
        });
      default:
        return {};
    }
  }

  /** What it was. */
  versionAt(version: number): Json {
    if (!this.isThere) throw new AtriumError('PAGE_NOT_FOUND', 'gone');
    const past = new PageDocument(cloneJson(this.first), 0);
    for (const entry of this.entries) if (entry.seq <= version && entry.type === 'op-patch') past.follow(entry.seq, entry.actorId, entry['patches'] as Operation[]);
    return past.schema;
  }

  private since(seq: number): EntryView[] | undefined {
    return this.document.version - seq > this.reach ? undefined : structuredClone(this.entries.filter((entry) => entry.seq > seq));
  }

  private join(userId: string, after: number | undefined): unknown {
    const users = [{ userId, username: userId, displayName: userId, avatarUrl: null }];
    const { brokenAt, goodVersion: version } = this.document;
    const joined = { pageId: PAGE, id: CHANNEL, title: this.title, role: this.role, version, users };
    const entries = after === undefined || brokenAt !== undefined ? undefined : this.since(after);
    return entries ? { ...joined, entries } : { ...joined, brokenAt, schema: cloneJson(this.document.schema) };
  }

  private propose(actorId: string, { version, patches, opId }: { version: number; patches: Operation[]; opId: string }): unknown {
    if (this.role === 'viewer') throw new AtriumError('PERMISSION_DENIED', 'a viewer');
    const known = this.done.get(`${actorId} ${opId}`);
    if (known) {
      if (known.text !== JSON.stringify(patches)) throw new AtriumError('IDEMPOTENCY_MISMATCH', 'another patch');
      return { version: known.version, outcome: known.outcome, duplicate: true };
    }
    try {
      const applied = this.document.propose({ actorId, version, patches: structuredClone(patches), mode: 'rebase' });
      if (applied.outcome === 'discarded') return { version: applied.version, outcome: 'discarded' };
      this.done.set(`${actorId} ${opId}`, { version: applied.version, outcome: applied.outcome, text: JSON.stringify(patches) });
      this.append({ type: 'op-patch', actorId, opId, version: applied.version, patches: applied.patches, ...(applied.outcome === 'rebased' && { base: version }) });
      return { version: applied.version, outcome: applied.outcome };
    } catch (error) {
      if (error instanceof StaleVersion) throw new AtriumError('VERSION_CONFLICT', error.message, { current: error.current });
      if (error instanceof PatchError) throw new AtriumError(error.code, error.message);
      throw error;
    }
  }

  private append(fields: { type: string; actorId: string } & Record<string, unknown>): void {
    const seq = this.document.version;
    const entry: EntryView = { channelId: CHANNEL, pageId: PAGE, seq, at: at(seq), ...fields };
    this.entries.push(entry);
    for (const device of this.devices) device.hear(structuredClone(entry));
  }
}

/** Somebody's client. What it says, and what it hears, arrives in order, but only as `step` lets it. */
export class Device {
  readonly page: Page;
  readonly status = new Value<Status>('live');
  /** The names of what was asked. */
  readonly asked: { name: string; body: Record<string, unknown> }[] = [];
  private readonly channels: Channels;
  private requests: (() => void)[] = [];
  private arrivals: (() => void)[] = [];
  private losses = new Set<() => void>();
  private isJoined = false;

  constructor(
    private readonly server: PageServer,
    readonly userId: string,
    extra: Partial<PageContext> = {},
  ) {
    const request = ((name: string, body: Record<string, unknown>, take?: (answer: unknown) => void) => this.request(name, body, take)) as never;
    this.channels = new Channels({ request });
    const users = { profile: () => new Value(null), learn: () => undefined };
    this.page = new Page(PAGE, { connection: { request, status: this.status }, channels: this.channels, users, storage: memoryEdits(), readVersion: (_pageId, version) => Promise.resolve(server.versionAt(version)), ownId: () => userId, ...extra });
  }

  hear(entry: EntryView): void {
    if (this.isJoined) this.arrivals.push(() => this.channels.receive(entry));
  }

  /** Lets one request reach the server, or one answer or entry come back. @returns false when there was nothing */
  async step(direction: 'request' | 'arrival'): Promise<boolean> {
    const next = (direction === 'request' ? this.requests : this.arrivals).shift();
    next?.();
    await settled();
    return next !== undefined;
  }

  /** Until nothing is on its way. */
  async run(): Promise<void> {
    await settled();
    while ((await this.step('request')) || (await this.step('arrival')));
  }

  async open(): Promise<Page> {
    // Loaded now, it need not be waited for later.
    await import('./page-editor.js');
    const opened = this.page.open();
    await this.run();
    await opened;
    return this.page;
  }

  /** Everything that is on its way is lost. */
  async disconnect(): Promise<void> {
    this.status.set('offline');
    this.isJoined = false;
    this.requests = [];
    this.arrivals = [];
    for (const lose of this.losses) lose();
    this.losses.clear();
    this.page.connectionChanged();
    await settled();
  }

  async reconnect(): Promise<void> {
    this.status.set('live');
    const caughtUp = this.channels.catchUp();
    await this.run();
    await caughtUp;
    const reconnected = this.page.reconnected();
    await this.run();
    await reconnected;
    await this.run();
  }

  component(id: string | number): Component | undefined {
    return this.page.view.get()?.schema.components[id];
  }

  private request(name: string, body: Record<string, unknown>, take?: (answer: unknown) => void): Promise<unknown> {
    if (this.status.get() === 'offline') return Promise.reject(AtriumError.network());
    const sent = structuredClone(body);
    this.asked.push({ name, body: sent });
    return new Promise((resolve, reject) => {
      const lose = (): void => reject(AtriumError.network());
      this.losses.add(lose);
      const arrive = (answer: () => void) => (): void => {
        this.losses.delete(lose);
        answer();
      };
      this.requests.push(() => {
        try {
          const answer = this.server.answer(this.userId, name, sent);
          if (name === 'page-join' || name === 'resume') this.isJoined = true;
          if (name === 'page-leave') this.isJoined = false;
          this.arrivals.push(arrive(() => (take?.(answer), resolve(answer))));
        } catch (error) {
          this.arrivals.push(arrive(() => reject(AtriumError.from(error))));
        }
      });
    });
  }
}

/** Everything that waits for promises alone has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export const rename = (id: number, name: string) => [{ op: 'replace' as const, path: `/components/${id}/name`, value: name }];
