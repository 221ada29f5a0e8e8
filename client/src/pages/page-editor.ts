import { type Operation, PatchError } from '../../../src/modules/pages/document/json-document.js';
import type { Json } from '../../../src/modules/pages/document/json-value.js';
import type { EntryView } from '../../../src/protocol/entries.js';
import type { Connection } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { addComponent, type Composed, copyComponents, duplicateComponents, moveComponent, pasteComponents, removeComponents, renameComponent, setProps } from './compose.js';
import { EditKeeper } from './edit-keeper.js';
import { EditSender } from './edit-sender.js';
import type { EditStorage, KeptEdits } from './edit-storage.js';
import { type Edit, PageDraft } from './page-draft.js';
import { PageTree } from './page-tree.js';
import type { Component, ComponentId, EditOutcome, Fragment, PageView, RejectedEdit } from './page-types.js';
import { UndoHistory } from './undo-history.js';

/** Whose page it is, and where what is not sent yet waits. */
export interface EditorContext {
  readonly pageId: string;
  readonly userId: string;
  readonly connection: Pick<Connection, 'request'>;
  readonly storage: EditStorage;
  /** @throws AtriumError the page as it was at a version cannot be had */
  readonly readVersion: (version: number) => Promise<Json>;
}

export interface EditorEvents {
  /** Something has changed: what is on the page, what can be undone, or what is saved. */
  readonly changed: () => void;
  readonly rejected: (rejected: RejectedEdit) => void;
}

/**
 * A page that has been read, and everything that is done with it. It is by far the largest part of this package, and loaded when the first
 * page is opened. `Page` says what its methods promise.
 */
export class PageEditor {
  readonly tree: PageTree;
  private readonly draft: PageDraft;
  private readonly sender: EditSender;
  private readonly history: UndoHistory;
  private readonly keeper: EditKeeper;
  private isAbandoned = false;

  constructor(
    version: number,
    schema: Json,
    private readonly context: EditorContext,
    private readonly events: EditorEvents,
    keeper?: EditKeeper,
  ) {
    this.draft = new PageDraft(schema, version);
    this.tree = new PageTree(this.draft.tree, () => this.draft.snapshot);
    this.history = new UndoHistory(this.draft);
    const { pageId, userId, connection, storage } = context;
    this.keeper = keeper ?? new EditKeeper(storage, userId, pageId);
    this.sender = new EditSender(pageId, connection, this.draft, {
      keep: () => this.keep(),
      changed: () => {
        events.changed();
        void this.keep();
      },
      lost: (edit, error, current = this.draft.currentAt(edit.made)) => {
        this.history.forget(edit);
        events.rejected({ patches: edit.made, error, current });
      },
    });
  }

  /** What a device that is gone had left of the page, on the version on which it was made. Undefined when there is nothing. */
  static async takeUp(context: EditorContext, events: EditorEvents): Promise<PageEditor | undefined> {
    const keeper = new EditKeeper(context.storage, context.userId, context.pageId);
    const kept = await keeper.takeUp();
    if (!kept) return undefined;
    try {
      const editor = new PageEditor(kept.version, await context.readVersion(kept.version), context, events, keeper);
      editor.restore(kept);
      return editor;
    } catch (thrown) {
      const error = AtriumError.from(toAtriumError(thrown));
      keeper.release();
      if (error.isRetryable) throw error;
      // There is nothing left on which they could be done.
      await keeper.drop();
      for (const patches of kept.edits) events.rejected({ patches, error, current: {} });
      return undefined;
    }
  }

  get version(): number {
    return this.draft.version;
  }

  get isPending(): boolean {
    return this.draft.pending.length > 0;
  }

  get view(): PageView {
    const { snapshot: schema, version } = this.draft;
    const { canUndo, canRedo } = this.history;
    return { schema, version, canUndo, canRedo };
  }

  edit(patches: readonly Operation[] | ((tree: PageTree) => readonly Operation[]), coalesce?: string): Promise<EditOutcome> {
    const operations = typeof patches === 'function' ? patches(this.tree) : patches;
    // Valid, and nothing to be sent or undone.
    if (operations.length === 0) return Promise.resolve({ outcome: 'applied', version: this.version });
    return this.perform(() => [this.draft.edit(operations)], operations, coalesce);
  }

  add(parentId: ComponentId, component: Component, index?: number): ComponentId {
    return this.compose(addComponent(this.tree, parentId, index, component));
  }

  move(id: ComponentId, parentId: ComponentId, index?: number): void {
    this.compose(moveComponent(this.tree, id, parentId, index));
  }

  remove(ids: readonly ComponentId[]): void {
    this.compose(removeComponents(this.tree, ids));
  }

  setProps(id: ComponentId, props: Readonly<Record<string, unknown>>, isWhole: boolean): void {
    this.compose(setProps(this.tree, id, props, isWhole), `props ${id} ${Object.keys(props).sort().join()}`);
  }

  rename(id: ComponentId, name: string): void {
    this.compose(renameComponent(this.tree, id, name), `name ${id}`);
  }

  duplicate(ids: readonly ComponentId[]): ComponentId[] {
    return this.compose(duplicateComponents(this.tree, ids));
  }

  copy(ids: readonly ComponentId[]): Fragment {
    return copyComponents(this.tree, ids);
  }

  paste(parentId: ComponentId, fragment: Fragment, index?: number): ComponentId[] {
    return this.compose(pasteComponents(this.tree, parentId, index, fragment));
  }

  reverse(direction: 'undo' | 'redo'): boolean {
    const isDone = this.history[direction]();
    this.changed();
    return isDone;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.draft.pending.map((edit) => this.sender.outcomeOf(edit)));
  }

  /** An entry of the page, the next one. */
  apply(entry: EntryView, isOwn: boolean): void {
    if (entry.type === 'op-patch') return this.sender.receive(entry, isOwn);
    this.draft.pass(entry.seq);
    this.events.changed();
  }

  /** The page as it was read afresh. */
  become(version: number, schema: Json): void {
    this.draft.become(version, schema);
    this.sender.reloaded();
  }

  /** Sends what waits. */
  flush(): void {
    void this.sender.flush();
  }

  /** Takes back everything that is not on disk: the page is gone. */
  fail(error: AtriumError): void {
    this.sender.fail(error);
  }

  /** No more attempts, until there is something new. What waits is left to whoever comes next. */
  stop(): void {
    this.sender.stop();
    this.keeper.release();
  }

  /** Nothing is to be done with it any more. What is stored of it stays. */
  abandon(): void {
    this.stop();
    this.isAbandoned = true;
  }

  private restore({ edits, sent }: KeptEdits): void {
    for (const patches of edits) this.history.record([this.draft.edit(patches)]);
    if (sent) this.sender.resend(sent);
  }

  /** Stores what waits now. */
  private keep(): Promise<void> {
    if (this.isAbandoned) return Promise.resolve();
    return this.keeper.keep(() => {
      const { pending, version } = this.draft;
      const { sent } = this.sender;
      return pending.length === 0 ? undefined : { pageId: this.context.pageId, version, edits: pending.map(({ patches }) => patches), ...(sent && { sent }) };
    });
  }

  private compose<T>({ patches, made }: Composed<T>, coalesce?: string): T {
    if (patches.length > 0) void this.perform(() => this.draft.editInParts(patches), patches, coalesce);
    return made;
  }

  /** An edit by the user: on the page at once, to be undone, to be sent. */
  private perform(make: () => Edit[], patches: readonly Operation[], coalesce?: string): Promise<EditOutcome> {
    const ongoing = this.history.ongoing(coalesce)?.at(-1);
    let edits: Edit[];
    try {
      const isAmended = ongoing !== undefined && this.draft.amend(ongoing, patches);
      edits = isAmended ? [] : make();
      this.history.record(edits, coalesce);
      if (isAmended) edits = [ongoing];
    } catch (error) {
      throw toAtriumError(error);
    }
    const outcomes = edits.map((edit) => this.sender.outcomeOf(edit));
    this.changed();
    return outcomes.at(-1)!;
  }

  private changed(): void {
    this.events.changed();
    void this.keep();
    this.flush();
  }
}

/** What the page itself refuses, as everything else that this package throws. */
function toAtriumError(error: unknown): unknown {
  if (!(error instanceof PatchError)) return error;
  return new AtriumError(error.code, error.message, { errors: [{ path: `patches${error.at}`, message: error.message }], cause: error });
}
