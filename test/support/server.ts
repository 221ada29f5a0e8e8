import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from './eventually.js';
import { freePort } from './product.js';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MAIN = join(repository, 'dist', 'src', 'main.js');
const KEPT_LINES = 200;
const START_TIMEOUT_MS = 40_000;

/** The built product with a data folder of its own, to be killed and started again at the same address. */
export class Server {
  private child: ChildProcess | undefined;
  private readonly lines: string[] = [];

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Without DATABASE_URL in `env` it runs its embedded PostgreSQL. */
  static async start(env: Record<string, string> = {}): Promise<Server> {
    if (!existsSync(MAIN)) throw new Error('dist/src/main.js is missing: run `npm run build` first');
    const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), 'atrium-server-')), env);
    try {
      await server.launch();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** What it has said last. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** The embedded PostgreSQL, which starts again by itself when it is killed. */
  get postmasterPid(): number {
    return Number(readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Starts the product on what the last one left behind. */
  async launch(): Promise<void> {
    const env = {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: String(this.port),
      DATA_DIR: this.dataDir,
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      ...this.env,
    };
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    await within('the server is ready', this.ready(child), START_TIMEOUT_MS);
  }

  /** Sends the signal and waits for the end; answers with the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child!;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'close');
    child.kill(signal);
    await within(`the server ends after ${signal}`, ended, START_TIMEOUT_MS);
    return child.exitCode;
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  private ready(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      for (const input of [child.stdout!, child.stderr!]) {
        createInterface({ input }).on('line', (line) => {
          if (this.lines.push(line) > KEPT_LINES) this.lines.shift();
          if (line.includes('Atrium is ready at')) resolve();
        });
      }
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`the server ended with code ${code}:\n${this.lines.join('\n')}`)));
    });
  }
}
