import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../src/platform/errors/app-error.js';
import { type Bus } from '../../src/platform/bus/bus.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { gzipText } from '../../src/platform/gzipped-text.js';
import type { Realtime } from '../../src/platform/realtime/realtime.js';
import type { DocumentSettings } from '../../src/modules/collab/document-settings.js';
import type { LiveDocument } from '../../src/modules/collab/live-document.js';
import { LiveDocuments } from '../../src/modules/collab/live-documents.js';
import type { Operation } from '../../src/modules/pages/document/json-document.js';
import type { LivePage } from '../../src/modules/pages/live-page.js';
import { PAGE_LIMITS } from '../../src/modules/pages/document/page-limits.js';
import { PageAllowance } from '../../src/modules/pages/page-allowance.js';
import type { PageAllowances } from '../../src/modules/pages/page-allowances.js';
import { PageKind } from '../../src/modules/pages/page-kind.js';
import { PageSnapshotsRepository } from '../../src/modules/pages/page-snapshots.repository.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually, within } from '../support/eventually.js';
import { JournalNode, postgresBus, query, upTo } from '../support/journal-node.js';
import { snapshotOf } from '../support/pages.js';

const UNLIMITED = new PageAllowance('ada', Infinity, 0, { unstored: () => 0, stored: () => Promise.resolve(0) });
const SETTINGS: DocumentSettings = { idleMs: 60_000, sweepMs: 20, maxBytes: 1e9, maxOpen: 1_000 };
const SCHEMA = { rootId: 1, components: { 1: { id: 1, props: {}, children: [] } } };

/** Counts what is read from the database, and what could not be written. */
class CountingKind extends PageKind {
  loads = 0;
  failures = 0;
  /** Runs while a document is read. */
  whileLoading: (() => void) | undefined;
  override snapshot(...args: Parameters<PageKind['snapshot']>): () => Promise<void> {
    const store = super.snapshot(...args);
    return () =>
      store().catch((error: unknown) => {
        this.failures += 1;
        throw error;
      });
  }
  override load(channelId: string): Promise<LivePage> {
    this.loads += 1;
    const loading = super.load(channelId);
    this.whileLoading?.();
    return loading;
  }
}

/** The live documents of one node, over a real journal. */
class Node {
  readonly watched = new Set<string>();
  private constructor(
    readonly journal: JournalNode,
    readonly kind: CountingKind,
    readonly documents: LiveDocuments,
  ) {}

  static async start(settings: Partial<DocumentSettings> = {}, bus?: Bus): Promise<Node> {
    const journal = await JournalNode.start(database.url, bus);
    const kind = new CountingKind(new PageSnapshotsRepository(journal.db), journal.repository, { limits: PAGE_LIMITS }, { of: () => UNLIMITED } as unknown as PageAllowances);
    const watched = new Set<string>();
    const sockets = { countSubscribers: (id: string) => Number(watched.has(id)) } as unknown as Realtime;
    const node = new Node(journal, kind, new LiveDocuments(journal.journal, journal.fanOut, sockets, { ...SETTINGS, ...settings }));
    Object.assign(node, { watched });
    nodes.push(node);
    return node;
  }

  use<T>(id: string, work: (live: LiveDocument<LivePage>) => Promise<T> | T): Promise<T> {
    return this.documents.use(this.kind, id, work);
  }

  /** Sets a member of the root's props. Resolves with the version that it made. */
  set(id: string, name: string, value: unknown, opId: string = randomUUID()): Promise<number> {
    const patches = [{ op: 'add', path: `/components/1/props/${name}`, value }] as Operation[];
    return this.use(id, (live) =>
      live.submit((page) => {
        const applied = page.document.propose({ actorId: ACTOR, patches, version: page.version, mode: 'rebase' });
        if (applied.outcome === 'discarded') throw new Error('nothing was discarded here');
        const payload = { pageId: page.pageId, version: applied.version, patches, opId };
        return { entry: { kind: 'page', channelId: id, type: 'op-patch', actorId: ACTOR, opId, payload, bytes: Buffer.from(JSON.stringify(applied.inverse)) }, answer: ({ seq }) => seq };
      }),
    );
  }

  isOpen(id: string): boolean {
    return this.documents.find(this.kind, id) !== undefined;
  }

  props(id: string): unknown {
    return (this.documents.find(this.kind, id)!.document.document.schema as unknown as typeof SCHEMA).components[1].props;
  }

  async stop(): Promise<void> {
    await this.documents.beforeApplicationShutdown();
    await this.journal.stop();
  }
}

const ACTOR = uuidv7();
let database: TestDatabase;
const nodes: Node[] = [];

beforeAll(async () => {
  database = await createDatabase();
  await migrate(database.url, { log: () => undefined });
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, 'a', 'a', 'a', 'a', 'a')`, [ACTOR]);
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop();
});
afterAll(() => database.drop());

async function makePage(): Promise<string> {
  const id = uuidv7();
  await insertChannel(id);
  await insertPage(id);
  return id;
}

const insertChannel = (id: string) => query(database.url, `INSERT INTO channels (id, kind) VALUES ($1, 'page')`, [id]);
const insertPage = async (id: string) => {
  const content = await gzipText(JSON.stringify(SCHEMA));
  await query(database.url, `INSERT INTO pages (channel_id, page_id, title, search_key, creator_id, content) VALUES ($1::uuid, $1::uuid::text, '', '', $2, $3)`, [id, ACTOR, content]);
};

const stored = (id: string) => snapshotOf<typeof SCHEMA>(database.url, id);
const entriesOf = (id: string) => query<{ seq: number; op_id: string }>(database.url, 'SELECT seq::int, op_id FROM journal WHERE channel_id = $1 ORDER BY seq', [id]);

/** What the page is according to nothing but the database. */
async function propsInDatabase(id: string): Promise<unknown> {
  const node = await Node.start();
  return node.use(id, (live) => (live.document.document.schema as unknown as typeof SCHEMA).components[1].props);
}

describe('opening a document', () => {
  it('costs one load, however many ask at once', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    await Promise.all(upTo(50).map((i) => node.set(id, 'n', i)));
    expect(node.kind.loads).toBe(1);
  });

  it('that fails leaves nothing behind', async () => {
    const [node, id] = [await Node.start(), uuidv7()];
    await expect(node.set(id, 'n', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(node.isOpen(id)).toBe(false);
    await insertChannel(id);
    await expect(node.set(id, 'n', 1)).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
    await insertPage(id);
    expect(await node.set(id, 'n', 1)).toBe(1);
  });

  it('answers nobody with what was dropped meanwhile', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    node.kind.whileLoading = () => node.documents.drop(id, new AppError('PAGE_NOT_FOUND'));
    await expect(node.set(id, 'n', 1)).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
    expect(node.isOpen(id)).toBe(false);
    expect(node.journal.fanOut.cursor(id)).toBeUndefined();
    node.kind.whileLoading = undefined;
    expect(await node.set(id, 'n', 1)).toBe(1);
  });

  it('takes in what is committed elsewhere meanwhile', async () => {
    const id = await makePage();
    const [here, there] = [await Node.start({}, postgresBus(database.url)), await Node.start({}, postgresBus(database.url))];
    const writing = Promise.all(upTo(200).map((i) => there.set(id, `n${i % 7}`, i)));
    await eventually('some are committed', async () => (await entriesOf(id)).length > 20);
    await here.use(id, () => undefined);
    await writing;
    await eventually('both are there', () => [here, there].every((node) => node.documents.find(node.kind, id)!.committedVersion === 200));
    expect(here.props(id)).toEqual(there.props(id));
  });
});

describe('changes', () => {
  it('are committed in the order in which they came, several at a time', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    // More than a document remembers, so that it must not run ahead of the disk as far as it likes.
    const count = 5_000;
    const writing = Promise.all(upTo(count).map((i) => node.set(id, 'n', i)));
    await eventually('some are committed', () => (node.documents.find(node.kind, id)?.committedVersion ?? 0) > 100);
    const live = node.documents.find(node.kind, id)!;
    expect(JSON.parse(live.document.textAt(live.committedVersion))).toMatchObject({ components: { 1: { props: { n: live.committedVersion } } } });
    expect(await writing).toEqual(upTo(count));
    expect(node.props(id)).toEqual({ n: count });
    expect(await propsInDatabase(id)).toEqual({ n: count });
  });

  it('P5: of two nodes on one document are all committed, each once', async () => {
    const id = await makePage();
    const both = [await Node.start({}, postgresBus(database.url)), await Node.start({}, postgresBus(database.url))];
    const versions = await Promise.all(both.flatMap((node, n) => upTo(100).map((i) => node.set(id, `of${n}`, i, `${n}-${i}`))));
    expect(versions.toSorted((a, b) => a - b)).toEqual(upTo(200));
    await eventually('both are up to date', () => both.every((node) => node.documents.find(node.kind, id)!.committedVersion === 200));
    for (const node of both) expect(node.props(id)).toEqual({ of0: 100, of1: 100 });
    expect(new Set((await entriesOf(id)).map(({ op_id }) => op_id)).size).toBe(200);
  });

  it('P1, P2: whose connection breaks are told as unknown, and are there once when they are sent again', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    const outcomes = new Map<string, number>();
    const send = async (opId: string): Promise<void> => {
      for (;;) {
        try {
          return void outcomes.set(opId, await node.set(id, opId, true, opId));
        } catch (error) {
          if ((error as AppError).code !== 'UNAVAILABLE') throw error;
          await new Promise(setImmediate);
        }
      }
    };
    const sending = Promise.all(upTo(400).map((i) => send(`op${i}`)));
    for (const round of upTo(3)) {
      await eventually('some are answered', () => outcomes.size >= round * 50 || outcomes.size === 400);
      await query(database.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%journal%'`);
    }
    await within('all are answered', sending, 30_000);
    const entries = await entriesOf(id);
    expect(entries.map(({ seq }) => seq)).toEqual(upTo(400));
    for (const { seq, op_id } of entries) expect(outcomes.get(op_id), op_id).toBe(seq);
    expect(Object.keys(node.props(id) as object)).toHaveLength(400);
    expect(await propsInDatabase(id)).toEqual(node.props(id));
  });

  it('that are refused by the document say so only when what they stand on is on disk', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    const before = node.set(id, 'n', 1);
    const refused = node.use(id, (live) =>
      live.submit(() => {
        throw new AppError('PATCH_FAILED');
      }),
    );
    await expect(refused).rejects.toMatchObject({ code: 'PATCH_FAILED' });
    expect(await entriesOf(id)).toHaveLength(1);
    await before;
  });
});

describe('a snapshot', () => {
  it('is stored behind: after 50 entries, and never with what is not on disk yet', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    await Promise.all(upTo(80).map((i) => node.set(id, 'n', i)));
    await eventually('it is stored', async () => (await stored(id)).version >= 50);
    const { version, schema } = await stored(id);
    expect(schema.components[1].props).toEqual({ n: version });
  });

  it('that cannot be stored is tried again, and the document stays', async () => {
    const [node, id] = [await Node.start({ idleMs: 0 }), await makePage()];
    await query(database.url, `ALTER TABLE pages ADD CONSTRAINT no_snapshots CHECK (version = 0) NOT VALID`);
    await node.set(id, 'n', 1);
    await eventually('it has failed twice', () => node.kind.failures >= 2);
    expect(node.isOpen(id)).toBe(true);
    await query(database.url, `ALTER TABLE pages DROP CONSTRAINT no_snapshots`);
    await eventually('it is stored', async () => (await stored(id)).version === 1);
    expect((await stored(id)).schema.components[1].props).toEqual({ n: 1 });
  });

  it('never replaces a newer one', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    await node.set(id, 'n', 1);
    const older = node.kind.snapshot(node.documents.find(node.kind, id)!.document, id, 1);
    await node.set(id, 'n', 2);
    await node.kind.snapshot(node.documents.find(node.kind, id)!.document, id, 2)();
    await older();
    expect((await stored(id)).version).toBe(2);
  });
});

describe('a document that is not used', () => {
  it('is stored and leaves memory; the next one reads it anew', async () => {
    const [node, id] = [await Node.start({ idleMs: 0 }), await makePage()];
    await node.set(id, 'n', 1);
    await eventually('it is closed', () => !node.isOpen(id));
    expect((await stored(id)).version).toBe(1);
    expect(await node.set(id, 'n', 2)).toBe(2);
  });

  it('stays while somebody follows it, and while somebody needs it', async () => {
    const [node, followed, needed] = [await Node.start({ idleMs: 0 }), await makePage(), await makePage()];
    node.watched.add(followed);
    await node.set(followed, 'n', 1);
    await node.use(needed, () => eventually('others have left', async () => {
      const other = await makePage();
      await node.set(other, 'n', 1);
      return eventually('it is closed', () => !node.isOpen(other));
    }));
    expect(node.isOpen(followed)).toBe(true);
    node.watched.delete(followed);
    await eventually('both are closed', () => !node.isOpen(followed) && !node.isOpen(needed));
  });

  it('leaves when there is no more room, the least recently used one first, followed or not', async () => {
    const node = await Node.start({ maxOpen: 3 });
    const ids = await Promise.all(upTo(5).map(makePage));
    for (const id of ids) {
      node.watched.add(id);
      await node.set(id, 'n', 1);
      // Who is used in between is not the oldest.
      await node.set(ids[0]!, 'n', 2);
    }
    await eventually('there is room', () => ids.filter((id) => node.isOpen(id)).length === 3);
    expect(ids.map((id) => node.isOpen(id))).toEqual([true, false, false, true, true]);
    expect((await stored(ids[1]!)).version).toBe(1);
  });

  it('is stored at shutdown', async () => {
    const [node, id] = [await Node.start(), await makePage()];
    await node.set(id, 'n', 1);
    await node.documents.beforeApplicationShutdown();
    expect((await stored(id)).version).toBe(1);
  });
});

it('a document that is dropped answers nobody any more, and is read anew', async () => {
  const [node, id] = [await Node.start(), await makePage()];
  await node.set(id, 'n', 1);
  const live = node.documents.find(node.kind, id)!;
  node.documents.drop(id, new AppError('PAGE_NOT_FOUND'));
  await expect(live.submit(() => ({ answer: 1 }))).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
  expect(await node.set(id, 'n', 2)).toBe(2);
});
