import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { when } from '../../client/src/index.js';
import { execute } from '../support/database.js';
import { eventually, within } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { expectFresh } from './fresh-load.js';
import { apiOf, People, type Person, reaches, roomOf, shows, showsLast, textsOf } from './people.js';

const WORLD_ID = '00000000-0000-7000-8000-000000000001';

let product: Product;
const people = new People(() => product.url);

beforeAll(async () => {
  product = await startProduct();
});
afterEach(() => people.goHome());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const expectSame = ({ sdk, tokens }: Person, ...opened: string[]): Promise<void> => expectFresh(sdk, apiOf(product.url, { tokens }), ...opened);

describe('a conversation', () => {
  it('shows what is said, edited and deleted, to all', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    const { messageId } = await ofAda!.send('hello');
    const reply = await ofBob!.send('hi', { replyTo: messageId });
    await showsLast(ofAda!, 'hi');
    expect(ofAda!.timeline.view.get().items.at(-1)).toMatchObject({ id: reply.messageId, senderId: bob.id, replyTo: messageId });
    await ofAda!.edit(messageId, 'good morning');
    await ofBob!.remove(reply.messageId);
    await shows(ofBob!, 'the edit and the deletion', () => textsOf(ofBob!).join() === ['good morning', null].join());
    for (const person of [ada, bob]) await expectSame(person, ofAda!.id);
  });

  it('says at once what it sends, and that it is on its way', async () => {
    const ada = await people.person('ada');
    const [room] = await roomOf(ada);
    const sent = room!.send('hello');
    const [pending] = room!.timeline.view.get().items;
    expect(pending).toMatchObject({ content: 'hello', status: 'pending' });
    const { messageId, seq } = await sent;
    expect(room!.timeline.view.get().items).toMatchObject([{ id: messageId, seq, key: pending!.key, status: 'sent' }]);
  });

  it('keeps what the server refuses, for the user to repeat or discard', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    await apiOf(product.url, ada).post(`/rooms/${ofAda!.id}/members/${bob.id}/mute`, {});
    await expect(ofBob!.send('let me speak')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const [failed] = ofBob!.timeline.view.get().items;
    expect(failed).toMatchObject({ content: 'let me speak', status: 'failed', error: { code: 'PERMISSION_DENIED' } });
    await apiOf(product.url, ada).post(`/rooms/${ofAda!.id}/members/${bob.id}/mute`, { until: '2020-01-01T00:00:00.000Z' });
    ofBob!.retry(failed!.key);
    await showsLast(ofAda!, 'let me speak');
    await expect(ofBob!.edit((await ofAda!.send('mine')).messageId, 'not mine')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('goes on in the world, where everyone is', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    await Promise.all([ada, bob].map(({ sdk }) => sdk.room(WORLD_ID).open()));
    await ada.sdk.room(WORLD_ID).send('hello, world');
    await showsLast(bob.sdk.room(WORLD_ID), 'hello, world');
    expect(bob.sdk.room(WORLD_ID).state.get()).toMatchObject({ unread: 1 });
    bob.sdk.room(WORLD_ID).markRead();
    await eventually('it is read', async () => (await apiOf(product.url, bob).get<{ unread: number }>(`/rooms/${WORLD_ID}`)).unread === 0);
  });
});

describe('rooms', () => {
  it('of two are the same for both, and appear by themselves', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const ofAda = await ada.sdk.rooms.direct(bob.id);
    expect((await ada.sdk.rooms.direct(bob.id)).id).toBe(ofAda.id);
    await within('the room appears', when(bob.sdk.rooms.mine, (mine) => mine!.some(({ id }) => id === ofAda.id)));
    const ofBob = bob.sdk.room(ofAda.id);
    expect(ofBob.state.get()!.peer).toMatchObject({ id: ada.id });
    await ofBob.open();
    await ofAda.send('psst');
    await showsLast(ofBob, 'psst');
    await expectSame(bob, ofBob.id);
  });

  it('appear when one is added, disappear when one is removed, and come back without a hole', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda] = await roomOf(ada);
    const member = `/rooms/${ofAda!.id}/members/${bob.id}`;
    const api = apiOf(product.url, ada);
    await api.put(member, { role: 'member' });
    const ofBob = bob.sdk.room(ofAda!.id);
    await within('Bob is in', when(ofBob.state, (state) => state !== null));
    await ofBob.open();
    await ofAda!.send('one');
    await showsLast(ofBob, 'one');
    await api.delete(member);
    await within('Bob is out', when(bob.sdk.rooms.mine, (mine) => !mine!.some(({ id }) => id === ofAda!.id)));
    await ofAda!.send('two');
    await api.put(member, { role: 'admin' });
    await ofAda!.send('three');
    await showsLast(ofBob, 'three');
    expect(textsOf(ofBob)).toEqual(['one', 'two', 'three']);
    expect(ofBob.state.get()).toMatchObject({ role: 'admin', unread: 1 });
    for (const person of [ada, bob]) await expectSame(person, ofAda!.id);
  });

  it('tell of changes of themselves and their members', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    await ofBob!.members.loadMore();
    const api = apiOf(product.url, ada);
    await api.patch(`/rooms/${ofAda!.id}`, { name: 'Renamed', isPrivate: true });
    await api.put(`/rooms/${ofAda!.id}/members/${bob.id}`, { role: 'owner' });
    const eve = await people.person('eve');
    await api.put(`/rooms/${ofAda!.id}/members/${eve.id}`, { role: 'member' });
    await within('Bob sees Eve', when(ofBob!.members.view, (view) => view!.items.some(({ user }) => user.id === eve.id)));
    expect(ofBob!.state.get()).toMatchObject({ name: 'Renamed', isPrivate: true, role: 'owner', ownerId: bob.id, memberCount: 3 });
    expect(ofBob!.members.view.get()!.items.map(({ role }) => role)).toEqual(['admin', 'owner', 'member']);
    for (const person of [ada, bob, eve]) await expectSame(person, ofAda!.id);
  });

  it('that one is removed from do not take one in again', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    await apiOf(product.url, ada).delete(`/rooms/${ofAda!.id}/members/${bob.id}`);
    await within('Bob is out', when(ofBob!.state, (state) => state === null));
    await bob.sdk.close();
    const again = bob.sdk.connect();
    await within('Bob is back', again);
    expect(ofBob!.state.get()).toBeNull();
    expect(await apiOf(product.url, ada).get(`/rooms/${ofAda!.id}`)).toMatchObject({ memberCount: 1 });
  });
});

describe('history', () => {
  it('pages up, down and around while others write, edit and delete, and ends as it is', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    const acks = await Promise.all(Array.from({ length: 230 }, (_, i) => ofBob!.send(`message ${i}`)));
    const { timeline } = ofAda!;
    await showsLast(ofAda!, 'message 229');
    const writing = (async () => {
      for (let i = 0; i < 60; i++) {
        const { messageId } = acks[(i * 37) % acks.length]!;
        if (i % 3 === 0) await ofBob!.remove(messageId);
        else if (i % 3 === 1) await ofBob!.edit(messageId, `edited ${i}`).catch(() => undefined); // Deleted before.
        else await ofBob!.send(`more ${i}`);
      }
    })();
    const middle = acks[100]!.seq;
    while (timeline.view.get().hasBefore) await timeline.loadBefore();
    await timeline.jumpTo(1);
    for (let i = 0; i < 3; i++) await timeline.loadAfter();
    await timeline.jumpTo(middle);
    await timeline.jumpToNewest();
    await timeline.jumpTo(middle);
    await timeline.loadBefore();
    await writing;
    await expectSame(ada, ofAda!.id);
    while (timeline.view.get().hasAfter) await timeline.loadAfter();
    await ofBob!.send('the end');
    await showsLast(ofAda!, 'the end');
    await expectSame(ada, ofAda!.id);
  });
});

describe('two devices', () => {
  it('share what is read, in small rooms and in large ones', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const phone = await people.second(bob);
    const [ofAda, ofBob] = await roomOf(ada, bob);
    const onPhone = phone.sdk.room(ofAda!.id);
    const read = async (count: number): Promise<void> => {
      const { seq } = await ofAda!.send('one');
      await ofAda!.send('two');
      await within('both are unread', when(ofBob!.state, (state) => state!.unread === count));
      ofBob!.markRead(seq);
      for (const room of [ofBob!, onPhone]) await within('one is unread', when(room.state, (state) => state!.unread === 1 && state!.lastReadSeq === seq));
      onPhone.markRead();
      for (const room of [ofBob!, onPhone]) await within('nothing is unread', when(room.state, (state) => state!.unread === 0));
    };
    await read(2);
    await crowd(ofAda!.id);
    await read(2);
    for (const person of [bob, phone]) await expectFreshButCount(person, ofAda!.id);
  });

  it('show the same messages, whichever wrote them', async () => {
    const bob = await people.person('bob');
    const phone = await people.second(bob);
    const [ofBob] = await roomOf(bob);
    const onPhone = phone.sdk.room(ofBob!.id);
    await within('the room is on the phone', when(onPhone.state, (state) => state !== null));
    await onPhone.open();
    await onPhone.send('from the phone');
    await showsLast(ofBob!, 'from the phone');
    expect(ofBob!.state.get()).toMatchObject({ unread: 0 });
    expect(ofBob!.timeline.view.get().items[0]).toMatchObject({ senderId: bob.id, status: 'sent' });
  });
});

/** Makes a room too large for read positions to be announced; rows, because a registration costs a password hash. */
async function crowd(roomId: string): Promise<void> {
  await execute(
    product.databaseUrl,
    `WITH crowd AS (
       INSERT INTO users (id, email, email_key, username, username_key, display_name)
       SELECT ('00000000-0000-7000-9000-' || lpad(i::text, 12, '0'))::uuid, i || '@crowd.test', i || '@crowd.test', 'crowd' || i, 'crowd' || i, 'Crowd' FROM generate_series(1, 120) i RETURNING id
     ), joined AS (INSERT INTO room_members (room_id, user_id, role) SELECT '${roomId}', id, 'member' FROM crowd)
     UPDATE rooms SET member_count = member_count + 120 WHERE channel_id = '${roomId}'`,
  );
}

/** The crowd came in without an entry. */
async function expectFreshButCount({ sdk, tokens }: Person, roomId: string): Promise<void> {
  const fresh = await apiOf(product.url, { tokens }).get<Record<string, unknown>>(`/rooms/${roomId}`);
  expect({ ...sdk.room(roomId).state.get(), memberCount: fresh['memberCount'] }).toEqual(fresh);
}

describe('typing and presence', () => {
  it('are shown to the others for as long as they last', async () => {
    const [ada, bob] = [await people.person('ada'), await people.person('bob')];
    const [ofAda, ofBob] = await roomOf(ada, bob);
    await within('Bob is here', when(ofAda!.online, (online) => online.has(bob.id)));
    ofBob!.setTyping(true);
    await within('Bob types', when(ofAda!.typingUsers, (typing) => typing.includes(bob.id)));
    expect(ofBob!.typingUsers.get()).toEqual([]);
    await ofBob!.send('done');
    await within('Bob is done', when(ofAda!.typingUsers, (typing) => typing.length === 0));
    ofBob!.setTyping(true);
    await within('Bob types', when(ofAda!.typingUsers, (typing) => typing.includes(bob.id)));
    await bob.sdk.close();
    await within('Bob is gone', when(ofAda!.online, (online) => !online.has(bob.id)));
    expect(ofAda!.typingUsers.get()).toEqual([]);
  });
});

it('profiles are there for whoever looks', async () => {
  const [ada, bob] = [await people.person('ada'), await people.person('bob')];
  const profile = ada.sdk.users.profile(bob.id);
  await within('the profile is there', when(profile, (known) => known?.username === bob.sdk.auth.user.get()!.username));
});

it('what REST refuses is an AtriumError', async () => {
  const ada = await people.person('ada');
  await expect(ada.sdk.rooms.join(crypto.randomUUID())).rejects.toMatchObject({ name: 'AtriumError', code: 'ROOM_NOT_FOUND', isRetryable: false });
  await expect(ada.sdk.rooms.create({ name: '' })).rejects.toMatchObject({ code: 'INVALID_INPUT', errors: [expect.objectContaining({ path: 'name' })] });
  await reaches(ada, 'live');
});
