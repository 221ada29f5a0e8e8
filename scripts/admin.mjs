// npm run admin: makes somebody an administrator, or none any more. Works whether the server is running or not.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { runToEnd } from './lib/processes.mjs';
import { reportFailure } from './lib/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  const { node } = await ensureInstalled(root);
  await ensureBuilt(root, node);
  process.exitCode = await runToEnd(node, ['--enable-source-maps', join(root, 'dist', 'src', 'admin.js'), ...process.argv.slice(2)]);
} catch (error) {
  reportFailure(error);
}
