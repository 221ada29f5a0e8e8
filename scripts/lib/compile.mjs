import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { precompress } from './precompress.mjs';
import { runQuietly } from './processes.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Compiles the server into a folder, the web app into `web` below it, and the SDK into `client/dist`, all at the same time and all to
 * their end: who has made two mistakes wants to see both.
 * @param {string} root
 * @param {string} node the Node.js to compile with
 * @param {string} outDir
 */
export async function compile(root, node, outDir) {
  const webOutDir = `${outDir}.web`; // Moved in last, for the server's compiler empties its folder first.
  const outcomes = await Promise.allSettled([compileServer(root, node, outDir), bundleWebApp(root, node, webOutDir), buildSdk(root, node)]);
  const unforeseen = outcomes.find(({ status }) => status === 'rejected');
  if (unforeseen) throw unforeseen.reason;
  const failures = outcomes.map(({ value }) => value).filter((value) => value !== undefined);
  // Rolldown colours its messages, letter by letter, even where nobody shows colours.
  for (const { output } of failures) console.error(stripVTControlCharacters(output).trim());
  if (failures.length > 0) throw new SetupError(`The build failed (${failures.map(({ part }) => part).join(', ')}).`, 'The errors are above. The last good build, if any, is still in dist.');
  renameSync(webOutDir, join(outDir, 'web'));
}

/** @returns {Promise<{ part: string, output: string } | undefined>} what the compiler said when it failed */
async function compileServer(root, node, outDir) {
  const config = join(root, 'node_modules', '.cache', `atrium-build-${process.pid}.json`);
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.build.json'), compilerOptions: { outDir, incremental: false } }));
  try {
    const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    const { code, output } = await runQuietly(node, [nest, 'build', '--path', relative(root, config)], { cwd: root });
    return code === 0 && existsSync(join(outDir, 'src', 'main.js')) ? undefined : { part: 'server', output };
  } finally {
    rmSync(config, { force: true });
  }
}

/** @returns {Promise<{ part: string, output: string } | undefined>} what the bundler said when it failed */
async function bundleWebApp(root, node, outDir) {
  rmSync(outDir, { recursive: true, force: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  // Whatever NODE_ENV the server is started with: React for development is slower, and several times as large.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { code, output } = await runQuietly(node, [vite, 'build', join(root, 'web'), '--outDir', outDir, '--emptyOutDir', '--manifest', '--logLevel', 'warn'], { cwd: root, env });
  if (code !== 0 || !existsSync(join(outDir, 'index.html'))) return { part: 'web app', output };
  await precompress(outDir);
  return undefined;
}

/**
 * As its own `npm run build` does; in a folder of its own first, since programs may be using the last build.
 * @returns {Promise<{ part: string, output: string } | undefined>} what the bundler or the compiler said when it failed
 */
async function buildSdk(root, node) {
  const client = join(root, 'client');
  if (!existsSync(join(client, 'package.json'))) return undefined;
  const [dist, partial] = [join(client, 'dist'), join(client, 'dist.partial')];
  rmSync(partial, { recursive: true, force: true });
  const bin = (...path) => join(root, 'node_modules', ...path);
  const steps = [
    [bin('vite', 'bin', 'vite.js'), 'build', '--outDir', partial, '--emptyOutDir', '--logLevel', 'warn'],
    [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', join(partial, 'types')],
  ];
  try {
    for (const step of steps) {
      const { code, output } = await runQuietly(node, step, { cwd: client, env: { ...process.env, NODE_ENV: 'production' } });
      if (code !== 0) return { part: 'SDK', output };
    }
    rmSync(dist, { recursive: true, force: true });
    renameSync(partial, dist);
    return undefined;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
