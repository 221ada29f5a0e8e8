/** b. One page that 50 people change at once: as fast as it goes, and at 5,000 patches/s. */

import { closePages, measureRate, openPages, rateColumns, saturate, saturationColumns } from './load.mjs';
import { describePage, LARGE_PAGE, SMALL_PAGE } from './sample-page.mjs';

export const EDITORS = 50;
const IN_FLIGHT = [1, 10];
const OFFERED_PER_SECOND = 5000;

export const hot = {
  key: 'b',
  title: `One page, ${EDITORS} editors: durable ops at saturation, and latency at ${OFFERED_PER_SECOND.toLocaleString('en')} ops/s`,
  servers: ['product', 'sharedb', 'sharedb-stored'],
  columns: { ...saturationColumns, ...pick('ackP50Ms', 'ackP99Ms', 'otherP50Ms', 'otherP99Ms', 'lateP99Ms') },
  cases: ({ isQuick }) =>
    [SMALL_PAGE, LARGE_PAGE].map((components) => ({
      world: { pages: 1, components, sockets: EDITORS },
      params: { components, warmUpSeconds: isQuick ? 1 : 2, seconds: isQuick ? 2 : 4, rateSeconds: isQuick ? 2 : 5 },
    })),

  async measure(context) {
    const { components, rateSeconds } = context.params;
    const pages = await openPages(context, { isComposing: false });
    const rows = [];
    const measureCase = async (name, work) => rows.push({ case: `${describePage(components)}, ${name}`, ...(await work(name)) });
    // ShareDB has one message of a client under way; each of them is one edit here.
    for (const inFlight of context.serverName === 'product' ? IN_FLIGHT : [1]) {
      await measureCase(`${inFlight} in flight an editor`, (name) => saturate(context, name, pages, { ...context.params, inFlight }));
    }
    if (context.serverName === 'product') {
      const rate = { perSecond: OFFERED_PER_SECOND, seconds: rateSeconds };
      await measureCase(`${OFFERED_PER_SECOND.toLocaleString('en')} ops/s offered`, (name) => measureRate(context, name, pages, rate));
    }
    closePages(pages);
    return rows;
  },
};

function pick(...names) {
  return Object.fromEntries(names.map((name) => [name, rateColumns[name]]));
}
