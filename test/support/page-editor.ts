import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { EntryView } from '../../src/protocol/entries.js';
import type { PatchResult } from '../../src/protocol/pages.js';
import type { Operation } from '../../src/modules/pages/document/json-document.js';
import type { Json } from '../../src/modules/pages/document/json-value.js';
import { PageDocument } from '../../src/modules/pages/page.document.js';
import type { Ack } from './client.js';
import type { Random } from './random.js';
import { RandomEditor } from './random-edits.js';

const ACK_TIMEOUT_MS = 3_000;
const RETRY_MS = 50;

/** One patch as it was sent, again and again if need be, and what it was answered. */
export interface SentPatch {
  readonly opId: string;
  readonly version: number;
  readonly patches: Operation[];
  outcome: 'unknown' | PatchResult['outcome'] | 'refused';
  /** What the version is that it made. */
  madeVersion?: number;
  /** Why it was refused. */
  code?: string;
}

type Joined = { version: number } & ({ schema: Json; entries?: undefined } | { entries: EntryView[] });

/** Somebody who edits a page as it is on the own screen, reconnects, sends again what was not answered, and notes everything. */
export class PageEditor {
  readonly sent: SentPatch[] = [];
  /** Entries that contradicted what was there, or came twice with another content. */
  readonly contradictions: string[] = [];
  reconnects = 0;
  private readonly socket: Socket;
  private page: PageDocument | undefined;
  private editor: RandomEditor | undefined;
  private isEditing = false;
  private editing: Promise<void> | undefined;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    readonly name: string,
    url: string,
    token: string,
    private readonly pageId: string,
    private readonly random: Random,
    private readonly editsPerSecond: number,
  ) {
    this.socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 200, timeout: 2_000 });
    this.socket.on('connect', () => void this.join());
    this.socket.on('op-patch', (entry: EntryView) => this.take(entry));
    for (const name of ['member-joined', 'member-left', 'member-updated', 'page-updated']) this.socket.on(name, (entry: EntryView) => this.take(entry));
  }

  get version(): number {
    return this.page?.version ?? -1;
  }

  get schema(): Json {
    return this.page!.schema;
  }

  get acked(): number {
    return this.sent.filter(({ outcome }) => outcome !== 'unknown').length;
  }

  start(): void {
    this.isEditing = true;
    this.editing = this.keepEditing();
  }

  /** Resolves when everything that was sent has an outcome. */
  async stop(): Promise<void> {
    this.isEditing = false;
    await this.editing;
    await Promise.all(this.underWay);
  }

  close(): void {
    this.socket.disconnect();
  }

  private async keepEditing(): Promise<void> {
    while (this.isEditing) {
      await pause((this.random.next() * 2_000) / this.editsPerSecond);
      if (!this.editor || !this.page) continue;
      const sent: SentPatch = { opId: `${this.name}-${this.sent.length}`, version: this.page.version, patches: this.editor.edit().patches, outcome: 'unknown' };
      this.sent.push(sent);
      const settled = this.settle(sent).finally(() => this.underWay.delete(settled));
      this.underWay.add(settled);
    }
  }

  private async settle(sent: SentPatch): Promise<void> {
    const { opId, version, patches } = sent;
    for (;;) {
      const ack = await this.ask<PatchResult>('op-patch', { pageId: this.pageId, version, patches, opId });
      if (ack?.data) {
        sent.outcome = ack.data.outcome;
        sent.madeVersion = ack.data.version;
        return;
      }
      if (ack?.error && ack.error.code !== 'UNAVAILABLE') {
        sent.outcome = 'refused';
        sent.code = ack.error.code;
        return;
      }
      await pause(RETRY_MS);
    }
  }

  /** With what is missed since the version that is on the screen. */
  private async join(): Promise<void> {
    const connection = this.socket.id;
    const after = this.page?.version;
    const ack = await this.ask<Joined>('page-join', { pageId: this.pageId, ...(after !== undefined && { after }), sync: false }, (joined) => {
      if (this.socket.id !== connection) return;
      this.reconnects += 1;
      if (joined.entries) for (const entry of joined.entries) this.take(entry);
      else {
        this.page = new PageDocument(joined.schema, joined.version);
        const counted = this.editor;
        this.editor = new RandomEditor(`${this.name}${this.reconnects}-`, this.page, this.random);
        if (counted) this.contradictions.push(`${this.name} was sent a whole page at ${joined.version}, having ${after}`);
      }
    });
    if (ack?.data || this.socket.id !== connection) return;
    await pause(RETRY_MS);
    // Without an answer it is not known whether we follow the page: only a new connection is a new beginning.
    this.socket.io.engine?.close();
  }

  private take(entry: EntryView): void {
    const { page } = this;
    if (!page || entry.seq <= page.version) return;
    try {
      if (entry.seq !== page.version + 1) throw new Error(`came at version ${page.version}`);
      if (entry.type === 'op-patch') page.follow(entry.seq, entry.actorId, entry.patches as Operation[]);
      else page.pass(entry.seq);
    } catch (error) {
      this.contradictions.push(`${this.name}: entry ${entry.seq}: ${String(error)}`);
    }
  }

  /** Undefined without an answer. `take` runs in the turn of the answer, before what follows it. */
  private ask<T>(event: string, body: unknown, take: (data: T) => void = () => undefined): Promise<Ack<T> | undefined> {
    return new Promise((resolve) => {
      const done = (ack?: Ack<T>): void => {
        clearTimeout(timer);
        this.socket.off('disconnect', lost);
        if (ack?.data) take(ack.data);
        resolve(ack);
      };
      const lost = (): void => done();
      const timer = setTimeout(lost, ACK_TIMEOUT_MS);
      this.socket.once('disconnect', lost);
      if (!this.socket.connected) return done();
      this.socket.emit(event, body, done);
    });
  }
}
