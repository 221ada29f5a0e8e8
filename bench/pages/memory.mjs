/** g. What an open page holds: resident memory of the server with many large pages open, above that with one. */

import { residentAfterCollection } from '../lib/measure/memory.mjs';
import { inParallel } from '../lib/measure/stats.mjs';
import { SocketClient } from '../lib/wire/socket-client.mjs';
import { describePage, LARGE_PAGE } from './sample-page.mjs';

const CONNECTS_IN_FLIGHT = 8;

export const memory = {
  key: 'g',
  title: `Memory of an open page of ${describePage(LARGE_PAGE)} (600 KB), its encoded text included`,
  servers: ['product'],
  nodeOptions: ['--inspect=127.0.0.1:0'],
  columns: { kilobytesPerPage: { label: 'KB/page after a full GC', digits: 0 } },
  cases: ({ isQuick }) => [{ world: { pages: isQuick ? 20 : 100, components: LARGE_PAGE, sockets: 1, isCold: true }, params: {} }],

  async measure(context) {
    const [first, ...others] = context.world.pages;
    const clients = [await join(context, first)];
    const before = await residentAfterCollection(context);
    clients.push(...(await inParallel(others.length, CONNECTS_IN_FLIGHT, (i) => join(context, others[i]))));
    const after = await residentAfterCollection(context);
    const problems = [...new Set(clients.map(({ problem }) => problem).filter(Boolean))].slice(0, 3);
    for (const client of clients) client.close();
    const kilobytesPerPage = (after - before) / 1024 / others.length;
    context.progress(`${others.length} pages: ${kilobytesPerPage.toFixed(0)} KB each`);
    return [{ case: `${others.length + 1} pages`, figures: { kilobytesPerPage }, problems }];
  },
};

async function join(context, { id, tokens }) {
  const client = await SocketClient.connect(context.port, tokens[0], 'op-patch');
  await client.requestBytes('page-join', { pageId: id, sync: false });
  return client;
}
