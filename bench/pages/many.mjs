/** c. Many pages at once, each with somebody who edits and somebody who watches. */

import { closePages, openPages, saturate, saturationColumns } from './load.mjs';
import { describePage, SMALL_PAGE } from './sample-page.mjs';

const PAGES = 500;
const IN_FLIGHT = 10;

export const manyPages = {
  key: 'c',
  title: `Durable ops over ${PAGES} pages of ${describePage(SMALL_PAGE)} (an editor and a watcher each)`,
  servers: ['product', 'sharedb', 'sharedb-stored'],
  columns: saturationColumns,
  cases: ({ isQuick, serverName }) => [
    {
      world: { pages: isQuick ? PAGES / 5 : PAGES, components: SMALL_PAGE, sockets: 2 },
      params: { inFlight: serverName === 'product' ? [1, IN_FLIGHT] : [1], warmUpSeconds: isQuick ? 1 : 2, seconds: isQuick ? 2 : 5 },
    },
  ],

  async measure(context) {
    const pages = await openPages(context, { editing: 1, isComposing: false });
    const rows = [];
    for (const inFlight of context.params.inFlight) {
      const name = `${inFlight} in flight an editor`;
      rows.push({ case: name, ...(await saturate(context, name, pages, { ...context.params, inFlight })) });
    }
    closePages(pages);
    return rows;
  },
};
