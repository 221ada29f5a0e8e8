/** What one ordinary account can try; `me` is it, `others` are accomplices. */

import { sleep } from '../../lib/measure/stats.mjs';
import { inLoops } from './loops.mjs';

const JSON_PATCH = 'application/json-patch+json';
const TEXT = 'x'.repeat(4_800_000);
const LONG_MESSAGE = '\u{1f98a}'.repeat(16_000);

const component = (props, children) => ({ type: 'Box', props, ...(children && { children }) });

async function makePage({ client, me }, components = { r: component({}) }) {
  const { body } = await client.call('POST', '/pages', { token: me.token, body: { schema: { rootId: 'r', components } } });
  return body.pageId;
}

/** A page with `count` children of the root. */
function wide(count) {
  const ids = Array.from({ length: count }, (_, i) => `c${i}`);
  return { r: component({}, ids), ...Object.fromEntries(ids.map((id) => [id, component({ text: id })])) };
}

const patch = (context, pageId, operations, version) =>
  context.client.call('PATCH', `/pages/${pageId}`, { token: context.me.token, body: operations, type: JSON_PATCH, headers: version === undefined ? {} : { 'if-match': `"${version}"` } });

export const ACCOUNTS = [
  {
    name: 'pages of 4.8 MB, replaced',
    spends: '4 × PUT /pages at a time',
    run: async (context) => {
      const pageId = await makePage(context);
      await inLoops(4, context.isOver, (lane, round) => context.client.call('PUT', `/pages/${pageId}`, { token: context.me.token, body: { schema: { rootId: 'r', components: { r: component({ lane, round, text: TEXT }) } } } }));
    },
  },
  {
    name: 'pages of 4.8 MB, all open at once',
    spends: '4 × POST /pages and PATCH at a time',
    run: async (context) =>
      inLoops(4, context.isOver, async () => {
        const pageId = await makePage(context, { r: component({ text: TEXT }) });
        return patch(context, pageId, [{ op: 'add', path: '/components/r/props/n', value: 1 }]);
      }),
  },
  {
    name: 'a value of 4.8 MB, moved 40 times by one patch',
    spends: '4 × PATCH at a time',
    run: async (context) => {
      const pageId = await makePage(context, { r: component({ a: { text: TEXT } }) });
      const moves = Array.from({ length: 40 }, (_, i) => ({ op: 'move', from: `/components/r/props/${i % 2 ? 'b' : 'a'}`, path: `/components/r/props/${i % 2 ? 'a' : 'b'}` }));
      await inLoops(4, context.isOver, () => patch(context, pageId, moves));
    },
  },
  {
    name: 'a value of 4.8 MB, compared 200 times by one patch',
    spends: '4 × PATCH at a time',
    run: async (context) => {
      const list = Array.from({ length: 20_000 }, (_, i) => i);
      const pageId = await makePage(context, { r: component({ list, same: list }) });
      const tests = Array.from({ length: 200 }, () => ({ op: 'copy', from: '/components/r/props/list', path: '/components/r/props/same' }));
      await inLoops(4, context.isOver, () => patch(context, pageId, tests));
    },
  },
  {
    name: '1,000 moves that are 200 versions behind',
    spends: '4 × PATCH at a time',
    run: async (context) => {
      const pageId = await makePage(context, wide(300));
      for (let i = 0; i < 200; i++) await patch(context, pageId, [{ op: 'move', from: `/components/r/children/${i % 300}`, path: `/components/r/children/${(i * 7) % 300}` }]);
      const moves = Array.from({ length: 1_000 }, (_, i) => ({ op: 'move', from: `/components/r/children/${i % 300}`, path: `/components/r/children/${(i * 13) % 300}` }));
      await inLoops(4, context.isOver, () => patch(context, pageId, moves, 0));
    },
  },
  {
    name: 'previews, differences and copies of a large page',
    spends: '8 requests at a time',
    run: async (context) => {
      const pageId = await makePage(context, wide(5_000));
      await patch(context, pageId, [{ op: 'replace', path: '/components/c1/props/text', value: 'y'.repeat(100_000) }]);
      const asked = [['GET', `/pages/${pageId}/preview`], ['GET', `/pages/${pageId}/diff?from=0&to=1`], ['POST', `/pages/${pageId}/duplicate`], ['GET', `/pages/${pageId}/versions/0`], ['GET', `/pages/${pageId}`]];
      await inLoops(8, context.isOver, (lane) => context.client.call(...asked[lane % asked.length], { token: context.me.token }));
    },
  },
  {
    name: 'long histories, not read',
    spends: '40 connections that ask and do not read',
    run: async (context) => {
      const { body: room } = await context.client.call('POST', '/rooms', { token: context.me.token, body: { name: 'Long' } });
      for (let i = 0; i < 40; i++) await context.client.call('POST', `/rooms/${room.id}/messages`, { token: context.me.token, body: { clientMsgId: `m${i}`, content: LONG_MESSAGE } });
      const ask = `GET /api/v1/rooms/${room.id}/messages?limit=200 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${context.me.token}\r\n\r\n`;
      const sockets = Array.from({ length: 40 }, () => context.client.say(ask.repeat(20)).pause());
      while (!context.isOver()) await sleep(100);
      for (const socket of sockets) socket.destroy();
    },
  },
  {
    name: 'reads',
    spends: '200 × GET at a time',
    run: async (context) => inLoops(200, context.isOver, (lane) => context.client.call('GET', ['/rooms', '/pages', '/rooms/discover', '/rooms/world/members', '/rooms/world/messages'][lane % 5], { token: context.me.token })),
  },
  {
    name: 'searches for people',
    spends: '200 × GET /users?q= at a time',
    run: async (context) => inLoops(200, context.isOver, (lane, round) => context.client.call('GET', `/users?q=${'abcdefghij'[lane % 10]}${round % 7}`, { token: context.me.token })),
  },
  {
    name: 'events that are not valid, as fast as they go',
    spends: '4 sockets',
    run: async (context) => {
      const flood = JSON.stringify(['send-message', { roomId: 'nonsense' }]);
      await inLoops(4, context.isOver, async () => {
        const socket = await context.client.socket(context.me.token).catch(() => undefined);
        while (socket?.isOpen && !context.isOver()) {
          for (let i = 0; i < 500 && socket.backlog < 1_000_000; i++) socket.say(`42${i}${flood}`);
          await sleep(1);
        }
        socket?.close();
        await sleep(100);
      });
    },
  },
  {
    name: 'events of 1 MB',
    spends: '4 sockets',
    run: async (context) => {
      const large = `421${JSON.stringify(['send-message', { roomId: 'world', clientMsgId: 'x', content: 'x'.repeat(1_000_000) }])}`;
      await inLoops(4, context.isOver, async () => {
        const socket = await context.client.socket(context.me.token).catch(() => undefined);
        while (socket?.isOpen && !context.isOver()) {
          for (let i = 0; i < 10 && socket.backlog < 10_000_000; i++) socket.say(large);
          await sleep(5);
        }
        socket?.close();
        await sleep(100);
      });
    },
  },
  {
    name: 'joins and resumes of many channels',
    spends: '8 sockets, each 1,000 events at a time',
    run: async (context) => {
      const positions = Array.from({ length: 1_000 }, () => ({ channelId: crypto.randomUUID(), seq: 0 }));
      await inLoops(8, context.isOver, async () => {
        const socket = await context.client.socket(context.me.token).catch(() => undefined);
        if (!socket) return sleep(200);
        while (socket.isOpen && !context.isOver()) {
          await Promise.all([socket.ask('resume', { positions }), ...Array.from({ length: 200 }, () => socket.ask('room-join', { roomId: crypto.randomUUID() }))]);
          await sleep(10);
        }
        socket.close();
      });
    },
  },
  {
    name: 'sockets that do not read',
    spends: '80 sockets in a room, and messages of 16,000 characters',
    run: async (context) => {
      const sockets = [];
      for (let i = 0; i < 80; i++) {
        const socket = await context.client.socket(context.me.token).catch(() => undefined);
        if (!socket) continue;
        await socket.ask('room-join', { roomId: 'world' });
        socket.pause();
        sockets.push(socket);
      }
      const writer = await context.client.socket(context.others[0].token);
      await writer.ask('room-join', { roomId: 'world' });
      for (let i = 0; !context.isOver(); i++) {
        const { error } = await writer.ask('send-message', { roomId: 'world', clientMsgId: `flood ${i}`, content: LONG_MESSAGE });
        if (error) await sleep(error.retryAfterMs ?? 100);
      }
      for (const socket of [...sockets, writer]) socket.close();
    },
  },
];
