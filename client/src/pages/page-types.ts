import type { DocumentRole } from '../../../src/protocol/access.js';
import type { CursorMoved, PatchOutcome, PageUser } from '../../../src/protocol/pages.js';
import type { output } from 'zod';
import type { AtriumError } from '../errors.js';

export type { Operation as PatchOperation } from '../../../src/modules/pages/document/json-document.js';

/** As it stands in `rootId` and in lists of children. As the name under which a component stands in `components`, it is a string. */
export type ComponentId = string | number;

/** A component. It may have members of its own; these have a meaning. */
export interface Component {
  readonly id?: ComponentId;
  readonly name?: string;
  readonly type?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  /** What is in it, in order. */
  readonly children?: readonly ComponentId[];
  /** Where components say it, the one that has this one among its children. `children` decides. */
  readonly parentId?: ComponentId | null;
  readonly [member: string]: unknown;
}

/** A page as it is at one moment. It never changes: a later one shares with it whatever is the same. */
export interface PageSnapshot {
  readonly rootId: ComponentId;
  readonly components: Readonly<Record<string, Component>>;
  readonly [member: string]: unknown;
}

/** What a page is, to oneself. */
export interface PageState {
  readonly pageId: string;
  /** Of the channel. */
  readonly id: string;
  readonly title: string;
  readonly role: DocumentRole;
  /**
   * On a damaged page: its first version that does not follow from the one before. The page is shown as it was before that version, and
   * cannot be changed until one of the versions before it is restored.
   */
  readonly brokenAt?: number | undefined;
}

/** What is on a page, with one's own edits in it, whether or not they are on disk. */
export interface PageView {
  readonly schema: PageSnapshot;
  /** The server's version of it that is here; own edits come on top. */
  readonly version: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** What became of an edit. `rebased`: others were faster, and it was carried over what they did. `discarded`: all that it was about is gone. */
export interface EditOutcome {
  readonly outcome: output<typeof PatchOutcome>;
  /** The version that it made; of a discarded one, the version that it met. */
  readonly version: number;
}

/** An edit that was taken back, because the server did not take it. */
export interface RejectedEdit {
  /** What the user had made. */
  readonly patches: readonly unknown[];
  /** Why; null when all that it was about is gone. */
  readonly error: AtriumError | null;
  /** What stands now at the paths that it names; paths with nothing are left out. */
  readonly current: Readonly<Record<string, unknown>>;
}

/** `saved`: all is on disk. `saving`: on its way. `offline`: it waits for a connection; it is kept, also over a reload. */
export type Saved = 'saved' | 'saving' | 'offline';

/** Somebody's cursor; one device has one. */
export type PageCursor = Omit<output<typeof CursorMoved>, 'pageId'>;
export type { PageUser };

/** Components that were copied, to be pasted anywhere: plain JSON, so that it can travel by the clipboard. */
export interface Fragment {
  /** In order. */
  readonly rootIds: readonly ComponentId[];
  readonly components: Readonly<Record<string, Component>>;
}
