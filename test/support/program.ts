import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'main.js');
export const JWT_SECRET = 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA';

/** One run of the built server, from its environment to its exit code. */
export interface Program {
  readonly pid: number;
  /** The origin at which it serves; rejects with all it said when it ends before. */
  ready: Promise<string>;
  /** The exit code (null after a signal). */
  ended: Promise<number | null>;
  /** Everything it has said, on either stream. */
  output(): string;
  /** Its log, parsed. */
  log(): Record<string, unknown>[];
  /** The first line that matches, said or to be said. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();

/** Starts the product, or another build of it, with exactly this environment (and PATH). */
export function runProgram(env: Record<string, string>, main = MAIN): Program {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = (each: string) => void (pattern.test(each) && resolve(each));
      lines.forEach(look);
      listeners.add(look);
      void ended.then((code) => reject(new Error(`ended with code ${code} and without ${String(pattern)}:\n${lines.join('\n')}`)));
    });
  const ready = line(/Atrium is ready at/).then((text) => /http:\S+/.exec(text)![0].replace('localhost', '127.0.0.1'));
  ready.catch(() => undefined); // Not everyone waits for it.
  return {
    pid: child.pid!,
    ready,
    ended,
    output: () => lines.join('\n'),
    log: () => lines.filter((each) => each.startsWith('{')).map((each) => JSON.parse(each) as Record<string, unknown>),
    line,
    kill: (signal) => void child.kill(signal),
  };
}

/** Ends whatever a failed test has left running. */
export async function endPrograms(): Promise<void> {
  const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
}
