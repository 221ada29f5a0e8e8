import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findServerProcesses } from '../../src/platform/database/embedded-postgres-ownership.js';
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/platform/database/embedded-postgres.js';
import { StartupError } from '../../src/platform/startup-error.js';

/** From the root of the repository, where tests run. */
const PARENT = 'test/support/programs/embedded-postgres-parent.mjs';
const TYPESCRIPT = ['--experimental-transform-types', '--no-warnings'];
const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;

let root: string;
let dataDir: string;
let running: EmbeddedPostgres[] = [];
let children: ChildProcess[] = [];

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await EmbeddedPostgres.start({ dataDir, log: () => undefined, ...options });
  running.push(postgres);
  return postgres;
}

/** Starts a program and resolves with the first line it says. */
async function spawnUntilLine(args: string[], command = process.execPath): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, line };
}

/** A chroot into the same file system, in which the kernel makes no user namespaces; the repository is at `$0`, too. */
const WITHOUT_NAMESPACES = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$PWD" "$0" && mount --rbind / /mnt && cd /mnt && exec chroot . "$@"'];
const mayBeWithoutNamespaces = isRootOnLinux && spawnSync('unshare', ['--mount', 'sh', '-c', 'mount --rbind / /mnt && chroot /mnt true']).status === 0;

async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const readNotes = (url: string) => query<{ text: string }>(url, 'SELECT text FROM notes');

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'atrium-pg-')));
  dataDir = join(root, 'data');
  const postgres = await start();
  await query(postgres.url, "CREATE TABLE notes (text text UNIQUE); INSERT INTO notes VALUES ('kept')");
  await postgres.stop();
});

afterEach(async () => {
  await Promise.all(running.map((postgres) => postgres.stop()));
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await killHard(child);
  running = [];
  children = [];
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('an embedded PostgreSQL', () => {
  it('keeps what was stored over a restart, durably and on no port', async () => {
    const { url } = await start();
    expect(await readNotes(url)).toEqual([{ text: 'kept' }]);
    const [settings] = await query(
      url,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('fsync') AS fsync, datlocprovider, datlocale
         FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual({ listen: '', fsync: 'on', datlocprovider: 'b', datlocale: 'C.UTF-8' });
  });

  it('tells tools where it is', async () => {
    const { url } = await start();
    expect((await readFile(join(dataDir, 'postgres.url'), 'utf8')).trim()).toBe(url);
  });

  it.runIf(isRootOnLinux)('steps down from root', async () => {
    const { adminUrl } = await start();
    const [status] = await query<{ text: string }>(adminUrl, "SELECT pg_read_file('/proc/self/status') AS text");
    expect(status?.text).not.toMatch(/^Uid:\s+0\b/m);
  });

  it.runIf(mayBeWithoutNamespaces).each([
    ['behind a private directory', 0o700, '0000000000000004'],
    ['where others may pass through', 0o711, '0000000000000000'],
  ])('steps down from root where there are no user namespaces: %s', async (_, mode, capabilities) => {
    const parent = join(root, `parent-${mode}`);
    const repository = join(parent, 'atrium');
    await mkdir(repository, { recursive: true });
    for (const directory of [root, parent]) await chmod(directory, mode);
    const [command = '', ...args] = [...WITHOUT_NAMESPACES, repository, process.execPath, ...TYPESCRIPT, join(repository, PARENT), join(parent, 'data')];
    const { child, line } = await spawnUntilLine(args, command);
    const { adminUrl, pid } = JSON.parse(line) as { adminUrl: string; pid: number };
    const [status] = await query<{ text: string }>(adminUrl, "SELECT pg_read_file('/proc/self/status') AS text");
    expect(status?.text).toMatch(/^Uid:\s+65534\s/m);
    expect(/^CapEff:\s+(\w+)/m.exec(status!.text)?.[1]).toBe(capabilities);
    // It goes with its parent here, too.
    await killHard(child);
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), 10_000);
    await chmod(root, 0o700);
  });

  it('logs no statement and no value', async () => {
    const { url } = await start();
    await expect(query(url, "INSERT INTO notes VALUES ('kept')")).rejects.toThrow('duplicate key');
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('kept');
  });

  it('is reachable below a path too long for a socket', async () => {
    const { url } = await start({ dataDir: join(root, 'long'.repeat(30)) });
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const socketDirectory = decodeURIComponent(new URL(url).hostname);
    expect(socketDirectory.startsWith(root)).toBe(false);
    await running.at(-1)?.stop();
    await rm(socketDirectory, { recursive: true });
  });
});

describe('P9: an embedded PostgreSQL heals', () => {
  it('from kill -9 of the server, at the same address', async () => {
    const restarted = Promise.withResolvers<void>();
    const onUnexpectedExit = vi.fn();
    const postgres = await start({ onUnexpectedExit, onRestarted: () => restarted.resolve() });
    const pool = new pg.Pool({ connectionString: postgres.url });
    pool.on('error', () => undefined);
    await pool.query('SELECT 1');

    process.kill(postgres.pid!, 'SIGKILL');
    await restarted.promise;

    expect((await pool.query('SELECT text FROM notes')).rows).toEqual([{ text: 'kept' }]);
    expect(onUnexpectedExit).toHaveBeenCalledExactlyOnceWith('was killed by SIGKILL');
    await pool.end();
  });

  it.runIf(process.platform === 'linux')('from kill -9 of the server while one of its processes is frozen', async () => {
    const restarted = Promise.withResolvers<void>();
    const postgres = await start({ onRestarted: () => restarted.resolve() });
    const client = new pg.Client(postgres.url);
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');

    process.kill(rows[0]!.pid, 'SIGSTOP');
    process.kill(postgres.pid!, 'SIGKILL');
    await restarted.promise;

    expect(await readNotes(postgres.url)).toEqual([{ text: 'kept' }]);
  });

  it.runIf(process.platform === 'linux')('from kill -9 of the application, which takes the server along', async () => {
    const { child } = await spawnUntilLine([...TYPESCRIPT, PARENT, dataDir]);
    await killHard(child);
    await vi.waitFor(() => expect(findServerProcesses(join(dataDir, 'postgres'))).toEqual([]), { timeout: 20_000 });
    expect(await readNotes((await start()).url)).toEqual([{ text: 'kept' }]);
  });

  it('from a server that a killed application has left behind', async () => {
    const { child, line } = await spawnUntilLine([...TYPESCRIPT, PARENT, dataDir]);
    const { pid } = JSON.parse(line) as { pid: number };
    process.kill(pid, 'SIGSTOP'); // So that it cannot follow its parent.
    await killHard(child);
    expect(findServerProcesses(join(dataDir, 'postgres'))).toContain(pid);

    const postgres = await start();

    expect(postgres.pid).not.toBe(pid);
    expect(await readNotes(postgres.url)).toEqual([{ text: 'kept' }]);
  });

  it('from a pid file whose number belongs to a stranger by now, and leaves the stranger alone', async () => {
    const { child: stranger } = await spawnUntilLine(['-e', "console.log('here'); setInterval(() => {}, 60_000)"]);
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${stranger.pid}\n${join(dataDir, 'postgres')}\n`, { mode: 0o600 });

    const { url } = await start();

    expect(await readNotes(url)).toEqual([{ text: 'kept' }]);
    expect(stranger.signalCode).toBeNull();
  });

  it('from a first start that was interrupted', async () => {
    const interrupted = join(root, 'interrupted');
    await mkdir(join(interrupted, 'postgres.partial', 'base'), { recursive: true });
    const { url } = await start({ dataDir: interrupted });
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(interrupted, 'postgres.partial'))).toBe(false);
  });

  it('enough to be stopped when it is frozen', async () => {
    const postgres = await start();
    process.kill(postgres.pid!, 'SIGSTOP');
    await postgres.stop();
    expect(findServerProcesses(join(dataDir, 'postgres'))).toEqual([]);
  });
});

describe('an embedded PostgreSQL refuses, with a hint,', () => {
  async function expectRefusal(refused: Promise<unknown>, message: RegExp): Promise<void> {
    const error: unknown = await refused.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StartupError);
    expect((error as StartupError).message).toMatch(message);
    expect((error as StartupError).hint).not.toBe('');
  }

  it('a data directory in which a living instance works, in this process or another', async () => {
    const { child } = await spawnUntilLine([...TYPESCRIPT, PARENT, dataDir]);
    await expectRefusal(start(), new RegExp(`Another Atrium \\(process ${child.pid}\\) is already using`));
    await killHard(child);
    await start();
    await expectRefusal(start(), /is already using/);
  });

  it('a directory that holds something else, and leaves it untouched', async () => {
    const foreign = join(root, 'foreign');
    await mkdir(join(foreign, 'postgres'), { recursive: true });
    await writeFile(join(foreign, 'postgres', 'PG_VERSION'), '18\n');
    await expectRefusal(start({ dataDir: foreign }), /not created by Atrium/);
    expect(await readdir(join(foreign, 'postgres'))).toEqual(['PG_VERSION']);
  });

  it('a cluster of another major version', async () => {
    const old = join(root, 'old');
    await mkdir(join(old, 'postgres'), { recursive: true });
    await writeFile(join(old, 'postgres', 'PG_VERSION'), '17\n');
    await writeFile(join(old, 'postgres', 'atrium-cluster'), '');
    await expectRefusal(start({ dataDir: old }), /made by PostgreSQL 17/);
  });

  it('a file in place of a directory', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    await expectRefusal(start({ dataDir: file }), /cannot be used/);
  });

  it('a cluster that does not start, in its own words, and lets the directory go', async () => {
    const broken = join(root, 'broken');
    await (await start({ dataDir: broken })).stop();
    await rm(join(broken, 'postgres', 'global', 'pg_control'));
    await expectRefusal(start({ dataDir: broken }), /does not start: .*pg_control/s);
    await expectRefusal(start({ dataDir: broken }), /does not start/);
  });
});
