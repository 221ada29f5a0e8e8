/** What the figures depend on: without it a table of results says nothing. */

import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { Samples } from './stats.mjs';

const WAL_PAGE_BYTES = 8192;
const FSYNC_COUNT = 300;

/** `folder` is where the database's files will lie: fsync costs what that file system takes. `packages` are those whose versions matter. */
export function describeMachine(folder, packages = []) {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    commit: gitCommit(),
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    packages: Object.fromEntries(packages.map((name) => [name, createRequire(import.meta.url)(`${name}/package.json`).version])),
    loadAverage: os.loadavg().map((load) => Number(load.toFixed(2))),
    fsync: fsyncLatency(folder),
  };
}

function gitCommit() {
  try {
    const git = (...args) => execFileSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).trim();
    const isDirty = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (isDirty ? ' with uncommitted changes' : '');
  } catch {
    return 'unknown';
  }
}

/** µs of one 8 KB write and fdatasync: the floor of a commit. */
export function fsyncLatency(folder) {
  const path = join(folder, 'fsync-latency');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(WAL_PAGE_BYTES, 1);
  const samples = new Samples();
  for (let i = 0; i < FSYNC_COUNT; i++) {
    const startedAtMs = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    samples.add((performance.now() - startedAtMs) * 1000);
  }
  closeSync(file);
  rmSync(path);
  const [p50Micros, p99Micros] = samples.percentiles(50, 99);
  return { p50Micros: Math.round(p50Micros), p99Micros: Math.round(p99Micros) };
}
