/** d. 50 people on one page, each at 20 and at 60 ops/s, as their clients send them; afterwards the pages are compared. */

import { closePages, measureRate, openPages, rateColumns, saturate } from './load.mjs';
import { EDITORS } from './hot.mjs';
import { replayProblems } from './replay.mjs';
import { describePage, LARGE_PAGE, SMALL_PAGE } from './sample-page.mjs';

const RATES = [20, 60];

export const caseName = (components, rate) => `${describePage(components)}, ${rate} ops/s each`;

export const manyEditors = {
  key: 'd',
  title: `${EDITORS} editors and one who watches on one page (Poisson arrivals, open loop, from the planned time)`,
  servers: ['product', 'sharedb', 'sharedb-stored'],
  columns: rateColumns,
  // ShareDB copies the page with every op: a large one it cannot keep up with at any of these rates (see b).
  cases: ({ isQuick, serverName }) =>
    (serverName === 'product' ? [SMALL_PAGE, LARGE_PAGE] : [SMALL_PAGE]).map((components) => ({
      world: { pages: 1, components, sockets: EDITORS + 1 },
      params: { components, seconds: isQuick ? 3 : 8, warmUp: { inFlight: 1, warmUpSeconds: 0, seconds: isQuick ? 1 : 2 } },
    })),

  async measure(context) {
    const { components, seconds, warmUp } = context.params;
    const pages = await openPages(context, { editing: EDITORS });
    const [watcher] = pages[0].watchers;
    watcher.record = [];
    // Code that has not run yet is slow: a short burst first, as any server that is up has had.
    await saturate(context, 'warm-up', pages, warmUp);
    const rows = [];
    for (const rate of RATES) {
      const name = caseName(components, rate);
      rows.push({ case: name, ...(await measureRate(context, name, pages, { perSecond: EDITORS * rate, seconds })) });
    }
    const hasCaughtUp = rows.every(({ figures }) => figures.unansweredPercent === 0);
    if (hasCaughtUp) rows.at(-1).problems.push(...(await replayProblems(context, watcher.record)));
    closePages(pages);
    return rows;
  },
};
