/** `npm run bench -- chat`: starts the servers, loads them, prints progress, writes bench/results. See bench/README.md. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { SCENARIOS } from './chat/index.mjs';
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

async function runChat(options) {
  const scenarios = SCENARIOS.filter(({ key }) => options.only.includes(key));
  if (options.builds && options.servers.includes('product')) {
    log('building');
    execFileSync('npm', ['run', 'build', '--silent'], { cwd: ROOT, stdio: 'inherit' });
  }
  const machine = describeMachine(tmpdir());
  const generator = options.isProfiling ? null : await runSelfTest(log);
  const { rows, database } = await runCampaign(scenarios, options, log);
  const summary = { ...summarize({ scenarios, rows, machine: { ...machine, database }, options }), generator };
  const markdown = toMarkdown(summary);
  console.log(`\n${markdown}`);
  if (options.savesResults) {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${RESULTS}chat.json`, `${JSON.stringify(summary, null, 1)}\n`);
    writeFileSync(`${RESULTS}chat.md`, markdown);
    log(`written to ${RESULTS}`);
  }
  return summary.isValid;
}

if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
try {
  const options = readOptions(process.argv.slice(2), SCENARIOS.map(({ key }) => key));
  const isValid = options.command === 'selftest' ? (await runSelfTest(log)).every(({ isExact }) => isExact) : await runChat(options);
  process.exitCode = isValid ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
