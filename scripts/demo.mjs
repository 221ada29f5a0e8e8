// npm run demo: fills a running server with a workspace to look at, through its public API alone. Running it again adds nothing.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportFailure, SetupError } from './lib/setup-error.mjs';
import { ensureInstalled } from './lib/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE = 'Usage: npm run demo -- [--url http://localhost:3000]';

try {
  const { url } = readOptions();
  if (!existsSync(join(root, 'node_modules', 'socket.io-client'))) await ensureInstalled(root);
  // Imported only now: before, they might not be there.
  const { io } = await import('socket.io-client');
  const { Server } = await import('./demo/server.mjs');
  const { fillServer } = await import('./demo/fill.mjs');
  const server = new Server(url, io);
  await server.requireUp();
  console.log(`\n  Filling ${server.url} …\n`);
  await printGuide(server.url, await fillServer(server));
} catch (error) {
  reportFailure(error);
  // Others may still be waiting for their answers.
  process.exit();
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://localhost:3000' } } });
    if (!/^https?:$/.test(new URL(values.url).protocol)) throw new Error('the URL must begin with http:// or https://');
    return values;
  } catch (error) {
    throw new SetupError(error.message, USAGE);
  }
}

async function printGuide(url, { people, rooms, messages, added }) {
  const { LAUNCH_PASSWORD, PASSWORD, PEOPLE } = await import('./demo/workspace.mjs');
  const accounts = PEOPLE.map(({ username, displayName }) => `    ${username.padEnd(10)} ${displayName}`).join('\n');
  const outcome = added === 0 ? 'Everything was there already; nothing was added.' : `Added ${added} messages.`;
  console.log(`
  ✓ ${people} people, ${rooms} rooms, ${messages} messages. ${outcome}

  Sign in as any of them, with the password  ${PASSWORD}

${accounts}

  Try
    • ${url}/docs: sign in with POST /auth/login, paste the access token under “Authorize”, then GET /rooms
    • two browsers, maya and linwei: write in “Announcements 公告”, and see it arrive
    • joining “Launch room” as priya: it is private, the password is  ${LAUNCH_PASSWORD}
    • GET /rooms/discover?q=产品
    • stopping the server while you write, and starting it again: nothing is lost
`);
}
