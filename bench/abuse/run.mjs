/**
 * `npm run abuse`: starts the product as it ships, rate limits on, and attacks it. While each attack runs, people at another address go on
 * with what they do, and what they feel is measured. Options: `--seconds 8`, `--only <part of a name>`, `--save`.
 */

import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serverFlags } from '../../scripts/lib/server-flags.mjs';
import { residentBytes } from '../lib/measure/cpu.mjs';
import { describeMachine } from '../lib/measure/machine.mjs';
import { freePort, ServerProcess } from '../lib/servers/process.mjs';
import { ACCOUNTS } from './attacks/accounts.mjs';
import { STRANGERS } from './attacks/strangers.mjs';
import { isBearable, summarize, toMarkdown } from './report.mjs';
import { Client } from './wire.mjs';

const SERVER = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const PASSWORD = `probe ${randomBytes(12).toString('hex')}`;
const ATTACKERS = '127.0.0.2';
/** Attacks and their aftermath must not run into one another. */
const REST_SECONDS = 1;

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '8' }, only: { type: 'string', default: '' }, save: { type: 'boolean', default: false } } });
const seconds = Number(options.seconds);
const log = (text) => console.log(text);

/** One order, one answer. */
async function ask(child, order) {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(() => [{ failure: 'the process ended' }]);
  ended.catch(() => undefined);
  child.send(order);
  const [{ failure, ...answer }] = await Promise.race([once(child, 'message', { signal }), ended]);
  over.abort();
  if (failure) throw new Error(failure);
  return answer;
}

const start = (script) => fork(fileURLToPath(new URL(script, import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

/** What the people feel while it runs, and what it costs the server. */
async function attackWith({ name, spends }, { server, prober, me, others }) {
  const before = residentBytes(server.pid);
  const attacker = start('./attacker.mjs');
  const attacked = ask(attacker, { name, port: server.port, address: ATTACKERS, seconds: seconds + REST_SECONDS, me, others }).then(
    () => 'went on to the end',
    (error) => `attacker: ${error.message}`,
  );
  const { measured } = await ask(prober, { seconds });
  const outcome = await attacked;
  const isAlive = !server.hasExited;
  return { name, spends, ...summarize(measured), memory: { before, after: isAlive ? residentBytes(server.pid) : 0 }, ended: isAlive ? outcome : 'THE SERVER ENDED' };
}

async function run(server) {
  const prober = start('./prober.mjs');
  const client = new Client(server.port, ATTACKERS);
  const [me, ...others] = await Promise.all(['mallory', 'trudy', 'oscar'].map((name) => client.signIn(name, PASSWORD)));
  client.close();
  await ask(prober, { port: server.port, password: PASSWORD, seconds: 2 });
  const quiet = { name: 'nobody attacks', spends: '', ...summarize((await ask(prober, { seconds })).measured), memory: null, ended: '' };
  log(`quiet: p99 ${quiet.p99Ms.toFixed(1)} ms`);
  const rows = [];
  for (const attack of [...STRANGERS, ...ACCOUNTS].filter(({ name }) => name.includes(options.only))) {
    const row = await attackWith(attack, { server, prober, me, others });
    rows.push(row);
    log(`${isBearable(row, quiet) ? '✓' : '✗'} ${row.name}: p99 ${row.p99Ms.toFixed(0)} ms, ${row.errors} of ${row.count} failed; ${row.ended}`);
    if (server.hasExited) break;
    await new Promise((resolve) => setTimeout(resolve, REST_SECONDS * 1_000));
  }
  prober.disconnect();
  return { quiet, rows };
}

const dataDir = mkdtempSync(join(tmpdir(), 'atrium-abuse-'));
const env = { NODE_ENV: 'production', HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'error', JWT_SECRET: randomBytes(48).toString('base64url') };
const server = new ServerProcess(SERVER, { port: await freePort(), nodeOptions: serverFlags(), env });
try {
  await server.ready();
  const machine = describeMachine(tmpdir());
  const { quiet, rows } = await run(server);
  const markdown = toMarkdown({ machine, seconds, quiet, rows });
  log(`\n${markdown}`);
  if (options.save) {
    writeFileSync(`${RESULTS}abuse.md`, markdown);
    writeFileSync(`${RESULTS}abuse.json`, `${JSON.stringify({ machine, seconds, quiet, rows }, null, 1)}\n`);
  }
  process.exitCode = rows.every((row) => isBearable(row, quiet)) ? 0 : 1;
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
