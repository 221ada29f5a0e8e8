/** What the product is to reach, and where each aim is read: `[scenario, case, figure]`. */

import { caseName } from './editors.mjs';
import { describePage, LARGE_PAGE, SMALL_PAGE } from './sample-page.mjs';

const large = describePage(LARGE_PAGE);
const small = describePage(SMALL_PAGE);

export const AIMS = [
  { aim: 'patches/s applied to a large page, with inverse and invariants', unit: '/s', digits: 0, atLeast: 200_000, at: ['a', 'edits as people make them', 'opsPerSecond'] },
  { aim: 'durable ops/s on one large page', unit: '/s', digits: 0, atLeast: 5000, at: ['b', `${large}, 10 in flight an editor`, 'opsPerSecond'] },
  { aim: 'durable ops/s on one small page', unit: '/s', digits: 0, atLeast: 5000, at: ['b', `${small}, 10 in flight an editor`, 'opsPerSecond'] },
  { aim: 'p99 op → other editor at 5,000 ops/s on one large page', unit: 'ms', digits: 2, atMost: 25, at: ['b', `${large}, 5,000 ops/s offered`, 'otherP99Ms'] },
  { aim: 'durable ops/s over 500 pages', unit: '/s', digits: 0, atLeast: 20_000, at: ['c', '10 in flight an editor', 'opsPerSecond'] },
  { aim: 'times less CPU an op than the yardstick, 50 editors at 20 ops/s', unit: '×', digits: 1, atLeast: 5, isRatio: true, at: ['d', caseName(SMALL_PAGE, 20), 'totalMicros'] },
];
