import { z } from 'zod';
import { DocumentRole } from './access.js';
import { listOf, mapOf } from './bounded.js';
import { Duplicate } from './duplicate.js';
import { Entry } from './entries.js';
import { LIMITS } from './limits.js';
import { findOneLineProblem } from './one-line.js';
import { Id, name, OpId, PageQuery, pageOf, query, Seq, Timestamp } from './primitives.js';
import { type Profile } from './users.js';

/** The client's own name for the page, in URLs. */
export const PageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _')
  .meta({ description: 'Slug', example: 'landing-page' });

const ComponentId = z.union([z.int(), z.string().min(1).max(64)]).meta({ description: 'The name under which the component stands in `components`' });

const ComponentName = z.string().superRefine((value, context) => {
  const message = findOneLineProblem(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** How many components there may be, and how many bytes they take, is the server's setting; this is where any list of members ends. */
const MAX_MEMBERS = 1_000_000;

/** One component. Members of its own are welcome; these have a meaning. */
const Component = z.looseObject({
  id: ComponentId.optional(),
  name: ComponentName.optional(),
  type: z.string().optional(),
  props: mapOf(z.unknown(), MAX_MEMBERS).optional(),
  children: listOf(ComponentId, MAX_MEMBERS).optional().meta({ description: 'In order; this list says what is where' }),
});

/** A tree of components: the root exists, every child exists and has one parent, nothing contains itself. */
export const PageSchema = z
  .looseObject({ rootId: ComponentId, components: mapOf(Component, MAX_MEMBERS) })
  .meta({ id: 'PageSchema', example: { rootId: 1, components: { '1': { id: 1, name: 'Page', type: 'page', props: {}, children: [] } } } });
export type PageSchema = z.output<typeof PageSchema>;

const Title = name(200);

const summaryFields = {
  pageId: PageId,
  id: Id.meta({ description: 'The channel, for `resume`' }),
  title: z.string(),
  version: Seq.meta({ description: 'The seq of the last entry; the ETag is this number in quotes' }),
  role: DocumentRole,
  creatorId: Id,
  workspaceId: Id.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  deletedAt: Timestamp.nullable(),
  duplicate: Duplicate,
};
export const PageSummary = z.object(summaryFields).meta({ id: 'PageSummary' });
export type PageSummary = z.output<typeof PageSummary>;
export const PageList = pageOf(PageSummary);

const BrokenAt = Seq.optional().meta({
  description: 'Of a damaged page: the first version that cannot be told. The page is as it was before, and read-only, until a version before it is restored',
});

export const PageDocument = z.object({ ...summaryFields, brokenAt: BrokenAt, schema: PageSchema }).meta({ id: 'PageDocument' });
export type PageDocument = z.output<typeof PageDocument>;

export const CreatePage = z
  .strictObject({ pageId: PageId.optional(), title: Title.optional(), schema: PageSchema.optional(), workspaceId: Id.optional() })
  .meta({ id: 'CreatePage' });
export type CreatePage = z.output<typeof CreatePage>;

export const UpdatePage = z.strictObject({ title: Title }).meta({ id: 'UpdatePage' });
export const PutPage = z.strictObject({ schema: PageSchema, title: Title.optional() }).meta({ id: 'PutPage' });
export type PutPage = z.output<typeof PutPage>;
export const DuplicatePage = z.strictObject({ pageId: PageId.optional(), title: Title.optional() }).meta({ id: 'DuplicatePage' });

export const PagesQuery = PageQuery.extend({
  workspaceId: Id.optional(),
  creator: z.union([Id, z.literal('me')]).optional().meta({ description: 'A user’s id, or `me`' }),
  q: query(80).optional().meta({ description: 'Part of the title or the slug' }),
  deleted: z.stringbool().default(false).meta({ description: 'Instead of the others: those that can be restored' }),
});
export type PagesQuery = z.output<typeof PagesQuery>;

/**
 * One operation of RFC 6902. Whether pointers are well-formed, and a value is there where one is needed, is checked with the document, so
 * that every rule of the RFC stands in one place.
 */
export const JsonPatchOperation = z
  .object({
    op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: z.string(),
    from: z.string().optional(),
    value: z.unknown().optional(),
  })
  .meta({ id: 'JsonPatchOperation', description: 'RFC 6902; pointers are RFC 6901' });
/** How many operations, and how large, is the server's setting; this is where any list ends. */
const MAX_OPERATIONS = 10_000;
export const JsonPatch = listOf(JsonPatchOperation, MAX_OPERATIONS).meta({ id: 'JsonPatch', description: 'An empty one is valid, and changes nothing' });
export type JsonPatch = z.output<typeof JsonPatch>;
/** What was done to a page; of a page that was replaced as a whole it may be longer than what one may send. */
export const AppliedPatch = z.array(JsonPatchOperation).meta({ id: 'AppliedPatch' });

export const PatchMode = z.enum(['rebase', 'strict']).meta({ description: '`rebase` carries a stale patch over what has happened since; `strict` refuses it' });
export const PatchOutcome = z.enum(['applied', 'rebased', 'discarded']).meta({ description: '`discarded`: all that it was about is gone; nothing was changed' });
export type PatchOutcome = z.output<typeof PatchOutcome>;

/** The ack of `op-patch`, and the answer of PATCH: what it made of the page, on disk. */
export const PatchResult = z
  .object({
    version: Seq,
    outcome: PatchOutcome,
    patches: JsonPatch.optional().meta({ description: 'What was applied, where that is not what was sent' }),
    duplicate: z.literal(true).optional(),
  })
  .meta({ id: 'PatchResult' });
export type PatchResult = z.output<typeof PatchResult>;

export const OpPatch = z
  .strictObject({ pageId: PageId, version: Seq.meta({ description: 'The one that the patch was made on' }), patches: JsonPatch, opId: OpId, mode: PatchMode.default('rebase') })
  .meta({ id: 'OpPatch' });
export type OpPatch = z.output<typeof OpPatch>;

export const PageJoin = z
  .strictObject({
    pageId: PageId,
    after: Seq.optional().meta({ description: 'The version that the client has: only what it misses is sent' }),
    sync: z.boolean().default(true).meta({ description: 'false: no `sync` event beside the ack' }),
  })
  .meta({ id: 'PageJoin' });
export type PageJoin = z.output<typeof PageJoin>;
export const PageLeave = z.strictObject({ pageId: PageId }).meta({ id: 'PageLeave' });

/** Somebody on the page. */
export const PageUser = z.object({ userId: Id, username: z.string(), displayName: z.string(), avatarUrl: z.string().nullable() }).meta({ id: 'PageUser' });
export type PageUser = z.output<typeof PageUser>;
export const toPageUser = ({ id, username, displayName, avatarUrl }: Profile): PageUser => ({ userId: id, username, displayName, avatarUrl });

/** Somebody came or went. */
export const PageUserMoved = z.object({ pageId: PageId, userId: Id });

const joinedFields = { pageId: PageId, id: Id, title: z.string(), role: DocumentRole, version: Seq, users: z.array(PageUser) };

/** `entries` when `after` was given and everything since can be told; else the whole page. */
export const PageJoined = z
  .union([z.object({ ...joinedFields, entries: z.array(Entry) }), z.object({ ...joinedFields, brokenAt: BrokenAt, schema: PageSchema })])
  .meta({ id: 'PageJoined' });

export const PageSync = z.object({ pageId: PageId, version: Seq, brokenAt: BrokenAt, schema: PageSchema, users: z.array(PageUser) }).meta({ id: 'PageSync' });

/** A coordinate of the canvas, in its own pixels. */
const Coordinate = z.number().min(-1_000_000).max(1_000_000);
/** A place in a text, in UTF-16 code units. No page has longer ones. */
const Offset = z.int().min(0).max(LIMITS.pageBytes);
/** Where somebody writes. Nothing says that there is such a text: it may have changed meanwhile. */
const CursorEditing = z
  .strictObject({ componentId: ComponentId, prop: z.string().min(1).max(100), start: Offset, end: Offset })
  .meta({ id: 'CursorEditing', description: 'Where somebody writes: the component, its prop (or `name`), and the selection in its text, in UTF-16 code units' });
const cursorFields = {
  pageId: PageId,
  x: Coordinate,
  y: Coordinate,
  componentId: ComponentId.nullable().optional().meta({ description: 'What lies under it' }),
  selection: listOf(ComponentId, 100).optional().meta({ description: 'What is selected' }),
  editing: CursorEditing.optional().meta({ description: 'The text that is being written' }),
};
export const CursorMove = z.strictObject(cursorFields).meta({ id: 'CursorMove' });
export type CursorMove = z.output<typeof CursorMove>;
export const CursorMoved = z.object({ ...cursorFields, userId: Id, connectionId: z.string() }).meta({ id: 'CursorMoved' });

/** One line of a page's history: an entry of its journal, without what all of them have in common. */
export const PageChange = z
  .object({
    version: Seq,
    type: z.string().meta({ description: '`op-patch`, `page-updated`, `member-joined`, `member-left` or `member-updated`' }),
    actorId: Id.nullable(),
    at: Timestamp,
    patches: AppliedPatch.optional().meta({ description: 'Of `op-patch`' }),
    base: Seq.optional().meta({ description: 'Of `op-patch`, if it was rebased: the version for which it was written' }),
    undoes: Seq.optional().meta({ description: 'Of `op-patch`, if it is an undo: the version whose change it takes back' }),
    repairs: Seq.optional().meta({ description: 'Of `op-patch`, if it has made a damaged page whole again: where that was broken' }),
    title: z.string().optional().meta({ description: 'Of `page-updated`' }),
    deleted: z.literal(true).optional().meta({ description: 'Of `page-updated`, if it says that the page was deleted' }),
    userId: Id.optional().meta({ description: 'Of `member-*`: whom it is about' }),
    role: DocumentRole.optional().meta({ description: 'Of `member-joined` and `member-updated`' }),
    reason: z.string().optional().meta({ description: 'Of `member-left`: `left` or `kicked`' }),
  })
  .meta({ id: 'PageChange' });
export type PageChange = z.output<typeof PageChange>;
export const PageHistory = pageOf(PageChange);

/** A version in a path. Its digits alone: what else might be read as a number is a mistake. */
export const VersionParam = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the number of a version')
  .meta({ type: 'integer', minimum: 0, pattern: undefined })
  .transform(Number);

export const PageVersion = z.object({ pageId: PageId, version: Seq, schema: PageSchema }).meta({ id: 'PageVersion' });
export type PageVersion = z.output<typeof PageVersion>;

export const DiffQuery = z.strictObject({
  from: z.coerce.number().int().min(0).optional().meta({ description: 'Default: the one before `to`' }),
  to: z.coerce.number().int().min(0).optional().meta({ description: 'Default: the present' }),
});
export type DiffQuery = z.output<typeof DiffQuery>;
export const PageDiff = z.object({ from: Seq, to: Seq, patches: AppliedPatch }).meta({ id: 'PageDiff' });
export type PageDiff = z.output<typeof PageDiff>;

export const RestoreVersion = z
  .strictObject({ version: Seq.optional().meta({ description: 'The one to go back to; absent: the page itself, which was deleted' }) })
  .meta({ id: 'RestoreVersion' });
export const UndoOwn = z.strictObject({ count: z.int().min(1).max(100).default(1).meta({ description: 'How many operations, the last one first' }) }).meta({ id: 'UndoOwn' });
export const RevertEdits = z
  .strictObject({
    userId: Id.meta({ description: 'Whose edits' }),
    since: Timestamp.meta({ description: 'The `at` of the first one' }),
    until: Timestamp.optional().meta({ description: 'The `at` of the last one; default: now' }),
  })
  .meta({ id: 'RevertEdits' });
export type RevertEdits = z.output<typeof RevertEdits>;

/** What became of the operations that were to be taken back. */
export const Undone = z
  .object({
    version: Seq,
    undone: z.array(Seq).meta({ description: 'Versions whose change was taken back' }),
    skipped: z.array(Seq).meta({ description: 'Versions of which nothing is left, or which newer changes contradict' }),
    duplicate: Duplicate,
  })
  .meta({ id: 'Undone' });
export type Undone = z.output<typeof Undone>;
