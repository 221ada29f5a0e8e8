import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../startup-error.js';
import { explainFailure } from './embedded-postgres-cluster.js';

/** Makes sure that one process, and only one, uses a data directory: a lock among ourselves, and an eviction of servers left behind. */

const SQLITE_BUSY = 5;

/** The right to use a data directory; it ends with `release()` or with the process, however that dies. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the data directory for this process.
 *
 * SQLite's exclusive transaction is used as a portable `flock`: the kernel drops it when the holder dies, so
 * there are no stale locks to judge and no process ids to mistake, also between containers that share a volume.
 * @throws StartupError when another living process holds it.
 */
export function lockDirectory(dataDir: string): DirectoryLock {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
  if (!sqlite) {
    throw new StartupError(
      `The embedded database needs Node.js 22.13 or newer; this is ${process.version}.`,
      'Update Node.js, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const holderFile = join(dataDir, 'postgres.holder');
  const lock = new sqlite.DatabaseSync(join(dataDir, 'postgres.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
      throw explainFailure(`The data directory ${dataDir} cannot be locked`, (error as Error).message, error);
    }
    throw new StartupError(
      `Another Atrium${describeHolder(holderFile)} is already using the data directory ${dataDir}.`,
      'Stop it first, or give this one its own directory with DATA_DIR.',
      { cause: error },
    );
  }
  nameHolder(holderFile);
  return {
    release() {
      if (!lock.isOpen) return;
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function nameHolder(holderFile: string): void {
  try {
    writeFileSync(holderFile, String(process.pid), { mode: 0o600 });
  } catch {
    // It only makes the message to a second instance richer; the lock holds without it.
  }
}

function describeHolder(holderFile: string): string {
  const pid = readText(holderFile).trim();
  return pid ? ` (process ${pid})` : '';
}

/** One stage of stopping: the signal, and how long the server may take to obey it. */
export interface StopStage {
  signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL';
  graceMs: number;
}

/** Fast shutdown, then immediate shutdown, then force. Only the first keeps the next start free of crash recovery; none loses a commit. */
const EVICTION: StopStage[] = [
  { signal: 'SIGINT', graceMs: 15_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/**
 * Ends every PostgreSQL process that still works in `directory`, such as the server of a parent that was killed
 * or the backends of a server that was killed. The caller must hold the directory's lock.
 * @returns how many processes there were; all are gone now.
 * @throws StartupError when a process survives even SIGKILL, or belongs to another user.
 */
export async function evictServers(directory: string, stages: StopStage[] = EVICTION): Promise<number> {
  const pidFile = join(directory, 'postmaster.pid');
  if (!existsSync(pidFile)) return 0;
  const postmaster = readPostmasterPid(pidFile);
  const found = findServerProcesses(directory).length;
  for (const { signal, graceMs } of stages) {
    const alive = findServerProcesses(directory);
    // A frozen process obeys nothing else before it is woken.
    for (const pid of alive) sendSignal(pid, 'SIGCONT');
    // Short of force only the postmaster is told: it leads its children down in order, and orphans leave by themselves.
    for (const pid of alive) if (signal === 'SIGKILL' || pid === postmaster) sendSignal(pid, signal);
    if (await emptiesWithin(directory, graceMs)) {
      // A stranger may have the number by now, and PostgreSQL would take it for itself. Otherwise the file stays:
      // the server's own check of it sees more than ours.
      if (postmaster !== undefined && isAlive(postmaster)) rmSync(pidFile, { force: true });
      return found;
    }
  }
  throw new StartupError(
    `PostgreSQL processes (${findServerProcesses(directory).join(', ')}) still work in ${directory} and cannot be stopped.`,
    'Stop them by hand, or restart the machine.',
  );
}

/** The ids of all living PostgreSQL processes whose data directory is `directory` (a real path). */
export function findServerProcesses(directory: string): number[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => worksInDirectory(pid, directory));
  }
  const postmaster = readPostmasterPid(join(directory, 'postmaster.pid'));
  return postmaster !== undefined && commandLineNames(postmaster, directory) ? [postmaster] : [];
}

/** Every PostgreSQL process changes into its data directory, which makes it recognisable whatever its title says. */
function worksInDirectory(pid: number, directory: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== directory) return false;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const isZombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
    return !isZombie && stat.includes('(postgres)');
  } catch {
    return false; // It has just ended, or is not ours to look at.
  }
}

/** Without /proc the postmaster is told from a reused pid by its arguments. */
function commandLineNames(pid: number, directory: string): boolean {
  try {
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(directory);
  } catch {
    return false;
  }
}

function readPostmasterPid(pidFile: string): number | undefined {
  const pid = Number.parseInt(readText(pidFile), 10);
  return pid > 0 ? pid : undefined;
}

async function emptiesWithin(directory: string, graceMs: number): Promise<boolean> {
  // The kernel reports no end of processes that are not our children, so this has to look.
  const deadline = performance.now() + graceMs;
  while (findServerProcesses(directory).length > 0) {
    if (performance.now() > deadline) return false;
    await delay(25);
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, or another user's; the caller looks again and tells.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
