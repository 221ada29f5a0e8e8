import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument as PageBody, PageSummary } from '../../src/protocol/pages.js';
import type { Json } from '../../src/modules/pages/document/json-value.js';
import { PageDocument } from '../../src/modules/pages/page.document.js';
import { Api, Crowd, type Person } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { query, upTo } from '../support/journal-node.js';
import { PageEditor } from '../support/page-editor.js';
import { letIn } from '../support/pages.js';
import { whileFrozen } from '../support/processes.js';
import { Random } from '../support/random.js';
import { canonical, componentsOf, startPage } from '../support/random-edits.js';
import { Server } from '../support/server.js';

const EDITORS = 5;
const EDITS_PER_SECOND = 10;
const MAX_DELAY_MS = 100;
/** The rounds of a full run: PAGE_ROUNDS=20. */
const ROUNDS = Number(process.env['PAGE_ROUNDS'] ?? 6);
/** What the others do while a node is frozen: about 30 a second. PAGE_FROZEN_EDITS=1200 is 40 seconds. */
const FROZEN_EDITS = Number(process.env['PAGE_FROZEN_EDITS'] ?? 60);
const MAX_REFUSED = 0.01;

const random = new Random();
let database: TestDatabase;
let servers: Server[];
let proxies: FaultyProxy[];
let crowd: Crowd;
let editors: PageEditor[] = [];

async function open(nodes: number, env: Record<string, string>): Promise<void> {
  process.stdout.write(`page-convergence: TEST_SEED=${random.seed}\n`);
  servers = [];
  for (let i = 0; i < nodes; i++) servers.push(await Server.start(env));
  proxies = await Promise.all(servers.map(({ port }) => FaultyProxy.start(port)));
  crowd = new Crowd(servers[0]!.url);
}

async function close(): Promise<void> {
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await Promise.all(servers.map((server) => server.remove()));
}

afterEach(() => {
  for (const editor of editors.splice(0)) editor.close();
});

/** A page, and people at all proxies who have it open. */
async function sitDown(): Promise<{ page: PageSummary; owner: Person }> {
  const [owner, ...others] = (await crowd.group(...Array.from({ length: EDITORS }, (_, i) => `editor${i}`))) as [Person, ...Person[]];
  const page = await owner.post<PageSummary>('/pages', { title: 'Together', schema: startPage() });
  await letIn(owner, page, others.map((person) => [person, 'editor']));
  editors = [owner, ...others].map((person, i) => new PageEditor(`e${i}`, proxies[i % proxies.length]!.url, person.token, page.pageId, random, EDITS_PER_SECOND));
  await eventually('everybody has the page', () => editors.every(({ version }) => version >= 0));
  for (const editor of editors) editor.start();
  return { page, owner };
}

const ackedInAll = () => editors.reduce((sum, { acked }) => sum + acked, 0);

/** P1, P2, P3, P6: everybody, every node and the journal agree, on a whole tree, in which everything acknowledged is once. */
async function expectAgreement({ page, owner }: { page: PageSummary; owner: Person }, databaseUrl: string | undefined): Promise<void> {
  await Promise.all(editors.map((editor) => editor.stop()));
  const answers = await Promise.all(servers.map(({ url }) => new Api(url, owner.token).get<PageBody>(`/pages/${page.pageId}`)));
  const { version } = answers[0]!;
  await eventually('everybody is up to date', () => editors.every((editor) => editor.version >= version));
  expect(editors.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  const texts = [...answers.map(({ schema }) => schema as unknown as Json), ...editors.map(({ schema }) => schema)].map(canonical);
  expect(new Set(texts).size).toBe(1);

  const whole = new PageDocument(structuredClone(answers[0]!.schema) as unknown as Json, version);
  for (const [id, { uid, props }] of Object.entries(componentsOf(whole))) if (props['mark'] !== undefined) expect(props['mark'], `the mark of ${id}`).toBe(uid);

  const sent = editors.flatMap((editor) => editor.sent);
  const refused = sent.filter(({ outcome }) => outcome === 'refused');
  expect(refused.map(({ code }) => code).filter((code) => code !== 'VERSION_CONFLICT')).toEqual([]);
  expect(refused.length / sent.length).toBeLessThan(MAX_REFUSED);

  const entries = await readEntries(owner, page.pageId);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  const stored = Map.groupBy(entries.filter(({ type }) => type === 'op-patch'), ({ opId }) => opId);
  expect([...stored.values()].filter((twice) => twice.length > 1)).toEqual([]);
  const made = sent.filter(({ outcome }) => outcome === 'applied' || outcome === 'rebased');
  expect(made.filter(({ opId, madeVersion }) => stored.get(opId)?.[0]?.seq !== madeVersion)).toEqual([]);
  expect(stored.size).toBe(made.length);

  if (databaseUrl === undefined) return;
  // And from nothing but the database: the page as it was made, and every entry after it.
  const replayed = new PageDocument(startPage(), 0);
  for (const { seq, type, payload } of await query<{ seq: number; type: string; payload: { patches: [] } }>(
    databaseUrl,
    `SELECT seq::int, type, payload FROM journal WHERE channel_id = '${page.id}' ORDER BY seq`,
  )) {
    if (type === 'op-patch') replayed.follow(seq, null, payload.patches);
    else replayed.pass(seq);
  }
  expect(canonical(replayed.schema)).toBe(texts[0]);
}

interface Stored {
  seq: number;
  type: string;
  opId: string;
}

async function readEntries(owner: Person, pageId: string): Promise<Stored[]> {
  const entries: Stored[] = [];
  for (;;) {
    const answer = await owner.get<{ entries: Stored[]; complete: boolean }>(`/pages/${pageId}/entries?limit=1000&after=${entries.length}`);
    entries.push(...answer.entries);
    if (answer.complete) return entries;
  }
}

describe('five editors on two nodes, on a bad network', () => {
  beforeAll(async () => {
    database = await createDatabase();
    await open(2, { DATABASE_URL: database.url, BUS: 'postgres', JWT_SECRET: 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA' });
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });

  it('P5, P6: converge, whatever is delayed, cut and lost', async () => {
    const table = await sitDown();
    for (const round of upTo(ROUNDS)) {
      for (const proxy of proxies) proxy.delay(random.below(MAX_DELAY_MS));
      await eventually('more is acknowledged', () => ackedInAll() >= round * 50);
      random.pick(proxies).misbehave(random, 0.4);
      await query(database.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'atrium-bus'`);
      await eventually('somebody goes on', () => ackedInAll() >= round * 50 + 10);
      for (const proxy of proxies) proxy.heal();
    }
    await expectAgreement(table, database.url);
  });

  it('P5: an undo on one node takes back what was done on the other, step by step, and leaves what others have done', async () => {
    const [ada, ben] = (await crowd.group('ada', 'ben')) as [Person, Person];
    const page = await ada.post<PageSummary>('/pages', { title: 'Undone', schema: { rootId: 1, components: { 1: { id: 1, name: 'Page', props: {}, children: [] } } } });
    await letIn(ada, page, [[ben, 'editor']]);
    const at = (person: Person, node: number) => new Api(servers[node]!.url, person.token);
    const set = async (person: Person, node: number, name: string, value: string): Promise<void> => {
      const body = [{ op: 'add', path: `/components/1/props/${name}`, value }];
      const { status } = await at(person, node).call('PATCH', `/pages/${page.pageId}`, { body, headers: { 'content-type': 'application/json-patch+json' } });
      expect(status).toBe(200);
    };
    const propsAt = async (node: number) => (await at(ben, node).get<PageBody>(`/pages/${page.pageId}`)).schema.components['1']!['props'];
    const undo = (node: number, count: number) => at(ada, node).post<{ undone: number[] }>(`/pages/${page.pageId}/undo`, { count });
    for (const step of upTo(6)) await set(ada, step % 2, 'title', `step ${step}`);
    await set(ben, 0, 'colour', 'red');
    for (const step of upTo(3)) {
      expect((await undo(step % 2, 1)).undone).toHaveLength(1);
      for (const node of [0, 1]) expect(await propsAt(node)).toEqual({ title: `step ${6 - step}`, colour: 'red' });
    }
    // Both at once: each step is taken back once.
    const answers = await Promise.all([undo(0, 1), undo(1, 1)]);
    expect(new Set(answers.flatMap(({ undone }) => undone)).size).toBe(answers.flatMap(({ undone }) => undone).length);
    await undo(0, 10);
    for (const node of [0, 1]) expect(await propsAt(node)).toEqual({ colour: 'red' });
  });

  it('P5: that wakes after having been frozen writes nothing stale', async () => {
    const table = await sitDown();
    await eventually('everybody has edited', () => editors.every(({ acked }) => acked > 5));
    const others = editors.filter((_, i) => i % 2 === 0);
    const ackedByOthers = () => others.reduce((sum, { acked }) => sum + acked, 0);
    const before = ackedByOthers();
    // In the middle of whatever it does. The others go on.
    await whileFrozen(servers[1]!.pid, () => eventually('the others have edited', () => ackedByOthers() >= before + FROZEN_EDITS, FROZEN_EDITS * 1_000));
    await expectAgreement(table, database.url);
  });
});

describe('five editors of a server that is killed', () => {
  beforeAll(() => open(1, {}));
  afterAll(close);

  it('P1, P2, P6: lose nothing that was acknowledged, and have nothing twice', async () => {
    const table = await sitDown();
    for (const round of upTo(ROUNDS)) {
      await eventually('more is acknowledged', () => ackedInAll() >= round * 15);
      await servers[0]!.end('SIGKILL');
      await servers[0]!.launch();
    }
    await expectAgreement(table, undefined);
  });
});
