// npm run pictures: takes the pictures of the README from a server of its own that the demonstration has filled. Look at them before you commit them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PASSWORD } from './demo/workspace.mjs';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { reportFailure } from './lib/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const VISITOR = 'maya';
const ROOM = 'Lunch 午饭';
const PAGE = 'demo-harbour-launch';
/** The demonstration's people take some seconds to come to a page and to talk. */
const LIVELY_AFTER_MS = 15_000;

try {
  const { node } = await ensureInstalled(root);
  await ensureBuilt(root, node);
  await takePictures(node);
} catch (error) {
  reportFailure(error);
}

async function takePictures(node) {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-pictures-'));
  const url = `http://localhost:${await freePort()}`;
  const server = run(node, ['dist/src/main.js'], { PORT: new URL(url).port, DATA_DIR: dataDir, LOG_LEVEL: 'warn', RATE_LIMITS: 'off' });
  try {
    await server.says(/Atrium is ready/);
    const demo = run(node, ['scripts/demo.mjs', '--url', url, '--live'], {});
    try {
      await demo.says(/are online/);
      await photograph(url);
    } finally {
      await demo.end('SIGINT');
    }
  } finally {
    await server.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function photograph(url) {
  // TypeScript, which this Node.js reads as it is.
  const { launchBrowser, openPage } = await import('../test/support/browser.ts');
  const { browser, close } = await launchBrowser();
  try {
    const { page } = await openPage(browser);
    const take = async (name, width, height) => {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(LIVELY_AFTER_MS);
      await page.screenshot({ path: join(root, 'docs', 'images', `${name}.png`) });
      console.log(`✓ docs/images/${name}.png`);
    };
    await page.goto(url);
    await page.getByRole('textbox', { name: 'E-mail address or username' }).fill(VISITOR);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: ROOM }).click();
    await take('chat', 1280, 760);
    await page.goto(`${url}/pages/${PAGE}`);
    await take('page-editor', 1440, 900);
  } finally {
    await close();
  }
}

/** A program of ours, from its first line to its end. */
function run(node, args, env) {
  const child = spawn(node, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  return {
    says: (pattern) =>
      Promise.race([
        new Promise((resolve) => lines.on('line', (line) => pattern.test(line) && resolve(undefined))),
        ended.then(([code]) => {
          throw new Error(`${args[0]} ended with code ${code}`);
        }),
      ]),
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
