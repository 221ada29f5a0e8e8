import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { memoryRooms, memoryTokens, type RoomStorage, when } from '../../client/src/index.js';
import { eventually, within } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { expectFresh } from './fresh-load.js';
import { apiOf, People, roomOf, shows, textsOf } from './people.js';

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

/** Ada's device after it was closed: what it has kept of a room with Ben, who is still there. */
async function closedDevice(texts: string[]) {
  const ben = await people.person('ben');
  const first = await people.person('ada');
  const [benRoom] = await roomOf(ben, first);
  const kept = memoryRooms();
  const tokens = memoryTokens();
  tokens.save(first.tokens.load());
  const device = people.device(product.url, { tokens, kept });
  await within('the device is live', device.sdk.connect());
  const room = device.sdk.room(benRoom!.id);
  await room.open();
  await within('the name is known', when(device.sdk.users.profile(ben.id), (profile) => profile !== null));
  for (const text of texts) await benRoom!.send(text);
  await shows(room, 'all of it', ({ items }) => items.length === texts.length);
  await eventually('it is kept', async () => (await windowOf(kept, first.id, room.id))?.length === texts.length);
  await device.sdk.close();
  return { ben, benRoom: benRoom!, kept, tokens, id: first.id };
}

const windowOf = async (kept: RoomStorage, userId: string, roomId: string) => (await kept.list(userId)).find(({ state }) => state.id === roomId)?.window?.messages.map(({ content }) => content);

describe('what a device has kept', () => {
  it('is shown before there is a connection: the list, the messages, and who wrote them', async () => {
    const { ben, benRoom, kept, tokens } = await closedDevice(['One', 'Two']);
    const { sdk } = people.device('http://127.0.0.1:9', { tokens, kept });
    await eventually('the list is there', () => sdk.rooms.mine.get()?.some(({ id }) => id === benRoom.id) === true);
    const room = sdk.room(benRoom.id);
    expect(textsOf(room)).toEqual(['One', 'Two']);
    expect(room.state.get()).toMatchObject({ lastMessage: { content: 'Two' }, unread: 2 });
    expect(sdk.users.profile(ben.id).get()).toMatchObject({ id: ben.id });
  });

  it('is brought up to date by what was missed: new, edited and erased messages, without reading the history again', async () => {
    const { benRoom, kept, tokens, id } = await closedDevice(['One', 'Two', 'Three']);
    const [one, two] = benRoom.timeline.view.get().items;
    await benRoom.edit(one!.id, 'One, edited');
    await benRoom.remove(two!.id);
    await benRoom.send('Four');
    const { sdk } = people.device(product.url, { tokens, kept });
    const history = vi.spyOn(sdk.api, 'history');
    await within('it is live', sdk.connect());
    const room = sdk.room(benRoom.id);
    await room.open();
    expect(textsOf(room)).toEqual(['One, edited', null, 'Three', 'Four']);
    expect(history).not.toHaveBeenCalled();
    await expectFresh(sdk, apiOf(product.url, { tokens }), room.id);
    await eventually('the storage follows', async () => JSON.stringify(await windowOf(kept, id, benRoom.id)) === JSON.stringify(textsOf(room)));
  });

  it('loses what was erased as soon as the device hears of it', async () => {
    const { benRoom, kept, tokens, id } = await closedDevice(['Keep', 'Secret']);
    const { sdk } = people.device(product.url, { tokens, kept });
    await within('it is live', sdk.connect());
    await benRoom.remove(benRoom.timeline.view.get().items.find(({ content }) => content === 'Secret')!.id);
    await eventually('it is erased', async () => !JSON.stringify(await kept.list(id)).includes('Secret'));
  });

  it('is gone with the room, and with the sign-in', async () => {
    const { ben, benRoom, kept, tokens, id } = await closedDevice(['One']);
    await ben.sdk.rest.DELETE('/api/v1/rooms/{id}/members/{userId}', { params: { path: { id: benRoom.id, userId: id } } });
    const { sdk } = people.device(product.url, { tokens, kept });
    await within('it is live', sdk.connect());
    await eventually('the room is gone', () => sdk.rooms.mine.get()?.every((room) => room.id !== benRoom.id) === true);
    await eventually('from the storage, too', async () => (await kept.list(id)).every(({ state }) => state.id !== benRoom.id));
    expect((await kept.list(id)).length).toBeGreaterThan(0);
    await sdk.auth.logout();
    await eventually('everything is gone', async () => (await kept.list(id)).length === 0);
  });
});
