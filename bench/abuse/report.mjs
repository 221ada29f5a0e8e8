/** From what the people felt to a table. */

import { Samples } from '../lib/measure/stats.mjs';

const BEARABLE_MS = 250;

/** All that was done, together; and the p99 of each kind. */
export function summarize(measured) {
  const all = new Samples();
  const kinds = {};
  for (const [kind, { latencies }] of Object.entries(measured)) {
    const own = new Samples();
    for (const latency of latencies) {
      all.add(latency);
      own.add(latency);
    }
    [kinds[kind]] = own.percentiles(99);
  }
  const [p50Ms, p99Ms, maxMs] = all.percentiles(50, 99, 100);
  const sum = (field) => Object.values(measured).reduce((total, each) => total + each[field], 0);
  return { count: sum('count'), errors: sum('errors'), p50Ms, p99Ms, maxMs, kinds };
}

/** Nobody is refused, and nobody waits longer than a moment, or than twice as long as without the attack. */
export function isBearable({ errors, p99Ms, ended }, quiet) {
  return errors === 0 && p99Ms <= Math.max(BEARABLE_MS, 2 * quiet.p99Ms) && !ended.startsWith('THE SERVER');
}

const ms = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const mb = (bytes) => `${Math.round(bytes / 1_048_576)}`;

export function toMarkdown({ machine, seconds, quiet, rows }) {
  const line = (row, mark) => `| ${mark} | ${row.name} | ${row.spends} | ${ms(row.p50Ms)} | ${ms(row.p99Ms)} | ${ms(row.maxMs)} | ${row.errors} of ${row.count} | ${row.memory ? `${mb(row.memory.before)} → ${mb(row.memory.after)}` : ''} | ${row.ended} |`;
  return [
    '# Under attack',
    '',
    `\`npm run abuse\` on ${machine.date.slice(0, 10)} at ${machine.commit}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}; load before ${machine.loadAverage.join(', ')}.`,
    `The product as it ships, rate limits on. Each attack lasts ${seconds} s, from one address and at the lowest priority of the same machine; meanwhile`,
    'people at another address chat, read, edit a page and open the web app. What they feel, in milliseconds from when each request was due:',
    '',
    '| | attack | the attacker spends | p50 | p99 | max | refused or failed | memory, MB | ended |',
    '|---|---|---|---|---|---|---|---|---|',
    line(quiet, ''),
    ...rows.map((row) => line(row, isBearable(row, quiet) ? '✓' : '✗')),
    '',
  ].join('\n');
}
