// npm start: from a bare clone to a running server. Runs on any Node.js from version 20, without dependencies.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.error(`✗ Atrium needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n  Get one from https://nodejs.org.`);
  process.exit(1);
}

// Imported only now, since an older Node.js might not even parse them.
const { ensureBuilt, ensureInstalled } = await import('./lib/prepare.mjs');
const { runToEnd } = await import('./lib/processes.mjs');
const { serverFlags } = await import('./lib/server-flags.mjs');
const { reportFailure } = await import('./lib/setup-error.mjs');

try {
  const { node } = await ensureInstalled(root);
  await ensureBuilt(root, node);
  process.exitCode = await runServer(node);
} catch (error) {
  reportFailure(error);
}

/** Runs the server in our place: same terminal, same signals, same exit code. */
function runServer(node) {
  const main = join(root, 'dist', 'src', 'main.js');
  return runToEnd(node, [...serverFlags(), '--enable-source-maps', main, ...process.argv.slice(2)], {
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'), ...process.env },
  });
}
