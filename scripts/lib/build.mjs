import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { runQuietly } from './processes.mjs';
import { runStep } from './steps.mjs';

const SOURCE_FILES = ['ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package.json', 'package-lock.json'];

/** Lies inside dist, which is moved into place as a whole: where the stamp is, the build is complete. */
const stampFile = (root) => join(root, 'dist', '.source-hash');

/** True when dist was built from exactly the sources that are there now. */
export function isBuilt(root) {
  const stamp = stampFile(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashSources(root);
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
    await runStep('Building', () => compile(root, node, partial), { live: true });
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

async function compile(root, node, outDir) {
  const config = join(root, 'node_modules', '.cache', `atrium-build-${process.pid}.json`);
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.build.json'), compilerOptions: { outDir, incremental: false } }));
  try {
    const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    const { code, output } = await runQuietly(node, [nest, 'build', '--path', relative(root, config)], { cwd: root });
    if (code === 0 && existsSync(join(outDir, 'src', 'main.js'))) return;
    console.error(output);
    throw new SetupError('The build failed.', 'The errors are above. The last good build, if any, is still in dist.');
  } finally {
    rmSync(config, { force: true });
  }
}

/** Contents, not times: a fresh clone or a switched branch must neither rebuild in vain nor be mistaken. */
export function hashSources(root) {
  const hash = createHash('sha256');
  for (const file of [...listSources(root), ...SOURCE_FILES]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function listSources(root) {
  const src = join(root, 'src');
  if (!existsSync(src)) return [];
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}
