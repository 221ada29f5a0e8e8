/** The server's V8 inspector, used from outside: a full collection before memory is read, and profiles of a measured window. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CALL_TIMEOUT_MS = 60_000;
const SAMPLING_INTERVAL_MICROS = 500;
const TOP_COUNT = 20;

export class Inspector {
  #nextId = 1;
  #calls = new Map();

  static async connect(url) {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error('the inspector is not reachable')), { once: true });
    });
    return new Inspector(socket);
  }

  constructor(socket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(data);
      const call = this.#calls.get(id);
      if (call === undefined) return;
      this.#calls.delete(id);
      clearTimeout(call.timeout);
      if (error) call.reject(new Error(error.message));
      else call.resolve(result);
    });
  }

  call(method, params = {}) {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers();
    const timeout = setTimeout(() => reject(new Error(`${method}: no answer`)), CALL_TIMEOUT_MS);
    this.#calls.set(id, { resolve, reject, timeout });
    this.socket.send(JSON.stringify({ id, method, params }));
    return promise;
  }

  async collectGarbage() {
    await this.call('HeapProfiler.enable');
    await this.call('HeapProfiler.collectGarbage');
  }

  async startProfile() {
    await this.call('Profiler.enable');
    await this.call('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_MICROS });
    await this.call('Profiler.start');
  }

  /** Writes the profile to a temporary folder; returns its path and the top of its self-time table as text. */
  async stopProfile(label) {
    const { profile } = await this.call('Profiler.stop');
    const path = join(mkdtempSync(join(tmpdir(), 'atrium-profile-')), `${label.replace(/\W+/g, '-')}.cpuprofile`);
    writeFileSync(path, JSON.stringify(profile));
    return { path, table: selfTimeTable(profile) };
  }

  close() {
    this.socket.close();
  }
}

/** The functions with the most self time, summed over all their call sites. */
export function selfTimeTable(profile) {
  const nodeOf = new Map(profile.nodes.map((node) => [node.id, node]));
  const microsOf = new Map();
  let totalMicros = 0;
  profile.samples.forEach((id, index) => {
    const micros = profile.timeDeltas[index];
    const { functionName, url, lineNumber } = nodeOf.get(id).callFrame;
    const place = url === '' ? '' : ` ${url.replace(/^.*\/(?=(node_modules|dist|bench)\/)/, '')}:${lineNumber + 1}`;
    const name = `${functionName || '(anonymous)'}${place}`;
    microsOf.set(name, (microsOf.get(name) ?? 0) + micros);
    totalMicros += micros;
  });
  const top = [...microsOf].sort((a, b) => b[1] - a[1]).slice(0, TOP_COUNT);
  return top.map(([name, micros]) => `${((100 * micros) / totalMicros).toFixed(1).padStart(6)} %  ${(micros / 1000).toFixed(0).padStart(7)} ms  ${name}`).join('\n');
}
