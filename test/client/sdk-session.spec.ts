import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { memoryTokens, type StoredTokens, when } from '../../client/src/index.js';
import type { SessionList } from '../../src/protocol/auth.js';
import { PASSWORD } from '../support/client.js';
import { eventually, within } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { type Product, startProduct } from '../support/product.js';
import { apiOf, People, type Person, reaches, roomOf, showsLast } from './people.js';

/** So short that the server asks for a fresh token as soon as it sees the old one. */
const TTL_SECONDS = 3;

let product: Product;
let proxy: FaultyProxy;
const people = new People(() => product.url);

beforeAll(async () => {
  product = await startProduct({ ACCESS_TOKEN_TTL: `${TTL_SECONDS}s` });
  proxy = await FaultyProxy.start(Number(new URL(product.url).port));
});
afterEach(async () => {
  proxy.heal();
  await people.goHome();
});
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await proxy.stop();
  await product.stop();
});

const kept = ({ tokens }: Pick<Person, 'tokens'>): StoredTokens => tokens.load()!;
const hasExpired = ({ accessToken }: StoredTokens): boolean => Date.now() / 1000 > (JSON.parse(atob(accessToken.split('.')[1]!)) as { exp: number }).exp;

describe('a token that ends', () => {
  it('is replaced, and the connection goes on', async () => {
    const ada = await people.person('ada');
    const [room] = await roomOf(ada);
    const first = kept(ada);
    await eventually('the first token has expired, and its second successor is here', () => hasExpired(first) && kept(ada).accessToken !== first.accessToken);
    const second = kept(ada);
    await eventually('so has the second', () => hasExpired(second));
    await room!.send('still here');
    expect(await ada.sdk.api.listMine()).not.toEqual([]);
    expect(ada.statuses).toEqual(['offline', 'connecting', 'live']);
  });

  it('in an outage is replaced after it, and nobody is signed out', async () => {
    const ada = await people.person('ada', proxy.url);
    const [room] = await roomOf(ada);
    proxy.refuse();
    proxy.reset();
    await reaches(ada, 'offline');
    const sent = room!.send('said in the dark');
    const last = kept(ada);
    await eventually('the token has expired', () => hasExpired(last));
    proxy.heal();
    ada.sdk.retryNow();
    await within('it is sent', sent);
    expect(ada.sdk.auth.user.get()).not.toBeNull();
    await reaches(ada, 'live');
  });

  it('may have been replaced by a refresh whose answer was lost', async () => {
    const ada = await people.person('ada');
    const { refreshToken } = kept(ada);
    await ada.sdk.close();
    const storage = memoryTokens();
    storage.save({ ...kept(ada), refreshToken });
    const again = people.device(product.url, { tokens: storage });
    // The server has carried it out; the client never heard of it, and asks again with the same token.
    await apiOf(product.url, { tokens: storage }).post('/auth/refresh', { refreshToken });
    expect(await again.sdk.auth.renew()).not.toBeNull();
    await within('the client is live', again.sdk.connect());
    expect(again.sdk.auth.user.get()).not.toBeNull();
  });
});

describe('the sign-in', () => {
  it('is remembered by the next client on this device', async () => {
    const ada = await people.person('ada');
    const [room] = await roomOf(ada);
    await ada.sdk.close();
    const again = people.device(product.url, { tokens: ada.tokens });
    await within('the client is live', again.sdk.connect());
    expect(again.sdk.rooms.mine.get()!.map(({ id }) => id)).toContain(room!.id);
  });

  it('ends with the connection when one signs out, and leaves nothing to see', async () => {
    const ada = await people.person('ada');
    const [room] = await roomOf(ada);
    await room!.send('mine');
    const { refreshToken } = kept(ada);
    await ada.sdk.auth.logout();
    await reaches(ada, 'offline');
    expect([ada.sdk.auth.user.get(), ada.sdk.rooms.mine.get(), ada.tokens.load()]).toEqual([null, null, null]);
    expect(ada.sdk.room(room!.id).timeline.view.get().items).toEqual([]);
    expect(await apiOf(product.url, await people.person('eve')).refusal('POST', '/auth/refresh', { refreshToken })).toBe('UNAUTHENTICATED');
    await expect(ada.sdk.room(room!.id).send('anonymous')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('ends when the session is revoked elsewhere', async () => {
    const ada = await people.person('ada');
    const phone = await people.second(ada);
    const [session] = (await apiOf(product.url, ada).get<SessionList>('/auth/sessions')).items.filter(({ current }) => !current);
    await apiOf(product.url, ada).delete(`/auth/sessions/${session!.id}`);
    await within('the phone is signed out', when(phone.sdk.auth.user, (user) => user === null));
    await reaches(phone, 'offline');
    expect(phone.sdk.rooms.mine.get()).toBeNull();
    expect(ada.sdk.status.get()).toBe('live');
  });

  it('ends when it was revoked while the device was away', async () => {
    const ada = await people.person('ada');
    const phone = await people.second(ada, proxy.url);
    proxy.refuse();
    proxy.reset();
    await reaches(phone, 'offline');
    await ada.sdk.auth.logoutEverywhere();
    proxy.heal();
    phone.sdk.retryNow();
    await within('the phone is signed out', when(phone.sdk.auth.user, (user) => user === null));
  });

  it('of somebody else shows nothing of who was here before', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [room] = await roomOf(ada);
    await room!.send('secret');
    const login = bob.sdk.auth.user.get()!.username;
    await ada.sdk.auth.login({ login, password: PASSWORD });
    expect(ada.sdk.rooms.mine.get()).toBeNull();
    await within('Bob is live here', ada.sdk.connect());
    expect(ada.sdk.rooms.mine.get()!.map(({ id }) => id)).not.toContain(room!.id);
    const [ofBob] = await roomOf(ada);
    await ofBob!.send('I am Bob');
    await within('Bob sees it on his own device', when(bob.sdk.rooms.mine, (mine) => mine!.some(({ lastMessage }) => lastMessage?.content === 'I am Bob')));
  });

  it('that ends in the midst of connecting ends that, too, and another can begin', async () => {
    const ada = await people.person('ada', proxy.url);
    proxy.halfOpen();
    proxy.refuse();
    const { username } = ada.sdk.auth.user.get()!;
    proxy.close();
    await reaches(ada, 'offline');
    ada.sdk.retryNow();
    ada.sdk.auth.logout().catch(() => undefined); // Nobody can be told.
    await reaches(ada, 'offline');
    proxy.heal();
    await ada.sdk.auth.login({ login: username, password: PASSWORD });
    await within('Ada is live again', ada.sdk.connect());
    const [room] = await roomOf(ada);
    await room!.send('again');
    await showsLast(room!, 'again');
  });
});

describe('storage that never answers', () => {
  const never = new Promise<never>(() => undefined);
  const hanging = { list: () => never, put: () => never, remove: () => never };

  it('does not keep anybody from connecting, writing a message or editing a page', async () => {
    const { sdk } = people.device(product.url, { outbox: hanging, edits: hanging, tokens: { ...memoryTokens(), exclusively: () => never } });
    const username = `patient-${Date.now()}`;
    await sdk.auth.register({ email: `${username}@example.org`, username, password: PASSWORD });
    await within('it connects', sdk.connect());
    const { id } = await sdk.rooms.create({ name: 'Room' });
    expect(await within('a message is stored', sdk.room(id).send('sent'))).toMatchObject({ seq: expect.any(Number) as number });
    const { pageId, schema } = await sdk.pages.create({ title: 'Page' });
    const page = sdk.page(pageId);
    await within('the page opens', page.open());
    page.rename(schema.rootId, 'edited');
    await within('the edit is stored', page.flush());
    expect(page.saved.get()).toBe('saved');
    expect((await sdk.pages.get(pageId)).schema).toMatchObject({ components: { [String(schema.rootId)]: { name: 'edited' } } });
    // The first token has ended by then; the turn for its successor never comes.
    await eventually('a token is refreshed', async () => (await sdk.auth.renew()) !== null);
  });
});
