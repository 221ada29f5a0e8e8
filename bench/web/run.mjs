/** `npm run bench:web`: how soon the web app can be used, in Chromium, from a server on the same machine. See bench/README.md. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { serverFlags } from '../../scripts/lib/server-flags.mjs';
import { launchBrowser } from '../../test/support/browser.ts';
import { describeMachine } from '../lib/measure/machine.mjs';
import { Product } from '../lib/servers/product.mjs';
import { measureLoad, measureScrolling, signIn } from './measure.mjs';
import { toMarkdown } from './report.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const RUNS = 9;
const MESSAGES = 100_000;

const log = (text) => console.log(`  ${text}`);
const product = new Product();
let browser;
try {
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: ROOT, stdio: 'inherit' });
  const machine = describeMachine(tmpdir());
  await product.start({ nodeOptions: serverFlags() });
  browser = await launchBrowser();
  log(`filling a room with ${MESSAGES.toLocaleString('en')} messages`);
  const world = await product.createWorld({ rooms: 20, members: 10, messages: 0 });
  const { login } = world;
  await product.fill(world.rooms[0].id, MESSAGES);
  const url = `http://127.0.0.1:${product.process.port}`;
  const session = await signIn(browser.browser, url, login);
  const room = `${url}/rooms/${world.rooms[0].id}`;
  const screens = [];
  for (const screen of [
    { name: 'sign-in, first visit', address: url, session: undefined, role: 'textbox' },
    { name: 'a room of 100,000 messages, first visit of a browser that is signed in', address: room, session, role: 'listitem' },
  ]) {
    const loads = [];
    for (let run = 0; run < RUNS; run++) loads.push(await measureLoad(browser.browser, screen));
    screens.push({ name: screen.name, loads });
    log(`${screen.name}: interactive after ${loads.map(({ interactiveMs }) => Math.round(interactiveMs)).sort((a, b) => a - b)[Math.floor(RUNS / 2)]} ms`);
  }
  log('scrolling upwards');
  const scrolling = await measureScrolling(browser.browser, { address: room, session });
  const summary = { machine: { ...machine, database: product.database, chromium: browser.browser.version() }, runs: RUNS, screens, scrolling };
  const markdown = toMarkdown(summary);
  console.log(`\n${markdown}`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}web.json`, `${JSON.stringify(summary, null, 1)}\n`);
  writeFileSync(`${RESULTS}web.md`, markdown);
} finally {
  await browser?.close();
  await product.stop();
}
