import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Crowd, type Person, type TestSocket } from '../support/client.js';
import { letIn, makePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { Random } from '../support/random.js';

let product: Product;
let crowd: Crowd;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const ROUNDS = 10;
let operations = 0;
const codesOf = (acks: { error?: { code: string } | undefined }[]) => acks.map(({ error }) => error?.code);

/** Something that sockets follow, of which the server has nothing in memory yet. */
interface Followed {
  join: [string, object];
  leave: [string, object];
  channelId: string;
  /** Has something happen there, and tells whether the socket heard of it. */
  hears(socket: TestSocket): Promise<boolean>;
}

async function pageOf(ada: Person, ben: Person): Promise<Followed & PageSummary> {
  const page = await makePage(ada);
  await letIn(ada, page, [[ben, 'editor']]);
  const { pageId } = page;
  return {
    ...page,
    channelId: page.id,
    join: ['page-join', { pageId }],
    leave: ['page-leave', { pageId }],
    async hears(socket) {
      const opId = `op-${++operations}`;
      const patches = [{ op: 'add', path: '/note', value: opId }];
      const { version } = (await ada.call<{ version: number }>('PATCH', `/pages/${pageId}`, { body: patches, headers: { 'content-type': 'application/json-patch+json' } })).body;
      await socket.fence();
      return socket.events<{ pageId: string; version: number }>('op-patch', (entry) => entry.pageId === pageId && entry.version === version).length > 0;
    },
  };
}

async function roomOf(ada: Person): Promise<Followed & MyRoom> {
  const room = await ada.post<MyRoom>('/rooms', { name: 'Open' });
  const roomId = room.id;
  return {
    ...room,
    channelId: roomId,
    join: ['room-join', { roomId }],
    leave: ['room-leave', { roomId }],
    async hears(socket) {
      const clientMsgId = `m-${++operations}`;
      await ada.post(`/rooms/${roomId}/messages`, { clientMsgId, content: 'hi' });
      await socket.fence();
      return socket.events<{ clientMsgId: string }>('new-message', (message) => message.clientMsgId === clientMsgId).length > 0;
    },
  };
}

describe.each([
  ['page', pageOf],
  ['room', roomOf],
] as const)('on a %s', (_kind, make) => {
  it('a leave that is sent right behind a join comes behind it', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    for (let round = 0; round < ROUNDS; round++) {
      const followed = await make(ada, ben);
      const socket = await ben.connect();
      expect(codesOf(await Promise.all([socket.emit(...followed.join), socket.emit(...followed.leave)]))).toEqual([undefined, undefined]);
      expect(await followed.hears(socket)).toBe(false);
    }
  });

  it('so does one behind a resume, and a resume behind a leave', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    for (let round = 0; round < ROUNDS; round++) {
      const followed = await make(ada, ben);
      // He is a member, and his next socket knows the channel.
      await (await ben.connect()).ask(...followed.join);
      const resume: [string, object] = ['resume', { positions: [{ channelId: followed.channelId, seq: 0 }] }];
      const [first, second] = [await ben.connect(), await ben.connect()];
      const [resumed] = await Promise.all([first.ask<{ complete?: true }[]>(...resume), first.ask(...followed.leave)]);
      expect(resumed).toMatchObject([{ complete: true }]);
      expect(await followed.hears(first)).toBe(false);
      await second.ask(...followed.join);
      await Promise.all([second.ask(...followed.leave), second.ask(...resume)]);
      expect(await followed.hears(second)).toBe(true);
    }
  });

  it('of any joins, leaves and resumes, sent without waiting, the last one holds', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const random = new Random(Number(process.env['SEED'] ?? 20_260_101));
    const followed = await make(ada, ben);
    const socket = await ben.connect();
    await socket.ask(...followed.join);
    const resume: [string, object] = ['resume', { positions: [{ channelId: followed.channelId, seq: 0 }] }];
    for (let round = 0; round < 3 * ROUNDS; round++) {
      const events = Array.from({ length: 2 + random.below(5) }, () => random.pick([followed.join, followed.leave, resume]));
      expect(codesOf(await Promise.all(events.map((event) => socket.emit(...event)))).filter(Boolean)).toEqual([]);
      expect(await followed.hears(socket), events.map(([name]) => name).join()).toBe(events.at(-1) !== followed.leave);
    }
  });
});

it('a cursor that moves right behind the join, or the resume, is on the page', async () => {
  const [ada, ben] = await crowd.group('ada', 'ben');
  for (let round = 0; round < ROUNDS; round++) {
    const page = await pageOf(ada, ben);
    const move: [string, object] = ['cursor-move', { pageId: page.pageId, x: 1, y: 2 }];
    const [first, second] = [await ben.connect(), await ben.connect()];
    expect(codesOf(await Promise.all([first.emit(...page.join), first.emit(...move)]))).toEqual([undefined, undefined]);
    expect(codesOf(await Promise.all([second.emit('resume', { positions: [{ channelId: page.id, seq: 0 }] }), second.emit(...move)]))).toEqual([undefined, undefined]);
  }
});

it('whoever joins a room may do at once what members may', async () => {
  const [ada, ...others] = await crowd.group('ada', 'ben', 'cem', 'dana');
  for (const person of others) {
    const { id: roomId } = await roomOf(ada);
    const socket = await person.connect();
    const acks = await Promise.all([
      socket.emit('room-join', { roomId }),
      socket.emit('typing', { roomId, on: true }),
      socket.emit('send-message', { roomId, clientMsgId: 'first', content: 'hello' }),
      socket.emit('send-message', { roomId, clientMsgId: 'second', content: 'world' }),
      socket.emit('mark-read', { roomId, seq: 1 }),
    ]);
    expect(codesOf(acks)).toEqual(acks.map(() => undefined));
    const [first, second] = acks.slice(2, 4).map(({ data }) => (data as { seq: number }).seq);
    expect(second).toBe(first! + 1);
  }
});
