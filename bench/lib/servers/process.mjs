/** Starts and stops a server process. Only processes started here are ever signalled, each by its own pid. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { sleep } from '../measure/stats.mjs';

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 100;
const STOP_TIMEOUT_MS = 20_000;
/** Kept of a server's output, to show when it fails. */
const OUTPUT_TAIL_CHARS = 4000;
/** Below the ephemeral range, so that no client socket can have taken the port. */
const PORT_RANGE = { first: 20_000, count: 10_000 };

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort() {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = PORT_RANGE.first + Math.floor(Math.random() * PORT_RANGE.count);
    const probe = createServer();
    const isFree = await new Promise((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error('no free port found');
}

export class ServerProcess {
  #output = '';
  /** `ws://…` of the V8 inspector when it was started with `--inspect`. */
  inspectorUrl = null;

  constructor(script, { port, nodeOptions = [], env = {} }) {
    this.port = port;
    this.child = spawn(process.execPath, [...nodeOptions, script], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR ?? '', PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'exit');
    for (const stream of [this.child.stdout, this.child.stderr]) stream.setEncoding('utf8').on('data', (text) => this.#keepOutput(text));
  }

  get pid() {
    return this.child.pid;
  }

  get output() {
    return this.#output;
  }

  get hasExited() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  #keepOutput(text) {
    this.#output = (this.#output + text).slice(-OUTPUT_TAIL_CHARS);
    this.inspectorUrl ??= /Debugger listening on (ws:\S+)/.exec(this.#output)?.[1] ?? null;
  }

  /** Resolves when GET /readyz answers 200. */
  async ready() {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (this.hasExited) break;
      const isReady = await fetch(`http://127.0.0.1:${this.port}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
        async (response) => (await response.text(), response.status === 200),
        () => false,
      );
      if (isReady) return;
      await sleep(READY_POLL_MS);
    }
    throw new Error(`the server did not become ready:\n${this.#output}`);
  }

  /** Asks it to end, and insists after a while. Returns whether it ended by itself. */
  async stop() {
    if (this.hasExited) return true;
    this.child.kill('SIGTERM');
    const ended = await Promise.race([this.exited.then(() => true), sleep(STOP_TIMEOUT_MS).then(() => false)]);
    if (!ended) {
      this.child.kill('SIGKILL');
      await this.exited;
    }
    return ended;
  }
}
