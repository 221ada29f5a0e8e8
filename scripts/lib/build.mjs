import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile.mjs';
import { runStep } from './steps.mjs';

const SOURCE_FOLDERS = ['src', 'client/src', 'web'];
const SOURCE_FILES = ['client/vite.config.ts', 'client/tsconfig.build.json', 'ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package.json', 'package-lock.json', 'client/package.json', 'client/tsconfig.json'];

/** Lies inside dist, which is moved into place as a whole: where the stamp is, the build is complete. */
const stampFile = (root) => join(root, 'dist', '.source-hash');

/** True when dist, and the SDK's, were built from exactly the sources that are there now. */
export function isBuilt(root) {
  const stamp = stampFile(root);
  const hasSdk = !existsSync(join(root, 'client')) || existsSync(join(root, 'client', 'dist', 'index.js'));
  return existsSync(stamp) && hasSdk && readFileSync(stamp, 'utf8') === hashSources(root);
}

/**
 * Builds into a directory of its own and swaps it in when complete: a failed or interrupted build leaves the
 * last good one, and a server that runs from it keeps its files until then. The caller holds the setup lock.
 * @param {string} root
 * @param {string} node the Node.js to build with
 */
export async function build(root, node) {
  const partial = join(root, 'dist.partial');
  const former = join(root, 'dist.former');
  const hash = hashSources(root); // Before the build, so that an edit during it is noticed next time.
  rmSync(partial, { recursive: true, force: true });
  try {
    await runStep('Building the server, the web app and the SDK', () => compile(root, node, partial), { live: true });
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  writeFileSync(join(partial, '.source-hash'), hash);
  rmSync(former, { recursive: true, force: true });
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), former);
  renameSync(partial, join(root, 'dist'));
  rmSync(former, { recursive: true, force: true });
}

/** Contents, not times: a fresh clone or a switched branch must neither rebuild in vain nor be mistaken. */
export function hashSources(root) {
  const hash = createHash('sha256');
  for (const file of [...SOURCE_FOLDERS.flatMap((folder) => listSources(root, folder)), ...SOURCE_FILES]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** All files of a folder but tests and dependencies, in one order on every machine. */
function listSources(root, folder) {
  const directory = join(root, folder);
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules' && !/\.spec\.tsx?$/.test(name));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}/${name}`);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`);
  return [...files.sort(), ...folders.sort().flatMap((each) => listSources(root, each))];
}
