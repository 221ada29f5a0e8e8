import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EditOutcome, memoryEdits, type Page, type PageView, type RejectedEdit, when } from '../../client/src/index.js';
import type { PageDocument } from '../../src/protocol/pages.js';
import { PASSWORD } from '../support/client.js';
import { eventually, within } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { Server } from '../support/server.js';
import { apiOf, People, type Person, reaches } from './people.js';

let server: Server;
let proxy: FaultyProxy;
/** Over the proxy; `server.url` leads past it. */
const people = new People(() => proxy.url);

beforeAll(async () => {
  server = await Server.start();
  proxy = await FaultyProxy.start(server.port);
});
afterEach(async () => {
  proxy.heal();
  await people.goHome();
});
afterAll(async () => {
  await proxy.stop();
  await server.remove();
});

const TEXT = { type: 'text', props: { text: 'Hello' } };
const componentOf = (page: Page, id: string | number) => page.view.get()!.schema.components[id];
const propsOf = (page: Page, id: string | number) => componentOf(page, id)?.props;
const shows = (page: Page, label: string, isWanted: (view: PageView) => boolean): Promise<PageView | null> =>
  within(`the page shows ${label}`, when(page.view, (view) => view !== null && isWanted(view)));
const isSaved = (page: Page): Promise<unknown> => within('everything is saved', when(page.saved, (saved) => saved === 'saved'));

/** The page as a fresh load gives it. */
const fresh = (person: Pick<Person, 'tokens'>, page: Page): Promise<PageDocument> => apiOf(server.url, person).get<PageDocument>(`/pages/${page.id}`);

async function expectSame(person: Pick<Person, 'tokens'>, ...pages: Page[]): Promise<void> {
  const { schema, version } = await fresh(person, pages[0]!);
  for (const page of pages) {
    await shows(page, `version ${version}`, (view) => view.version === version);
    await isSaved(page);
    expect(page.view.get()!.schema).toEqual(schema);
  }
}

/** A page of Ada, who is at the proxy, and of Bob, who is not; open at both. */
async function adaAndBob(role: 'editor' | 'viewer' = 'editor') {
  const [ada, bob] = [await people.person('ada'), await people.person('bob', server.url)];
  const { pageId, schema } = await ada.sdk.pages.create({ title: 'Page' });
  await ada.sdk.pages.putMember(pageId, bob.id, role);
  const [ofAda, ofBob] = [ada.sdk.page(pageId), bob.sdk.page(pageId)];
  await within('Ada is on it', ofAda.open());
  await within('Bob is, too', ofBob.open());
  expect([ofAda.error.get(), ofBob.error.get()]).toEqual([null, null]);
  return { ada, bob, ofAda, ofBob, root: schema.rootId };
}

/** No connection until the proxy heals. */
async function loseConnection(person: Pick<Person, 'sdk'>): Promise<void> {
  proxy.refuse();
  proxy.reset();
  await reaches(person, 'offline');
}

async function heal(person: Person): Promise<void> {
  proxy.heal();
  person.sdk.retryNow();
  await reaches(person, 'live');
}

describe('a page', () => {
  it('is edited by two at once, and the same for both', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const box = ofAda.add(root, { type: 'box' });
    expect(componentOf(ofAda, box), 'at once').toMatchObject({ type: 'box' });
    await shows(ofBob, 'the box', ({ schema }) => box in schema.components);
    const texts = [ofAda.add(box, TEXT), ofBob.add(box, TEXT)];
    ofBob.setProps(box, { color: 'red' });
    ofAda.rename(box, 'Box');
    await Promise.all([ofAda.flush(), ofBob.flush()]);
    await expectSame(ada, ofAda, ofBob);
    expect(componentOf(ofAda, box)).toMatchObject({ name: 'Box', props: { color: 'red' } });
    expect([...componentOf(ofBob, box)!.children!].sort()).toEqual(texts.sort());
  });

  it('says when an edit is on disk, and what it came to', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const { version } = ofAda.view.get()!;
    const outcome = await within('the edit is stored', ofAda.edit([{ op: 'add', path: `/components/${root}/props`, value: { title: 'x' } }]));
    expect(outcome).toEqual({ outcome: 'applied', version: version + 1 });
    await shows(ofBob, 'the title', ({ schema }) => schema.components[root]!.props?.['title'] === 'x');
    await expectSame(ada, ofAda, ofBob);
  });

  it('tells who is on it, where they are, and when they leave', async () => {
    const { ada, bob, ofAda, ofBob, root } = await adaAndBob();
    await within('Ada sees Bob', when(ofAda.users, (users) => users.some(({ userId }) => userId === bob.id)));
    expect(ofBob.users.get().map(({ userId }) => userId).sort()).toEqual([ada.id, bob.id].sort());
    for (let x = 0; x <= 100; x++) ofBob.moveCursor({ x, y: 1, componentId: root, selection: [root] });
    const [cursor] = await within('the last position', when(ofAda.cursors, ([first]) => first?.x === 100));
    expect(cursor).toMatchObject({ userId: bob.id, y: 1, selection: [root] });
    ofBob.close();
    await within('Bob is gone', when(ofAda.users, (users) => users.length === 1));
    expect(ofAda.cursors.get()).toEqual([]);
  });

  it('is told to whoever is let in, and taken from whoever is shown out', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob', server.url)];
    const { pageId } = await ada.sdk.pages.create({ title: 'Secret' });
    const page = bob.sdk.page(pageId);
    await page.open();
    expect(page.error.get()).toMatchObject({ code: 'PAGE_NOT_FOUND' });
    const added = new Promise<unknown>((resolve) => void bob.sdk.onPageAdded(resolve));
    await ada.sdk.pages.putMember(pageId, bob.id, 'viewer');
    expect(await within('Bob is told', added)).toMatchObject({ pageId, title: 'Secret' });
    await within('Bob sees it', when(page.state, (state) => state !== null));
    expect(() => page.edit([])).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
    await ada.sdk.pages.putMember(pageId, bob.id, 'editor');
    await within('Bob may edit', when(page.state, (state) => state?.role === 'editor'));
    await ada.sdk.pages.rename(pageId, 'Known');
    await within('Bob sees the title', when(page.state, (state) => state?.title === 'Known'));
    await ada.sdk.pages.removeMember(pageId, bob.id);
    await within('Bob is out', when(page.state, (state) => state === null));
    expect(page.error.get()).not.toBeNull();
  });

  it('is another one for whoever signs in next', async () => {
    const { ada, bob, ofAda, ofBob, root } = await adaAndBob();
    const { username } = ada.sdk.auth.user.get()!;
    await ada.sdk.auth.logout();
    expect([ofAda.state.get(), ofAda.view.get(), ofAda.error.get()?.code]).toEqual([null, null, 'UNAUTHENTICATED']);
    await ada.sdk.auth.login({ login: username, password: PASSWORD });
    await within('Ada is live again', ada.sdk.connect());
    const page = ada.sdk.page(ofAda.id);
    await page.open();
    const id = ofBob.add(root, TEXT);
    await shows(page, 'what Bob adds', ({ schema }) => id in schema.components);
    await expectSame(bob, page, ofBob);
  });

  it('is gone for all when it is deleted', async () => {
    const { ada, ofAda, ofBob } = await adaAndBob();
    await ada.sdk.pages.remove(ofAda.id);
    for (const page of [ofAda, ofBob]) await within('it is gone', when(page.state, (state) => state === null));
    expect(ofBob.error.get()).toMatchObject({ code: 'PAGE_NOT_FOUND' });
  });

  it('of a thousand components and more is pasted, removed and brought back', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const children = Array.from({ length: 2_500 }, (_, nth) => `c${nth}`);
    const leaves = Object.fromEntries(children.map((id) => [id, { id, type: 'text', props: { text: id.repeat(20) }, children: [] }]));
    const [box] = ofAda.paste(root, { rootIds: ['box'], components: { box: { id: 'box', children }, ...leaves } });
    await ofAda.flush();
    await expectSame(ada, ofAda, ofBob);
    ofBob.remove(box!);
    await ofBob.flush();
    await expectSame(ada, ofAda, ofBob);
    expect(Object.keys(ofAda.view.get()!.schema.components)).toHaveLength(1);
    expect(ofBob.undo()).toBe(true);
    await ofBob.flush();
    await expectSame(ada, ofAda, ofBob);
    expect(componentOf(ofAda, box!)!.children).toHaveLength(2_500);
  });
});

describe('undo', () => {
  it('takes back what one did oneself, and leaves what others did', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const id = ofAda.add(root, TEXT);
    for (const text of ['H', 'Ho', 'How']) ofAda.setProps(id, { text });
    ofAda.setProps(id, { color: 'red' });
    await ofAda.flush();
    await shows(ofBob, 'the color', ({ schema }) => schema.components[id]?.props?.['color'] === 'red');
    ofBob.setProps(id, { color: 'blue', size: 3 });
    await ofBob.flush();
    await shows(ofAda, 'the size', ({ schema }) => schema.components[id]?.props?.['size'] === 3);
    expect(ofAda.undo()).toBe(true);
    expect(propsOf(ofAda, id), 'the color is newer; the word is taken back as a whole').toEqual({ text: 'Hello', color: 'blue', size: 3 });
    expect(ofAda.redo()).toBe(true);
    expect(propsOf(ofAda, id)).toMatchObject({ text: 'How' });
    await ofAda.flush();
    await expectSame(ada, ofAda, ofBob);
  });
});

describe('an outage', () => {
  it('keeps what is edited in it, and carries it over what others did', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const [a, b] = [ofAda.add(root, TEXT), ofAda.add(root, TEXT)];
    await ofAda.flush();
    await shows(ofBob, 'both', ({ schema }) => b in schema.components);
    await loseConnection(ada);
    const rejected: RejectedEdit[] = [];
    ofAda.onRejected((each) => rejected.push(each));
    ofAda.setProps(a, { color: 'red' });
    const c = ofAda.add(root, TEXT, 0);
    ofAda.setProps(c, { text: 'in the tunnel' });
    const lost = ofAda.edit([{ op: 'replace', path: `/components/${b}/props/text`, value: 'in vain' }]);
    expect(ofAda.saved.get()).toBe('offline');
    ofBob.remove(b);
    ofBob.add(root, TEXT, 0);
    await ofBob.flush();
    await heal(ada);
    expect(await within('the edit is about nothing', lost)).toMatchObject({ outcome: 'discarded' });
    expect(rejected).toMatchObject([{ error: null, current: {} }]);
    await isSaved(ofAda);
    await expectSame(ada, ofAda, ofBob);
    expect(propsOf(ofBob, c)).toEqual({ text: 'in the tunnel' });
    expect(propsOf(ofBob, a)).toMatchObject({ color: 'red' });
    expect(componentOf(ofBob, b)).toBeUndefined();
  });

  it('that ends with a reload loses nothing either', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const edits = memoryEdits();
    const first = people.device(proxy.url, { tokens: ada.tokens, edits });
    await ada.sdk.close();
    await within('the device is live', first.sdk.connect());
    const page = first.sdk.page(ofAda.id);
    await page.open();
    await loseConnection(first);
    const id = page.add(root, TEXT);
    page.setProps(id, { text: 'kept' });
    await eventually('the edits are kept', async () => (await edits.list(ada.id)).length === 1);
    await first.sdk.close();
    ofBob.add(root, TEXT, 0);
    await ofBob.flush();
    proxy.heal();
    const second = people.device(proxy.url, { tokens: ada.tokens, edits });
    await within('the next device is live', second.sdk.connect());
    await shows(ofBob, 'what was kept', ({ schema }) => schema.components[id]?.props?.['text'] === 'kept');
    await eventually('nothing is left', async () => (await edits.list(ada.id)).length === 0);
    await expectSame(ada, ofBob);
  });

  it('between an edit and its ack stores it once', async () => {
    const { ada, ofAda, ofBob, root } = await adaAndBob();
    const { version } = ofAda.view.get()!;
    // So long that the connection is lost before the ack is there.
    proxy.delay(1_000);
    const outcomes: Promise<EditOutcome>[] = [1, 2, 3].map((n) => ofAda.edit([{ op: 'add', path: `/components/${root}/children/-`, value: `t${n}` }, { op: 'add', path: `/components/t${n}`, value: { id: `t${n}`, children: [] } }]));
    await shows(ofBob, 'the first', ({ schema }) => 't1' in schema.components);
    await loseConnection(ada);
    await heal(ada);
    await within('all are stored', Promise.all(outcomes));
    await expectSame(ada, ofAda, ofBob);
    expect(ofBob.view.get()!.schema.components[root]!.children).toEqual(['t1', 't2', 't3']);
    expect(ofBob.view.get()!.version - version, 'the first, and the others together').toBe(2);
  });

  it('in which too much is missed to be told ends with the page as it is', async () => {
    const { ada, bob, ofAda, ofBob, root } = await adaAndBob();
    const id = ofAda.add(root, TEXT);
    await ofAda.flush();
    await loseConnection(ada);
    ofAda.setProps(id, { color: 'red' });
    const api = apiOf(server.url, bob);
    const headers = { 'content-type': 'application/json-patch+json' };
    const missed = Array.from({ length: 1_040 }, (_, n) => [{ op: 'add', path: `/components/${root}/props/n${n % 50}`, value: n }]);
    // As many at once as one person may have waiting.
    for (const some of [missed.slice(0, 520), missed.slice(520)]) {
      const answers = await Promise.all(some.map((body) => api.call('PATCH', `/pages/${ofAda.id}`, { body, headers })));
      expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    }
    await heal(ada);
    await isSaved(ofAda);
    await expectSame(ada, ofAda, ofBob);
    expect(propsOf(ofBob, id)).toMatchObject({ color: 'red' });
  });
});
