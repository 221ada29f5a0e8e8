import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import type { Json } from '../../../src/modules/pages/document/json-value.js';
import type { EntryView } from '../../../src/protocol/entries.js';
import type { Channels } from '../channels/channels.js';
import type { Connection } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { Listeners, type Readable, Value } from '../store.js';
import type { Users } from '../users/users.js';
import type { CursorPosition } from './cursors.js';
import type { EditStorage } from './edit-storage.js';
import { type Joined, PageChannel } from './page-channel.js';
import type { EditorContext, EditorEvents, PageEditor } from './page-editor.js';
import { PagePresence } from './page-presence.js';
import type { PageTree } from './page-tree.js';
import type { Component, ComponentId, EditOutcome, Fragment, PageCursor, PageState, PageUser, PageView, RejectedEdit, Saved } from './page-types.js';

/** What a page needs of the client around it. */
export interface PageContext {
  readonly connection: Pick<Connection, 'request' | 'status'>;
  readonly channels: Pick<Channels, 'has' | 'follow' | 'unfollow' | 'receive'>;
  readonly users: Pick<Users, 'profile' | 'learn'>;
  readonly storage: EditStorage;
  readonly readVersion: (pageId: string, version: number) => Promise<Json>;
  readonly ownId: () => string | undefined;
}

/**
 * A page, live. Edits are on it at once, and on their way to the server; what others do comes in between. What the server does not take
 * is taken back, and told.
 */
export class Page {
  private readonly shownState = new Value<PageState | null>(null);
  private readonly shownView = new Value<PageView | null>(null);
  private readonly shownSaved = new Value<Saved>('saved');
  private readonly lastError = new Value<AtriumError | null>(null);
  private readonly components = new Map<string, Value<Component | undefined>>();
  private readonly rejectedListeners = new Listeners<[RejectedEdit]>();
  private readonly channel: PageChannel;
  private readonly presence: PagePresence;
  private readonly editorEvents: EditorEvents = { changed: () => this.show(), rejected: (rejected) => this.rejected(rejected) };
  private Editor: typeof PageEditor | undefined;
  private preparing: Promise<void> | undefined;
  /** Once the page has been read. */
  private editor: PageEditor | undefined;
  /** How often it was opened and not closed again. */
  private viewers = 0;

  constructor(
    readonly id: string,
    private readonly context: PageContext,
  ) {
    const { connection, channels, users } = context;
    this.presence = new PagePresence(id, connection, users);
    this.channel = new PageChannel(id, connection, channels, {
      version: () => this.editor?.version,
      isWanted: () => this.isWanted,
      prepare: () => this.prepare(),
      load: (version, schema) => this.load(version, schema),
      repaired: () => this.shownState.update((state) => state && { ...state, brokenAt: undefined }),
      apply: (entry) => this.apply(entry),
      joined: (answer) => this.joined(answer),
      gone: (error) => this.gone(error),
    });
  }

  /** Null until it is known, and once the page is closed, gone, or no longer ours. */
  get state(): Readable<PageState | null> {
    return this.shownState;
  }

  /** What is on it, own edits included. Null until it is known. The last one stays when the page is closed, or gone. */
  get view(): Readable<PageView | null> {
    return this.shownView;
  }

  /** Whether all edits are on disk. */
  get saved(): Readable<Saved> {
    return this.shownSaved;
  }

  /** Why there is no page: `PAGE_NOT_FOUND`, for instance. */
  get error(): Readable<AtriumError | null> {
    return this.lastError;
  }

  /** Who is on it now, oneself included; known while it is open. */
  get users(): Readable<readonly PageUser[]> {
    return this.presence.users.present;
  }

  /** Where others are. A cursor goes with its user, or after some seconds of silence. */
  get cursors(): Readable<readonly PageCursor[]> {
    return this.presence.cursors.others;
  }

  /** The page to be looked at: what is where, as it is now. @throws AtriumError UNAVAILABLE before it is loaded */
  get tree(): PageTree {
    return this.requireLoaded().tree;
  }

  /** One component, which changes only when it has changed; undefined while it is not there. The same object for the same id. */
  component(id: ComponentId): Readable<Component | undefined> {
    const key = String(id);
    let value = this.components.get(key);
    if (!value) this.components.set(key, (value = new Value(this.shownView.get()?.schema.components[key])));
    return value;
  }

  /** Loads the page and stays on it, until `close` was called as often. Resolves when `view` is there, or `error`, or it must wait for a connection. */
  async open(): Promise<void> {
    this.viewers++;
    await this.channel.join();
  }

  /** What is not on disk yet is still brought there. */
  close(): void {
    this.viewers = Math.max(0, this.viewers - 1);
    this.leaveIfUnwanted();
  }

  /**
   * Changes the page by a JSON Patch (RFC 6902), or by one that is made of the page as it is. It is applied at once; the promise resolves
   * when it is on disk, and need not be waited for. One call is undone at once; calls with the same `coalesce` within a second are, too.
   * @throws AtriumError at once and with nothing changed, when it cannot be done: `PATCH_FAILED`, `INVARIANT_VIOLATED` (also of a damaged
   *   page), `PAYLOAD_TOO_LARGE`, `INVALID_INPUT`, `PERMISSION_DENIED` for a viewer, `UNAVAILABLE` before the page is loaded. Later, by the
   *   promise: what the server refuses it for. The methods that follow throw the same.
   */
  edit(patches: readonly Operation[] | ((tree: PageTree) => readonly Operation[]), { coalesce }: { coalesce?: string } = {}): Promise<EditOutcome> {
    return this.requireEditable().edit(patches, coalesce);
  }

  /** Puts a new component among the children of another one: at the end, or behind `index` of them. @returns its id, by default a new one */
  add(parentId: ComponentId, component: Component, index?: number): ComponentId {
    return this.requireEditable().add(parentId, component, index);
  }

  /** Moves a component: to the end, or to where `index` of its new siblings are before it. */
  move(id: ComponentId, parentId: ComponentId, index?: number): void {
    this.requireEditable().move(id, parentId, index);
  }

  /** Removes components with everything in them. */
  remove(...ids: ComponentId[]): void {
    this.requireEditable().remove(ids);
  }

  /**
   * Sets some props of a component; those that are `undefined` are taken out. What somebody types into one is undone as a whole. A string
   * in the place of a string is taken for a text: it is merged with what others type there at the same time. With `whole` it is one of
   * several choices, a colour or an address, of which the last one wins.
   */
  setProps(id: ComponentId, props: Readonly<Record<string, unknown>>, { whole = false }: { whole?: boolean } = {}): void {
    this.requireEditable().setProps(id, props, whole);
  }

  rename(id: ComponentId, name: string): void {
    this.requireEditable().rename(id, name);
  }

  /** Puts a copy right behind each. @returns the ids of the copies */
  duplicate(...ids: ComponentId[]): ComponentId[] {
    return this.requireEditable().duplicate(ids);
  }

  /** Components with everything in them, to be pasted here or on another page. */
  copy(...ids: ComponentId[]): Fragment {
    return this.requireLoaded().copy(ids);
  }

  /** Puts what was copied among the children of a component, under new ids. @returns those of the outermost */
  paste(parentId: ComponentId, fragment: Fragment, index?: number): ComponentId[] {
    return this.requireEditable().paste(parentId, fragment, index);
  }

  /** Takes back one's own last edit. What others have changed since stays. @returns false when there is nothing to take back */
  undo(): boolean {
    return this.requireEditable().reverse('undo');
  }

  /** Does again what was undone. */
  redo(): boolean {
    return this.requireEditable().reverse('redo');
  }

  /** Resolves when everything that was edited so far is on disk, or has been refused. */
  async flush(): Promise<void> {
    await this.editor?.settled();
  }

  /** Call it as often as the pointer or the selection changes. */
  moveCursor(position: CursorPosition): void {
    if (this.viewers > 0 && this.shownState.get()) this.presence.cursors.move(position);
  }

  /** Calls `listener` for each edit that the server did not take, after it was taken back. @returns what ends that */
  onRejected(listener: (rejected: RejectedEdit) => void): () => void {
    return this.rejectedListeners.add(listener);
  }

  /** @internal Volatile events of this page. */
  hear(name: string, payload: { userId: string }): void {
    this.presence.hear(name, payload);
  }

  /** @internal After each connect. What was missed has been told by then. */
  async reconnected(): Promise<void> {
    if (!this.isWanted) return;
    await this.channel.join();
    this.editor?.flush();
  }

  /** @internal One may see it from now on. */
  async appeared(): Promise<void> {
    if (this.viewers > 0 && !this.shownState.get()) await this.channel.join();
  }

  /** @internal The connection has come or gone. */
  connectionChanged(): void {
    this.showSaved();
  }

  /** @internal No more requests and timers, until there is something new. */
  stop(): void {
    this.channel.stop();
    this.editor?.stop();
    this.presence.cursors.clear();
  }

  /** @internal Nobody is signed in any more. What is not on disk waits for their return. */
  dispose(): void {
    this.editor?.abandon();
    this.editor = undefined;
    this.channel.lose(new AtriumError('UNAUTHENTICATED', 'Signed out'));
    this.presence.clear();
    this.shownView.set(null);
    this.showSaved();
  }

  /** @internal Brings what a device that is gone has left of it to the server. */
  async takeUp(): Promise<void> {
    await this.prepare();
    if (this.isWanted) await this.channel.join();
  }

  /** @internal */
  get isLoaded(): boolean {
    return this.editor !== undefined;
  }

  private get isWanted(): boolean {
    return this.viewers > 0 || this.editor?.isPending === true;
  }

  /** Once at a time: what was left can be taken up once. */
  private prepare(): Promise<void> {
    return (this.preparing ??= this.loadEditor().finally(() => (this.preparing = undefined)));
  }

  private async loadEditor(): Promise<void> {
    const { PageEditor } = await import('./page-editor.js').catch((cause: unknown) => {
      throw AtriumError.network(cause);
    });
    this.Editor = PageEditor;
    if (this.editor) return;
    const left = await PageEditor.takeUp(this.editorContext, this.editorEvents);
    if (this.editor) left?.abandon();
    else this.editor = left;
  }

  private load(version: number, schema: Json): void {
    if (this.editor) this.editor.become(version, schema);
    else this.editor = new this.Editor!(version, schema, this.editorContext, this.editorEvents);
    this.show();
  }

  private get editorContext(): EditorContext {
    const { connection, storage, readVersion, ownId } = this.context;
    return { pageId: this.id, userId: ownId() ?? '', connection, storage, readVersion: (version) => readVersion(this.id, version) };
  }

  private joined(answer: Joined): void {
    const { pageId, id, title, role, users } = answer;
    const brokenAt = 'schema' in answer ? answer.brokenAt : undefined;
    this.lastError.set(null);
    this.shownState.set({ pageId, id, title, role, brokenAt });
    this.presence.users.set(users);
    this.show();
    this.editor!.flush();
  }

  private apply(entry: EntryView): void {
    const ownId = this.context.ownId();
    this.editor!.apply(entry, entry.actorId === ownId);
    if (entry.type === 'page-updated') this.shownState.update((state) => state && { ...state, title: entry.title as string });
    if (entry.type === 'member-updated' && entry.userId === ownId) this.shownState.update((state) => state && { ...state, role: entry.role as PageState['role'] });
    const isLost = entry.type === 'page-updated' ? entry.deleted === true : entry.type === 'member-left' && entry.userId === ownId;
    if (isLost) this.channel.lose(new AtriumError('PAGE_NOT_FOUND', 'The page was deleted, or you were removed from it'));
  }

  private gone(error: AtriumError): void {
    this.lastError.set(error);
    this.shownState.set(null);
    this.presence.clear();
    this.editor?.fail(error);
  }

  private rejected(rejected: RejectedEdit): void {
    this.rejectedListeners.tell(rejected);
  }

  private show(): void {
    const view = this.editor?.view;
    if (!view) return;
    const last = this.shownView.get();
    if (last?.schema !== view.schema || last.version !== view.version || last.canUndo !== view.canUndo || last.canRedo !== view.canRedo) this.shownView.set(view);
    if (last?.schema !== view.schema) for (const [id, value] of this.components) value.set(view.schema.components[id]);
    this.showSaved();
    this.leaveIfUnwanted();
  }

  private showSaved(): void {
    this.shownSaved.set(!this.editor?.isPending ? 'saved' : this.context.connection.status.get() === 'offline' ? 'offline' : 'saving');
  }

  private leaveIfUnwanted(): void {
    if (this.isWanted || !this.shownState.get()) return;
    this.shownState.set(null);
    this.presence.clear();
    this.channel.leave();
  }

  private requireLoaded(): PageEditor {
    if (!this.editor) throw new AtriumError('UNAVAILABLE', 'The page is not loaded yet');
    return this.editor;
  }

  private requireEditable(): PageEditor {
    const editor = this.requireLoaded();
    const state = this.shownState.get();
    if (!state) throw this.lastError.get() ?? new AtriumError('UNAVAILABLE', 'The page is not open');
    if (state.brokenAt !== undefined) throw new AtriumError('INVARIANT_VIOLATED', 'The page is damaged: restore one of its earlier versions first');
    if (state.role === 'viewer') throw new AtriumError('PERMISSION_DENIED', 'Viewers look, and do not change anything');
    return editor;
  }
}
