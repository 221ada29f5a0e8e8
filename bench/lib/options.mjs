/** The command line of `npm run bench`. */

import { parseArgs } from 'node:util';
import { loadSuite, SUITE_NAMES } from './suites.mjs';

export const USAGE = `npm run bench -- chat [options]      measure chat against plain Socket.IO
npm run bench -- pages [options]     measure live editing of pages against ShareDB
npm run bench -- selftest            measure the load generator itself

  --only a,b        these scenarios only
                    chat: a sends, b deliveries, c latency, d ingest, e idle sockets, f history, g resume, h login
                    pages: a apply, b hot page, c many pages, d editors, e opening, f storage, g memory
  --servers NAMES   these servers only (chat: product, yardstick;
                    pages: product, sharedb, sharedb-stored, fast-json-patch)
  --runs N          interleaved runs, of which medians are reported (default 3)
  --quick           one run, short windows, smaller worlds: for development, not for results
  --profile         profile the server's CPU in each measured window; tables are printed, files go to a temporary folder
  --no-build        measure dist/ as it is
  --save            write bench/results although not everything was measured`;

/** Parsed options, `suite` among them (null for the self-test); throws an error with the usage when they make no sense. */
export async function readOptions(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      servers: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const [command] = positionals;
  if (positionals.length !== 1 || ![...SUITE_NAMES, 'selftest'].includes(command)) throw new Error(USAGE);
  if (command === 'selftest') return { suite: null };
  const suite = await loadSuite(command);
  const isComplete = values.only === undefined && values.servers === undefined && !values.quick;
  return {
    suite,
    only: listOf(values.only, suite.scenarios.map(({ key }) => key), '--only'),
    servers: listOf(values.servers, Object.keys(suite.servers), '--servers'),
    runs: boundedRuns(values.runs ?? (values.quick ? '1' : '3')),
    isQuick: values.quick,
    isProfiling: values.profile,
    builds: !values['no-build'],
    savesResults: values.save || (isComplete && !values.profile),
  };
}

function listOf(text, allowed, option) {
  if (text === undefined) return allowed;
  const chosen = text.split(',');
  const unknown = chosen.find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new Error(`${option}: "${unknown}" is none of ${allowed.join(', ')}`);
  return allowed.filter((name) => chosen.includes(name));
}

function boundedRuns(text) {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) throw new Error('--runs is a number from 1 to 20');
  return runs;
}
