/** `npm run bench -- chat` or `pages`: starts the servers, loads them, prints progress, writes bench/results. See bench/README.md. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCampaign } from './lib/campaign.mjs';
import { describeMachine } from './lib/measure/machine.mjs';
import { readOptions, USAGE } from './lib/options.mjs';
import { toMarkdown } from './lib/report/markdown.mjs';
import { summarize } from './lib/report/summary.mjs';
import { runSelfTest } from './lib/selftest.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

const startedAtMs = performance.now();
const log = (text) => console.log(`${((performance.now() - startedAtMs) / 1000).toFixed(0).padStart(5)} s  ${text}`);

async function runSuite(suite, options) {
  const scenarios = suite.scenarios.filter(({ key }) => options.only.includes(key));
  if (options.builds && options.servers.includes('product')) {
    log('building');
    execFileSync('npm', ['run', 'build', '--silent'], { cwd: ROOT, stdio: 'inherit' });
  }
  const machine = describeMachine(tmpdir(), suite.packages);
  const generator = options.isProfiling || options.isQuick ? null : await runSelfTest(log);
  const { rows, database } = await runCampaign(suite, scenarios, options, log);
  const summary = { ...summarize({ suite, scenarios, rows, machine: { ...machine, database }, options }), generator };
  const markdown = toMarkdown(suite, summary);
  console.log(`\n${markdown}`);
  if (options.savesResults) {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${RESULTS}${suite.name}.json`, `${JSON.stringify(summary, null, 1)}\n`);
    writeFileSync(`${RESULTS}${suite.name}.md`, markdown);
    log(`written to ${RESULTS}`);
  }
  return summary.isValid;
}

if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
try {
  const { suite, ...options } = await readOptions(process.argv.slice(2));
  const isValid = suite === null ? (await runSelfTest(log)).every(({ isExact }) => isExact) : await runSuite(suite, options);
  process.exitCode = isValid ? 0 : 1;
} catch (error) {
  console.error(error.message);
  // Not by itself: a generator may still wait for its next task.
  process.exit(2);
}
