import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../startup-error.js';
import { type Cluster, SERVER_ENV, explainFailure, openDataDirectory, prepareCluster, serverArguments, succeeds } from './embedded-postgres-cluster.js';
import { separateRoles } from './embedded-postgres-roles.js';
import { type DirectoryLock, type StopStage, evictServers, lockDirectory } from './embedded-postgres-ownership.js';

/** How the embedded server reports what it does, one plain sentence at a time. */
export type EmbeddedPostgresLog = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Options of {@link EmbeddedPostgres.start}. */
export interface EmbeddedPostgresOptions {
  /** Holds the cluster (`postgres/`), its log, lock and socket; made if absent. */
  dataDir: string;
  log: EmbeddedPostgresLog;
  /** Called when the server has ended without being asked to; it is being restarted already. */
  onUnexpectedExit?: (reason: string) => void;
  /** Called when it accepts connections again after an unexpected exit. */
  onRestarted?: () => void;
}

const MAX_LOG_BYTES = 5_000_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 10_000;
/** A server that lived this long was healthy; its end counts as a new fault, not as part of a crash loop. */
const HEALTHY_AFTER_MS = 10_000;
/** What a dead server's remains still answer with while they go away. */
const REMAINS = /pre-existing shared memory block|lock file ".*" already exists|is another postmaster/i;
const MAX_REMAINS_RETRIES = 50;

/**
 * A real PostgreSQL server of our own, beside the data it serves: made at first use, supervised while we run,
 * healed at start from whatever the last end left behind.
 *
 * It runs in its own session, so that a Ctrl-C in the terminal reaches only the application, which drains first
 * and then calls `stop()`. When the application dies without that, the kernel asks the server to shut down.
 */
export class EmbeddedPostgres {
  readonly #cluster: Cluster;
  readonly #lock: DirectoryLock;
  readonly #options: EmbeddedPostgresOptions;
  readonly #logFile: string;
  readonly #stopping = new AbortController();
  #server: ChildProcess | undefined;
  #supervision: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  private constructor(options: EmbeddedPostgresOptions, dataDir: string, lock: DirectoryLock, cluster: Cluster) {
    this.#options = options;
    this.#lock = lock;
    this.#cluster = cluster;
    this.#logFile = join(dataDir, 'postgres.log');
  }

  /**
   * Starts the server and resolves when it accepts connections.
   * @throws StartupError with a hint when that is impossible; nothing is left running then.
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const dataDir = openDataDirectory(options.dataDir);
    const lock = lockDirectory(dataDir);
    try {
      const cluster = await prepareCluster(dataDir, (message) => options.log('info', message));
      await separateRoles(cluster);
      const instance = new EmbeddedPostgres(options, dataDir, lock, cluster);
      await instance.#launch();
      return instance;
    } catch (error) {
      lock.release();
      if (error instanceof StartupError) throw error;
      throw explainFailure('The embedded PostgreSQL cannot be started', (error as Error).message, error);
    }
  }

  /** A connection string for the `atrium` database over a Unix socket; it outlives restarts of the server. */
  get url(): string {
    return this.#cluster.url;
  }

  /** The same for the superuser, whom the application does not need. */
  get adminUrl(): string {
    return this.#cluster.adminUrl();
  }

  /** The postmaster's process id; undefined while it is down. */
  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /**
   * Shuts the server down, disconnecting clients that are still there, and resolves when it is gone.
   * @param graceMs how long an orderly shutdown may take before it is forced, which costs no commit.
   */
  stop(graceMs = 10_000): Promise<void> {
    this.#stopped ??= this.#shutDown(graceMs);
    return this.#stopped;
  }

  async #shutDown(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const server = this.#server;
    const reaped = server && !hasEnded(server) ? once(server, 'exit') : undefined;
    const stages: StopStage[] = [
      { signal: 'SIGINT', graceMs },
      { signal: 'SIGQUIT', graceMs: 2_000 },
      { signal: 'SIGKILL', graceMs: 2_000 },
    ];
    try {
      await evictServers(this.#cluster.directory, stages);
      await reaped;
      await this.#supervision;
      // A restart that was already under way may have brought up one more.
      await evictServers(this.#cluster.directory, stages);
    } finally {
      this.#lock.release();
    }
  }

  /** Starts the server, waiting for the remains of a former one to go. */
  async #launch(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const found = await evictServers(this.#cluster.directory);
      if (found > 0) this.#options.log('warn', 'Stopped what an earlier PostgreSQL server had left running.');
      const failure = await this.#spawnServer();
      if (failure === undefined) return;
      if (!REMAINS.test(failure) || attempt === MAX_REMAINS_RETRIES) {
        throw explainFailure('The embedded PostgreSQL does not start', failure);
      }
      await delay(200, undefined, { signal: this.#stopping.signal });
    }
  }

  /** Resolves with undefined when the server accepts connections, or with its last words when it ended before. */
  async #spawnServer(): Promise<string | undefined> {
    this.#stopping.signal.throwIfAborted();
    const { account, binaries } = this.#cluster;
    const words = [...account.prefix, ...dieWithParent(), binaries.postgres, ...serverArguments(this.#cluster)];
    const [command = '', ...args] = words;
    const server = spawn(command, args, { ...account.ids, env: SERVER_ENV, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const lastWords: string[] = [];
    const readiness = new EventEmitter<{ ready: [] }>();
    createInterface({ input: server.stderr }).on('line', (line) => {
      this.#writeLog(line);
      lastWords.push(line.replace(/^.*?(?=FATAL|PANIC|ERROR|HINT|LOG)/, ''));
      if (lastWords.length > 20) lastWords.shift();
      if (line.includes('database system is ready to accept connections')) readiness.emit('ready');
    });
    const ended = once(server, 'close').then(
      () => lastWords.filter((line) => !line.startsWith('LOG')).join('\n') || lastWords.join('\n') || describeEnd(server),
      (error: unknown) => String(error),
    );
    const failure = await Promise.race([once(readiness, 'ready').then(() => undefined), ended]);
    if (failure !== undefined) return failure;
    this.#server = server;
    this.#superviseOnce(server);
    return undefined;
  }

  #superviseOnce(server: ChildProcess): void {
    const startedAt = performance.now();
    const onExit = () => {
      this.#server = undefined;
      if (this.#stopping.signal.aborted) return;
      const wasHealthy = performance.now() - startedAt > HEALTHY_AFTER_MS;
      this.#supervision = this.#restart(describeEnd(server), wasHealthy);
    };
    if (hasEnded(server)) onExit();
    else server.once('exit', onExit);
  }

  /** Never gives up: a full disk or a lost mount may be repaired at any time, and then the server must come back. */
  async #restart(reason: string, wasHealthy: boolean): Promise<void> {
    const { log, onUnexpectedExit, onRestarted } = this.#options;
    log('error', `The embedded PostgreSQL ${reason}; restarting it.`);
    onUnexpectedExit?.(reason);
    for (let waitMs = wasHealthy ? 0 : FIRST_RETRY_MS; ; waitMs = Math.min(MAX_RETRY_MS, waitMs * 2 || FIRST_RETRY_MS)) {
      try {
        await delay(waitMs, undefined, { signal: this.#stopping.signal });
        await this.#launch();
        log('info', 'The embedded PostgreSQL is back.');
        onRestarted?.();
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        log('error', `${(error as Error).message} It will be tried again.`);
      }
    }
  }

  /** Keeps PostgreSQL's own log beside the data, in two files of bounded size. */
  #writeLog(line: string): void {
    try {
      const size = statSync(this.#logFile, { throwIfNoEntry: false })?.size ?? 0;
      if (size > MAX_LOG_BYTES) renameSync(this.#logFile, `${this.#logFile}.1`);
      appendFileSync(this.#logFile, `${line}\n`, { mode: 0o600 });
    } catch {
      // A log that cannot be written (disk full) must not take the server with it.
    }
  }
}

let pdeathsig: string[] | undefined;

/** Asks the kernel to interrupt the server when this process dies, even by kill -9. Linux only; elsewhere the next start heals. */
function dieWithParent(): string[] {
  const command = ['setpriv', '--pdeathsig', 'INT'];
  pdeathsig ??= process.platform === 'linux' && succeeds([...command, 'true']) ? command : [];
  return pdeathsig;
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

function describeEnd(server: ChildProcess): string {
  return server.signalCode ? `was killed by ${server.signalCode}` : `ended with code ${server.exitCode}`;
}
