import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtriumClient, AtriumError, type EditOutcome, type EditStorage, memoryEdits, memoryTokens, type Page, type PageDocument, when } from '../../client/src/index.js';
import { editAtRandom, START } from '../../client/src/pages/random-edits.fixture.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { EntriesAnswer, EntryView } from '../../src/protocol/entries.js';
import { Api, PASSWORD } from '../support/client.js';
import { eventually, within } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { Random } from '../support/random.js';
import { Server } from '../support/server.js';

const USERS = 4;
/** Of the first user, on one more device. */
const DEVICES = USERS + 1;
const KILLS = 2;
const FAULTS_BETWEEN_KILLS = 6;
const MAX_FAULT_PAUSE_MS = 500;
const MAX_EDIT_PAUSE_MS = 60;
/** One of so many edits is the last one before a reload. */
const EDITS_PER_RELOAD = 60;
const HEALING_MS = 60_000;

/** Seeds that failed once stay here. FUZZ_SEED=7,8 runs others. */
const SEEDS = [1, 2];
const seeds = process.env['FUZZ_SEED'] ? process.env['FUZZ_SEED'].split(',').map(Number) : SEEDS;

let server: Server;
let proxy: FaultyProxy;
let people: Tokens[];

beforeAll(async () => {
  server = await Server.start();
  proxy = await FaultyProxy.start(server.port);
  people = [];
  for (let i = 0; i < USERS; i++) people.push(await new Api(server.url).post<Tokens>('/auth/register', { email: `fuzz-${i}@example.org`, username: `fuzz-${i}`, password: PASSWORD }));
  people.push(await new Api(server.url).post<Tokens>('/auth/login', { login: 'fuzz-0', password: PASSWORD }));
});
afterAll(async () => {
  await proxy?.stop();
  await server?.remove();
});

/** Somebody who edits at random, and reloads now and then. */
class Editor {
  readonly outcomes: Promise<EditOutcome>[] = [];
  readonly refused = new Set<string>();
  client!: AtriumClient;
  page!: Page;
  private readonly tokens = memoryTokens();
  private readonly edits: EditStorage = memoryEdits();
  private isTired = false;
  private working: Promise<void> = Promise.resolve();

  constructor(
    readonly user: Tokens,
    private readonly pageId: string,
    private readonly random: Random,
  ) {
    const { user: who, accessToken, refreshToken, expiresIn } = user;
    this.tokens.save({ user: who, accessToken, refreshToken, expiresAtMs: Date.now() + expiresIn * 1_000 });
  }

  async begin(): Promise<void> {
    this.client = new AtriumClient(proxy.url, { tokens: this.tokens, edits: this.edits });
    void this.client.connect();
    this.page = this.client.page(this.pageId);
    this.page.onRejected(({ error }) => error && this.refused.add(error.code));
    await this.page.open();
  }

  start(): void {
    this.working = this.work();
  }

  async rest(): Promise<void> {
    this.isTired = true;
    await this.working;
  }

  private async work(): Promise<void> {
    const { random } = this;
    while (!this.isTired) {
      await pause(random.below(MAX_EDIT_PAUSE_MS));
      if (this.page.state.get()) editAtRandom(this.page, [random.below(100), random.below(100), random.below(100), random.below(100)], this.outcomes);
      if (random.below(EDITS_PER_RELOAD) === 0) await this.reload();
    }
  }

  private async reload(): Promise<void> {
    await this.client.close();
    await this.begin();
  }
}

async function torment(random: Random): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    for (let i = 0; i < FAULTS_BETWEEN_KILLS; i++) {
      proxy.misbehave(random, random.next() / 2);
      await pause(random.below(MAX_FAULT_PAUSE_MS));
      if (random.below(2) === 0) proxy.heal();
    }
    await server.end('SIGKILL');
    await server.launch();
  }
  proxy.heal();
}

async function readEntries(api: Api, pageId: string): Promise<EntryView[]> {
  const all: EntryView[] = [];
  for (let isComplete = false; !isComplete; ) {
    const answer: EntriesAnswer = await api.get<EntriesAnswer>(`/pages/${pageId}/entries?after=${all.at(-1)?.seq ?? 0}&limit=500`);
    if ('reset' in answer) throw new Error('the journal is shorter than the page is old');
    all.push(...answer.entries);
    isComplete = answer.complete;
  }
  return all;
}

describe(`P6: ${DEVICES} people who edit a page on a bad network, reload, and whose server is killed`, () => {
  it.each(seeds)('have the same page once all is well again, with all that was acknowledged (FUZZ_SEED=%i)', async (seed) => {
    const random = new Random(seed);
    const [owner, ...others] = people;
    const api = new Api(server.url, owner!.accessToken);
    const { pageId } = await api.post<PageDocument>('/pages', { title: 'Fuzz', schema: START });
    for (const { user } of others.slice(0, USERS - 1)) await api.put(`/pages/${pageId}/members/${user.id}`, { role: 'editor' });
    const editors = people.map((user) => new Editor(user, pageId, random));
    for (const editor of editors) await editor.begin();
    for (const editor of editors) editor.start();
    await torment(random);
    await Promise.all(editors.map((editor) => editor.rest()));
    for (const { client, page } of editors) {
      if (client.status.get() === 'offline') client.retryNow();
      await within('everyone is live', when(client.status, (status) => status === 'live'), HEALING_MS);
      await within('everything is saved', when(page.saved, (saved) => saved === 'saved'), HEALING_MS);
    }
    const { schema, version } = await api.get<PageDocument>(`/pages/${pageId}`);
    for (const { page } of editors) {
      await eventually('everyone has the last version', () => page.view.get()?.version === version);
      expect(page.view.get()!.schema).toEqual(schema);
    }
    const entries = await readEntries(api, pageId);
    expect(entries.length).toBeGreaterThan(50);
    for (const { outcomes, user, refused } of editors) {
      expect([...refused].filter((code) => code !== 'VERSION_CONFLICT')).toEqual([]);
      const unsettled = Symbol('its tab was closed');
      const settled = await Promise.all(outcomes.map((outcome) => Promise.race([outcome.catch((error: unknown) => error), pause(0, unsettled)])));
      for (const outcome of settled) {
        if (outcome === unsettled || outcome instanceof AtriumError) continue;
        const { outcome: what, version: at } = outcome as EditOutcome;
        if (what !== 'discarded') expect(entries[at - 1]).toMatchObject({ seq: at, type: 'op-patch', actorId: user.user.id });
      }
    }
    await Promise.all(editors.map(({ client }) => client.close()));
  });
});
