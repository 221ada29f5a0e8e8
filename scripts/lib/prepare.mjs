import { build, isBuilt } from './build.mjs';
import { install, readInstall } from './install.mjs';
import { lockDirectoryOf, withLock } from './lock.mjs';

/**
 * Installs the dependencies unless they are what package-lock.json asks for; one process works, others wait.
 * @param {string} root the project's directory
 * @returns {Promise<{ node: string }>} the Node.js to run everything else with
 */
export async function ensureInstalled(root) {
  return readInstall(root) ?? inTurn(root, async (shareLock) => readInstall(root) ?? (await install(root, shareLock)));
}

/**
 * Builds the product unless dist comes from the sources that are there now; one process works, others wait.
 * @param {string} root the project's directory
 * @param {string} node the Node.js to build with
 */
export async function ensureBuilt(root, node) {
  if (isBuilt(root)) return;
  await inTurn(root, async () => {
    if (!isBuilt(root)) await build(root, node);
  });
}

function inTurn(root, work) {
  return withLock(lockDirectoryOf(root), work, (pid) => {
    console.log(`• Waiting for process ${pid}, which is installing or building here …`);
  });
}
