/**
 * What others feel: two people who chat and edit, and a visitor, at an address of their own. Everything is planned beforehand and timed
 * from when it should have begun, so that a server that stalls cannot hide it. Answers `{kind: {count, errors, latencies}}`.
 */

import { Client } from './wire.mjs';

const JSON_PATCH = 'application/json-patch+json';

/** What is done, and how often. */
function plans({ client, ada, socket, roomId, pageId }) {
  const isFine = ({ status }) => status >= 200 && status < 300;
  return {
    send: { everyMs: 50, act: async (n) => (await socket.ask('send-message', { roomId, clientMsgId: `${process.pid}-${n}`, content: `Message ${n}` })).error === undefined },
    history: { everyMs: 100, act: async () => isFine(await client.call('GET', `/rooms/${roomId}/messages?limit=50`, { token: ada.token })) },
    edit: { everyMs: 100, act: async (n) => isFine(await client.call('PATCH', `/pages/${pageId}`, { token: ada.token, body: [{ op: 'add', path: '/components/root/props/n', value: n }], type: JSON_PATCH })) },
    visit: { everyMs: 200, act: async () => isFine(await client.call('GET', '/')) },
  };
}

async function measure(context, seconds) {
  const startedAt = performance.now();
  const measured = {};
  await Promise.all(
    Object.entries(plans(context)).map(async ([kind, { everyMs, act }]) => {
      const result = (measured[kind] = { count: 0, errors: 0, latencies: [] });
      const underWay = [];
      for (let n = 0; n * everyMs < seconds * 1_000; n++) {
        const dueAt = startedAt + n * everyMs;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
        const done = act(`${startedAt}-${n}`).then(
          (isFine) => {
            result.latencies.push(performance.now() - dueAt);
            if (!isFine) result.errors += 1;
          },
          () => (result.errors += 1),
        );
        result.count += 1;
        underWay.push(done);
      }
      await Promise.all(underWay);
    }),
  );
  return measured;
}

async function enter({ port, password }) {
  const client = new Client(port, '127.0.0.1');
  const ada = await client.signIn('prober-ada', password);
  const { body: room } = await client.call('POST', '/rooms', { token: ada.token, body: { name: 'Quiet' } });
  const { body: page } = await client.call('POST', '/pages', { token: ada.token, body: { schema: { rootId: 'root', components: { root: { type: 'Page', props: {} } } } } });
  const socket = await client.socket(ada.token);
  await socket.ask('room-join', { roomId: room.id });
  return { client, ada, socket, roomId: room.id, pageId: page.pageId };
}

let entered;
process.on('message', async (order) => {
  try {
    entered ??= await enter(order);
    process.send({ measured: order.seconds ? await measure(entered, order.seconds) : {} });
  } catch (error) {
    process.send({ failure: String(error.message) });
  }
});
process.on('disconnect', () => process.exit(0));
