import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { FaultyProxy } from './faulty-proxy.js';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MAIN = join(repository, 'dist', 'src', 'main.js');
const ADMIN_LINK = /\/setup#(\S+)/;
const READY = /Atrium is ready at (http:\/\/\S+)/;
/** Below the range from which systems take ports for outgoing connections: nobody gets ours between the look and the start. */
const PORTS = { first: 20_000, last: 32_000 };
const KEPT_LINES = 200;
/** Every piece of data to and from the product takes up to so long: what a test forgets to wait for shows. */
const JITTER_MS = Number(process.env['TEST_JITTER_MS'] ?? 0);

/** The built product, running on a database of its own. */
export interface Product {
  readonly url: string;
  readonly databaseUrl: string;
  readonly pid: number;
  /** What it has logged as an error or worse: it should be nothing. */
  errors(): string[];
  /** The token in the link by which somebody becomes its first administrator. */
  adminToken(): Promise<string>;
  /** Ends it as an operator would, and removes the database. */
  stop(): Promise<void>;
}

/** Starts `dist/src/main.js`. Rate limits are off unless `env` turns them on: a test is a crowd from one address. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  if (!existsSync(MAIN)) throw new Error('dist/src/main.js is missing: run `npm run build` first');
  const database = await createDatabase();
  try {
    return await launch(database, env);
  } catch (error) {
    await database.drop();
    throw error;
  }
}

async function launch(database: TestDatabase, env: Record<string, string>): Promise<Product> {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      JWT_SECRET: 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const url = await readyUrl(child, lines);
  const network = JITTER_MS > 0 ? await FaultyProxy.start(Number(new URL(url).port)) : undefined;
  network?.delay(0, JITTER_MS);
  return {
    url: network?.url ?? url,
    databaseUrl: database.url,
    pid: child.pid!,
    adminToken: async () => (await eventually('the link for the first administrator', () => lines.map((line) => ADMIN_LINK.exec(line)?.[1]).find(Boolean)))!,
    errors: () => lines.filter((line) => line.startsWith('{')),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      await network?.stop();
      await database.drop();
    },
  };
}

/** Resolves when the product serves; rejects with what it said when it ends before. */
function readyUrl(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const input of [child.stdout!, child.stderr!]) {
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        const url = READY.exec(line)?.[1];
        if (url) resolve(url.replace('localhost', '127.0.0.1'));
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the product ended with code ${code}:\n${lines.join('\n')}`)));
  });
}

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
