import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { when } from '../../client/src/index.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { eventually, within } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { Server } from '../support/server.js';
import { expectFresh, readHistory } from './fresh-load.js';
import { apiOf, People, type Person, reaches, roomOf, shows, showsLast, textsOf } from './people.js';

/** What is not acknowledged in 10 s is taken as lost with its connection; then a new one has to be made. */
const HALF_OPEN_MS = 25_000;

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
  // Not even an idle HTTP connection stays from one test to the next, nor one that a last attempt has just made.
  await eventually('all connections are gone', () => {
    proxy.reset();
    return proxy.connections === 0;
  });
});
afterAll(async () => {
  await proxy.stop();
  await server.remove();
});

/** No connection until the proxy heals. */
async function loseConnection(...lost: Person[]): Promise<void> {
  proxy.refuse();
  proxy.reset();
  await Promise.all(lost.map((person) => reaches(person, 'offline')));
}

async function heal(...lost: Person[]): Promise<void> {
  proxy.heal();
  for (const { sdk } of lost) sdk.retryNow();
  await Promise.all(lost.map((person) => reaches(person, 'live')));
}

const expectSame = ({ sdk, tokens }: Pick<Person, 'sdk' | 'tokens'>, roomId: string): Promise<void> => expectFresh(sdk, apiOf(server.url, { tokens }), roomId);

/** In the room of Ada, who is at the proxy, and Bob, who is not. */
async function adaAndBob() {
  const [ada, bob] = [await people.person('ada'), await people.person('bob', server.url)];
  const [ofAda, ofBob] = await roomOf(ada, bob);
  return { ada, bob, ofAda: ofAda!, ofBob: ofBob!, roomId: ofAda!.id };
}

describe('an outage', () => {
  it('is told by the status, and ends by itself', async () => {
    const { ada } = await adaAndBob();
    await loseConnection(ada);
    proxy.heal();
    await reaches(ada, 'live');
    const [first, ...rest] = ada.statuses;
    expect([first, ...rest.slice(0, 3)]).toEqual(['offline', 'connecting', 'live', 'offline']);
    expect(rest.slice(-2)).toEqual(['connecting', 'live']);
  });

  it('keeps what is written in it, in its order, and sends it once', async () => {
    const { ada, ofAda, ofBob, roomId } = await adaAndBob();
    const { messageId } = await ofAda.send('before');
    await loseConnection(ada);
    const texts = Array.from({ length: 12 }, (_, i) => `offline ${i}`);
    const sent = Promise.all(texts.map((text) => ofAda.send(text)));
    const edited = ofAda.edit(messageId, 'edited');
    expect(textsOf(ofAda)).toEqual(['edited', ...texts]);
    await ofBob.send('meanwhile');
    await heal(ada);
    const acks = await within('all is sent', sent);
    await within('the edit is done', edited);
    await showsLast(ofBob, texts.at(-1)!);
    const history = await readHistory(apiOf(server.url, ada), roomId);
    expect(history.map(({ content }) => content)).toEqual(['edited', 'meanwhile', ...texts]);
    expect(acks.map(({ messageId: id, seq }) => [id, seq])).toEqual(history.slice(2).map(({ id, seq }) => [id, seq]));
    await expectSame(ada, roomId);
  });

  it('may begin before there was ever a connection', async () => {
    const { ada, ofBob, roomId } = await adaAndBob();
    await ada.sdk.close();
    proxy.refuse();
    const reloaded = people.device(proxy.url, { tokens: ada.tokens });
    const connected = reloaded.sdk.connect();
    const room = reloaded.sdk.room(roomId);
    await room.open();
    const sent = room.send('written at once');
    expect(textsOf(room)).toEqual(['written at once']);
    proxy.heal();
    reloaded.sdk.retryNow();
    await within('it is sent', Promise.all([connected, sent]));
    await showsLast(ofBob, 'written at once');
    await shows(room, 'the message', () => textsOf(room).join() === 'written at once');
    await expectSame(reloaded, roomId);
  });

  it('in which one is removed from a room fails what waited for it', async () => {
    const [ada, bob] = [await people.person('ada', server.url), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    await loseConnection(bob);
    const sent = Promise.allSettled([ofBob!.send('one'), ofBob!.send('two')]);
    await apiOf(server.url, ada).delete(`/rooms/${ofAda!.id}/members/${bob.id}`);
    await heal(bob);
    expect(await within('both are refused', sent)).toMatchObject([{ reason: { code: 'ROOM_NOT_FOUND' } }, { reason: { code: 'ROOM_NOT_FOUND' } }]);
    expect(ofBob!.timeline.view.get().items.map(({ content, status }) => [content, status])).toEqual([['one', 'failed'], ['two', 'failed']]);
    expect(bob.sdk.rooms.mine.get()!.map(({ id }) => id)).not.toContain(ofAda!.id);
    expect(await readHistory(apiOf(server.url, ada), ofAda!.id)).toEqual([]);
  });

  it('in which too much is missed to be told ends with a fresh timeline', async () => {
    const { ada, bob, ofAda, ofBob, roomId } = await adaAndBob();
    await ofBob.send('before');
    await showsLast(ofAda, 'before');
    await loseConnection(ada);
    const api = apiOf(server.url, bob);
    const texts = Array.from({ length: 1_040 }, (_, i) => `missed ${i}`);
    await Promise.all(texts.map((content) => api.post(`/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content })));
    await heal(ada);
    expect(ofAda.timeline.view.get()).toMatchObject({ hasBefore: true, hasAfter: false, error: null });
    expect(ofAda.timeline.view.get().items).toHaveLength(50);
    expect(ofAda.state.get()).toMatchObject({ unread: 1_041 });
    await expectSame(ada, roomId);
    await ofBob.send('after');
    await showsLast(ofAda, 'after');
    ofAda.markRead();
    await expectSame(ada, roomId);
  });

  it('during a page of history ends with the page', async () => {
    const { ada, ofAda, ofBob, roomId } = await adaAndBob();
    await Promise.all(Array.from({ length: 120 }, (_, i) => ofBob.send(`message ${i}`)));
    await showsLast(ofAda, 'message 119');
    await ofAda.timeline.jumpTo(1);
    await ofAda.timeline.jumpToNewest();
    proxy.stall();
    const paged = ofAda.timeline.loadBefore();
    expect(ofAda.timeline.view.get().hasBefore).toBe(true);
    proxy.reset();
    await ofBob.send('meanwhile');
    await within('the page is there', paged);
    expect(ofAda.timeline.view.get().items.length).toBeGreaterThan(50);
    await showsLast(ofAda, 'meanwhile');
    await expectSame(ada, roomId);
  });

  it('is over for presence, too', async () => {
    const { ada, bob, ofAda, ofBob } = await adaAndBob();
    await within('both are here', when(ofBob.online, (online) => online.has(ada.id)));
    await loseConnection(ada);
    await within('Ada is gone', when(ofBob.online, (online) => !online.has(ada.id)));
    await bob.sdk.close();
    await heal(ada);
    await within('only Ada is here', when(ofAda.online, (online) => [...online].join() === ada.id));
  });
});

describe('a half-open connection', () => {
  it('is noticed by the ack that does not come, and replaced', async () => {
    const { ada, ofAda, ofBob, roomId } = await adaAndBob();
    proxy.halfOpen();
    const sent = ofAda.send('into the void');
    await ofBob.send('meanwhile');
    await within('it is sent', sent, HALF_OPEN_MS);
    await showsLast(ofBob, 'into the void');
    await showsLast(ofAda, 'into the void');
    expect(textsOf(ofAda)).toEqual(['meanwhile', 'into the void']);
    await expectSame(ada, roomId);
  });

  it('is noticed while it catches up, too', async () => {
    const { ada, ofAda, ofBob } = await adaAndBob();
    await loseConnection(ada);
    // It is welcomed, and then its question for what it has missed goes nowhere.
    const isHalfOpen = proxy.halfOpenOnce('["session"');
    proxy.heal();
    ada.sdk.retryNow();
    await within('a connection is half open', isHalfOpen);
    await ofBob.send('meanwhile');
    expect(ada.sdk.status.get()).toBe('connecting');
    await reaches(ada, 'live', HALF_OPEN_MS);
    await showsLast(ofAda, 'meanwhile');
  });

  it('does not keep the client from closing', async () => {
    const { ada, ofAda } = await adaAndBob();
    proxy.halfOpen();
    void ofAda.send('never mind');
    await within('the client is closed', ada.sdk.close(), 2_000);
    expect(ada.sdk.status.get()).toBe('offline');
  });
});

describe('the server', () => {
  it('that is killed loses nothing, and is found again', async () => {
    const { ada, ofAda, ofBob, bob, roomId } = await adaAndBob();
    const sends = Array.from({ length: 30 }, (_, i) => ofAda.send(`message ${i}`));
    await server.end('SIGKILL');
    sends.push(...Array.from({ length: 10 }, (_, i) => ofAda.send(`later ${i}`)));
    await server.launch();
    const acks = await within('all is sent', Promise.all(sends), 30_000);
    const history = await readHistory(apiOf(server.url, bob), roomId);
    expect(history.map(({ id }) => id)).toEqual(acks.map(({ messageId }) => messageId));
    await showsLast(ofBob, 'later 9', 30_000);
    for (const person of [ada, bob]) await expectSame(person, roomId);
  });

  it('that shuts down is left in peace until it said to come back', async () => {
    const { ada, bob, ofAda, ofBob } = await adaAndBob();
    await ofAda.send('before');
    expect(await server.end('SIGTERM')).toBe(0);
    await Promise.all([ada, bob].map((person) => reaches(person, 'offline')));
    await server.launch();
    await Promise.all([ada, bob].map((person) => reaches(person, 'live', 30_000)));
    await ofBob.send('after');
    await showsLast(ofAda, 'after');
    expect(textsOf(ofAda)).toEqual(['before', 'after']);
  });
});

it('the list of rooms is right after rooms were made, left and renamed in an outage', async () => {
  const { ada, bob, roomId } = await adaAndBob();
  const other = await bob.sdk.rooms.create({ name: 'To be left' });
  await ada.sdk.rooms.join(other.id);
  await loseConnection(ada);
  const api = apiOf(server.url, bob);
  await api.delete(`/rooms/${other.id}`);
  await api.post<MyRoom>('/rooms/direct', { userId: ada.id });
  await apiOf(server.url, ada).patch(`/rooms/${roomId}`, { name: 'Renamed' });
  await heal(ada);
  expect(ada.sdk.rooms.mine.get()!.map(({ name, kind }) => name ?? kind).sort()).toEqual(['Renamed', 'World', 'direct']);
  await expectSame(ada, roomId);
});
