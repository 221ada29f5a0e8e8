// npm run build: the server and the web app into dist, and the SDK into client/dist, as npm start would build them.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { reportFailure } from './lib/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  const { node } = await ensureInstalled(root);
  await ensureBuilt(root, node);
  console.log(`✓ ${join(root, 'dist')} is up to date`);
} catch (error) {
  reportFailure(error);
}
