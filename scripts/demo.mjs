// npm run demo: fills a running server with a workspace to look at, through its public API alone. Running it again adds nothing.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportFailure, SetupError } from './lib/setup-error.mjs';
import { ensureInstalled } from './lib/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE = 'Usage: npm run demo -- [--url http://localhost:3000] [--live]\n  --live: afterwards the people stay, talk, and answer you, until Ctrl-C';

try {
  const { url, live } = readOptions();
  if (!existsSync(join(root, 'node_modules', 'socket.io-client'))) await ensureInstalled(root);
  // Imported only now: before, they might not be there.
  const { io } = await import('socket.io-client');
  const { Server } = await import('./demo/server.mjs');
  const { fillServer, gatherPeople } = await import('./demo/fill.mjs');
  const { fillPages } = await import('./demo/pages.mjs');
  const server = new Server(url, io);
  await server.requireUp();
  console.log(`\n  Filling ${server.url} …\n`);
  const people = await gatherPeople(server);
  try {
    const filled = await fillServer(people);
    const pages = await fillPages(people);
    await printGuide(server.url, { ...filled, people: people.size, pages });
    if (live) await keepTalking(people, filled.roomIds);
  } finally {
    for (const { socket } of people.values()) socket.disconnect();
  }
} catch (error) {
  reportFailure(error);
  // Others may still be waiting for their answers.
  process.exit();
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://localhost:3000' }, live: { type: 'boolean', default: false } } });
    if (!/^https?:$/.test(new URL(values.url).protocol)) throw new Error('the URL must begin with http:// or https://');
    return values;
  } catch (error) {
    throw new SetupError(error.message, USAGE);
  }
}

/** Until Ctrl-C. The guests leave, so that visitors can be them. */
async function keepTalking(people, roomIds) {
  const { GUESTS } = await import('./demo/workspace.mjs');
  const staying = new Map(people);
  for (const guest of GUESTS) {
    people.get(guest).socket.disconnect();
    staying.delete(guest);
  }
  const { stayAlive } = await import('./demo/live.mjs');
  const { keepEditing } = await import('./demo/pages.mjs');
  const stopping = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM']) process.once(event, () => stopping.abort());
  console.log(`  ${staying.size} people are online, talking and editing; ${GUESTS.join(', ')} are yours. Write to one of the others; Ctrl-C sends them home.\n`);
  await Promise.all([stayAlive(staying, roomIds, stopping.signal), keepEditing(staying, stopping.signal)]);
}

async function printGuide(url, { people, roomIds, messages, added, pages: madePages }) {
  const { GUESTS, PASSWORD, PEOPLE } = await import('./demo/workspace.mjs');
  const { PAGES } = await import('./demo/pages.mjs');
  const accounts = PEOPLE.map(({ username, displayName }) => `    ${username.padEnd(10)} ${displayName}`).join('\n');
  const outcome = added + madePages === 0 ? 'Everything was there already; nothing was added.' : `Added ${added} messages.`;
  console.log(`
  ✓ ${people} people, ${roomIds.size} rooms, ${messages} messages, ${PAGES.length} pages. ${outcome}

  Sign in as ${GUESTS.join(', ')}, with the password  ${PASSWORD}
  (it is everybody's, but with --live the others act by themselves)

${accounts}

  Try
    • ${url} in two browsers, as maya and as linwei: write in “Announcements 公告”, and see it arrive
    • ${url}/pages/demo-harbour-launch in two browsers, as maya and as priya: move something, and see it move
    • npm run demo -- --live: everyone else comes online, talks, edits, and answers you
    • discovering rooms as priya: “产品讨论” is open to her
    • stopping the server while you write, and starting it again: nothing is lost
    • ${url}/docs, the same over REST
`);
}
