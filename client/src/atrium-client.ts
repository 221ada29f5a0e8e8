import type { Json } from '../../src/modules/pages/document/json-value.js';
import type { EntryView } from '../../src/protocol/entries.js';
import { Auth } from './auth/auth.js';
import { browserTokens, memoryTokens, type TokenStorage } from './auth/token-storage.js';
import { Channels } from './channels/channels.js';
import { Connection, type Status } from './connection/connection.js';
import { Outbox } from './outbox/outbox.js';
import { browserOutbox, memoryOutbox, type OutboxStorage } from './outbox/outbox-storage.js';
import { patient } from './patience.js';
import { createRest, type Rest } from './rest/rest.js';
import { browserEdits, type EditStorage, memoryEdits } from './pages/edit-storage.js';
import type { Page } from './pages/page.js';
import { type AddedPage, Pages } from './pages/pages.js';
import { type ChangedPage, PageList } from './pages/page-list.js';
import { pagesApi, type PagesApi } from './pages/pages-api.js';
import type { Room } from './rooms/room.js';
import { Rooms } from './rooms/rooms.js';
import { browserRooms, type RoomStorage } from './rooms/room-storage.js';
import { roomsApi, type RoomsApi } from './rooms/rooms-api.js';
import type { Readable } from './store.js';
import { blocksApi } from './users/block-list.js';
import { Users } from './users/users.js';

export interface AtriumOptions {
  /** Where the sign-in is kept. Default: `localStorage` in browsers, memory elsewhere. */
  tokens?: TokenStorage;
  /**
   * The browser keeps the refresh token in a cookie that no script can read, instead of `tokens`. For pages that the server itself gives out;
   * others go on without.
   */
  cookie?: boolean;
  /** Where unsent messages wait. Default: IndexedDB in browsers, memory elsewhere. */
  outbox?: OutboxStorage;
  /** Where edits of pages wait that are not sent. Default: as for messages. */
  edits?: EditStorage;
  /** Where the list of rooms and their newest messages are kept, to be shown without a network. Default: IndexedDB in browsers, nowhere elsewhere. */
  kept?: RoomStorage;
}

const VOLATILE = new Set(['typing', 'user-join', 'user-leave', 'room-added', 'cursor-move', 'page-added', 'page-changed', 'block-changed']);

/** An Atrium server, as one user on one device sees it. */
export class AtriumClient {
  readonly auth: Auth;
  /** Every REST route, typed. */
  readonly rest: Rest;
  /** The REST routes of rooms and messages, as functions. */
  readonly api: RoomsApi;
  /** Those of pages, their members and invites. */
  readonly pages: PagesApi;
  /** The pages that one may see, live. */
  readonly myPages: PageList;
  readonly rooms: Rooms;
  readonly users: Users;
  private readonly connection: Connection;
  private readonly channels: Channels;
  private readonly outbox: Outbox;
  private readonly livePages: Pages;
  private readonly stops: (() => void)[] = [];

  /** @param url the server's address, e.g. `https://chat.example.org`, or `https://example.org/team/chat` */
  constructor(url: string, options: AtriumOptions = {}) {
    const base = url.replace(/\/+$/, '');
    const { tokens, outbox, edits, kept } = { ...defaultStorage(base), ...options };
    this.auth = new Auth(`${base}/api/v1`, tokens, options.cookie);
    this.rest = createRest(base, this.auth);
    this.api = roomsApi(this.rest);
    this.pages = pagesApi(this.rest);
    this.myPages = new PageList((cursor) => this.pages.list({}, cursor));
    this.users = new Users((ids) => this.api.profiles(ids), blocksApi(this.rest));
    const listeners = { onEvent: (name: string, payload: unknown) => this.receive(name, payload), onConnected: (signal: AbortSignal) => this.catchUp(signal) };
    this.connection = new Connection(base, this.auth, listeners, () => !isBrowser() || navigator.onLine);
    this.channels = new Channels(this.connection);
    this.outbox = new Outbox(patient(outbox, 'Messages that are not sent yet are not kept on this device'), this.connection, (operation, ack) => this.rooms.sent(operation, ack));
    const ownId = (): string | undefined => this.auth.user.get()?.id;
    this.rooms = new Rooms({ connection: this.connection, outbox: this.outbox, api: this.api, users: this.users, ownId }, this.channels, kept && patient(kept, 'What was seen of rooms is not kept on this device'));
    const readVersion = async (pageId: string, version: number) => (await this.pages.version(pageId, version)).schema as Json;
    const storage = patient(edits, 'Edits that are not sent yet are not kept on this device');
    this.livePages = new Pages({ connection: this.connection, channels: this.channels, users: this.users, storage, readVersion, ownId });
    this.watchSignIn();
    if (isBrowser()) this.watchNetwork();
  }

  /** Whether what is shown is up to date. */
  get status(): Readable<Status> {
    return this.connection.status;
  }

  /** @returns what ends it */
  onStatus(listener: (status: Status) => void): () => void {
    return this.status.subscribe(() => listener(this.status.get()));
  }

  /**
   * Connects and stays connected: through outages, restarts of the server and refreshes of the token, until `close` or a sign-out.
   * Resolves when live for the first time.
   */
  async connect(): Promise<void> {
    await this.connection.start();
  }

  room(roomId: string): Room {
    return this.rooms.get(roomId);
  }

  /** A handle; nothing happens before it is opened. The same one for the same page. */
  page(pageId: string): Page {
    return this.livePages.get(pageId);
  }

  /** Calls `listener` for each page that one may see from now on: made on any device, or shared by somebody. @returns what ends that */
  onPageAdded(listener: (added: AddedPage) => void): () => void {
    return this.livePages.onAdded(listener);
  }

  /** Does not wait for the next attempt to connect. */
  retryNow(): void {
    this.connection.retryNow();
  }

  /** Ends the connection and everything that is under way. What is not sent yet stays in the outbox. */
  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await this.connection.stop();
    this.channels.stop();
    this.rooms.stop();
    this.livePages.stop();
    this.myPages.stop();
    this.users.stop();
    this.outbox.stop();
    this.auth.dispose();
  }

  private receive(name: string, payload: unknown): void {
    if (VOLATILE.has(name)) {
      const isOfPage = (payload as { pageId?: string }).pageId !== undefined;
      if (name === 'block-changed') return this.users.hearBlock(payload as Parameters<Users['hearBlock']>[0]);
      if (name === 'page-added') this.myPages.added();
      if (name === 'page-changed') this.myPages.changed(payload as ChangedPage);
      else if (isOfPage) this.livePages.hear(name, payload as Parameters<Pages['hear']>[1]);
      else this.rooms.hear(name, payload as Parameters<Rooms['hear']>[1]);
      return;
    }
    const entry = payload as EntryView;
    if (typeof entry?.channelId !== 'string') return;
    // One's own read position in a large room is no entry.
    if (typeof entry.seq === 'number') this.channels.receive(entry);
    else if (name === 'read') this.rooms.hear(name, payload as Parameters<Rooms['hear']>[1]);
  }

  /** What was missed in the channels that are known, and what waits goes out; then which rooms there are, and what is not in the journal. */
  private async catchUp(signal: AbortSignal): Promise<void> {
    await this.rooms.whenRestored;
    signal.throwIfAborted();
    // By the socket first, which has just proved itself: HTTP may still run into connections that broke with the last one.
    await this.channels.catchUp();
    signal.throwIfAborted();
    this.outbox.flush();
    const pages = Promise.all([this.livePages.reconnected(), this.myPages.reconnected()]);
    await this.rooms.load(signal);
    await this.channels.catchUpNew();
    signal.throwIfAborted();
    await Promise.all([this.rooms.reconnected(), pages]);
    signal.throwIfAborted();
    this.users.reconnected();
  }

  /** Another user, in this tab or another one, must not see what this one saw. */
  private watchSignIn(): void {
    let userId = this.auth.user.get()?.id;
    // Not only when connected: what was left is shown, and more can be added, while there is no connection.
    if (userId !== undefined) this.outbox.open(userId);
    this.rooms.open(userId);
    this.stops.push(
      this.auth.user.subscribe(() => {
        const next = this.auth.user.get()?.id;
        if (next === userId) return;
        userId = next;
        void this.connection.stop();
        this.channels.stop();
        this.rooms.clear();
        this.livePages.clear();
        this.myPages.clear();
        this.users.clear();
        this.outbox.close();
        if (next !== undefined) this.outbox.open(next);
        this.rooms.open(next);
      }),
    );
  }

  /** A browser knows when the network goes, when it is back, when somebody looks again, and when the page goes. */
  private watchNetwork(): void {
    const lose = (): void => this.connection.networkLost();
    const retry = (): void => {
      if (this.status.get() === 'offline') this.retryNow();
    };
    const visibilityChanged = (): void => {
      if (document.visibilityState === 'visible') retry();
      // The last moment that every browser tells of.
      else this.rooms.keepNow();
    };
    const leave = (): void => this.rooms.keepNow();
    addEventListener('offline', lose);
    // A sign-out that fails once more is tried again the next time.
    const finishLogout = (): void => void this.auth.finishLogout().catch(() => undefined);
    finishLogout();
    addEventListener('online', finishLogout);
    addEventListener('online', retry);
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', visibilityChanged);
    this.stops.push(() => {
      removeEventListener('offline', lose);
      removeEventListener('online', finishLogout);
      removeEventListener('online', retry);
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', visibilityChanged);
    });
  }
}

/** One origin may have pages of several servers, each below its own path or somewhere else: what one keeps, the others do not see. */
function defaultStorage(base: string): Required<Pick<AtriumOptions, 'tokens' | 'outbox' | 'edits'>> & Pick<AtriumOptions, 'kept'> {
  if (!isBrowser()) return { tokens: memoryTokens(), outbox: memoryOutbox(), edits: memoryEdits() };
  const suffix = base === location.origin ? '' : `:${base}`;
  return {
    tokens: browserTokens(`atrium:session${suffix}`),
    outbox: browserOutbox(`atrium${suffix}`),
    edits: browserEdits(`atrium-pages${suffix}`),
    kept: browserRooms(`atrium-rooms${suffix}`),
  };
}

function isBrowser(): boolean {
  return typeof window !== 'undefined' && typeof document !== 'undefined';
}
