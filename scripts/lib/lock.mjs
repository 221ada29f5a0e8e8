import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A lock between processes, by files only, that a dead holder does not keep.
 *
 * The lock is the file with the highest number; its lines name the holders, none means released. It is taken by
 * creating the next number, which the file system grants to one contender alone. Numbers only grow, so a slow
 * contender who judged an old holder cannot take the lock away from a new one.
 */

const LOOK_AGAIN_MS = 100;

/** Where the locks of a project tree live: outside of it, for `npm ci` empties node_modules. */
export function lockDirectoryOf(root) {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `atrium-setup-${process.getuid?.() ?? 0}-${hash}`);
}

/**
 * Runs `work` while no other process does so under the same directory.
 * @template T
 * @param {string} directory
 * @param {(shareWith: (pid: number) => void) => Promise<T>} work `shareWith` lets a child hold the lock as well,
 *   so that it stays taken when we are killed and the child works on
 * @param {(pid: number) => void} [onWait] called once when another process has the lock
 * @returns {Promise<T>}
 */
export async function withLock(directory, work, onWait = () => {}) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let file;
  for (let hasTold = false; !(file = tryLock(directory)); await delay(LOOK_AGAIN_MS)) {
    if (!hasTold) onWait(Number.parseInt(holderOf(directory), 10));
    hasTold = true;
  }
  try {
    return await work((pid) => appendFileSync(file, `\n${identityOf(pid)}`));
  } finally {
    truncateSync(file);
  }
}

/** @returns {string | undefined} the lock's file, or undefined when somebody living has it */
function tryLock(directory) {
  const last = lastNumber(directory);
  if (holderOf(directory).split('\n').some(isLiving)) return undefined;
  const file = join(directory, String(last + 1));
  if (!createWhole(directory, file, identityOf(process.pid))) return undefined;
  if (lastNumber(directory) !== last + 1) {
    rmSync(file); // Others have moved on while we judged.
    return undefined;
  }
  for (const number of numbersIn(directory)) if (number <= last) rmSync(join(directory, String(number)), { force: true });
  return file;
}

/** Creates a file with its content in one step; false when it exists. */
function createWhole(directory, file, content) {
  const draft = join(directory, `draft-${randomUUID()}`);
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function holderOf(directory) {
  try {
    return readFileSync(join(directory, String(lastNumber(directory))), 'utf8');
  } catch {
    return '';
  }
}

function numbersIn(directory) {
  return readdirSync(directory).filter((name) => /^\d+$/.test(name)).map(Number);
}

function lastNumber(directory) {
  return Math.max(0, ...numbersIn(directory));
}

function isLiving(identity) {
  return identity !== '' && identityOf(Number.parseInt(identity, 10)) === identity;
}

/** A process id and when that process began, since ids are used again; '' when there is no such living process. */
export function identityOf(pid) {
  try {
    if (process.platform !== 'linux') {
      return `${pid} ${execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state === 'Z' ? '' : `${pid} ${startTime}`; // A container may have nobody to bury the dead.
  } catch {
    return '';
  }
}
