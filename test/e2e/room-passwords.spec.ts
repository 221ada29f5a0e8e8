import { afterAll, beforeAll, expect, it } from 'vitest';
import { LIMITS_BY_NAME } from '../../src/platform/rate-limit/rate-limits.js';
import type { Tokens } from '../../src/protocol/auth.js';
import type { Problem } from '../../src/protocol/errors.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Api, PASSWORD, Person, TestSocket } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';

const { roomPassword, roomPasswordByAddress } = LIMITS_BY_NAME;
const OFFICE = '203.0.113.7';
const ELSEWHERE = '203.0.113.8';

let product: Product;
let people = 0;
beforeAll(async () => {
  product = await startProduct({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' });
});
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const from = (address: string) => ({ 'x-forwarded-for': address });
async function person(): Promise<Person> {
  const username = `person${++people}`;
  const { user, accessToken } = await new Api(product.url).post<Tokens>('/auth/register', { email: `${username}@example.org`, username, password: PASSWORD });
  return new Person(product.url, user, accessToken);
}
const makeRoom = (owner: Person) => owner.post<MyRoom>('/rooms', { name: 'Vault', isPrivate: true, password: 'sesame' });
const join = (visitor: Person, { id }: MyRoom, password: string, address: string) => visitor.call<Problem>('POST', `/rooms/${id}/join`, { body: { password }, headers: from(address) });

it('is guessed at from one address some times, by however many accounts, over REST and sockets together', async () => {
  const owner = await person();
  const room = await makeRoom(owner);
  const codes: (string | undefined)[] = [];
  for (let left = roomPasswordByAddress.burst + 4; left > 0; left -= roomPassword.burst / 2) {
    const guesser = await person();
    const socket = await TestSocket.open(product.url, guesser.token, ['websocket'], from(OFFICE));
    for (let n = 0; n < Math.min(left, roomPassword.burst / 2); n++) {
      codes.push(n % 2 ? (await join(guesser, room, 'guess', OFFICE)).body.code : await socket.refusal('room-join', { roomId: room.id, password: 'guess' }));
    }
    socket.close();
  }
  expect(codes.indexOf('RATE_LIMITED')).toBe(roomPasswordByAddress.burst);
  expect(new Set(codes)).toEqual(new Set(['PERMISSION_DENIED', 'RATE_LIMITED']));

  const guest = await person();
  const refused = await join(guest, room, 'sesame', OFFICE);
  expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await join(guest, await makeRoom(owner), 'sesame', OFFICE)).status).toBe(200);
  expect((await join(guest, room, 'sesame', ELSEWHERE)).status).toBe(200);
  // Who is in is not asked.
  expect((await join(guest, room, 'guess', OFFICE)).status).toBe(200);
});

it('costs nothing when it is right', async () => {
  const [owner, guest] = [await person(), await person()];
  const room = await makeRoom(owner);
  for (let n = 0; n < roomPassword.burst + 3; n++) {
    expect((await join(guest, room, 'sesame', '203.0.113.9')).status).toBe(200);
    await guest.post(`/rooms/${room.id}/leave`);
  }
});
