import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program to its end, its output on ours.
 * @returns {Promise<number>} its exit code; 128 + the signal's number when it was killed
 */
export function runToEnd(program, args, { onSpawn = () => {}, ...options } = {}) {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  child.once('spawn', () => onSpawn(child.pid));
  return exitCodeOf(child);
}

/** Runs a program to its end and keeps its output (both streams, in order of arrival) for the case of a failure. */
export async function runQuietly(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { code: await exitCodeOf(child), output };
}

/**
 * Waits for a child's end; until then termination requests go to it, and we outlive it.
 * @returns {Promise<number>}
 */
async function exitCodeOf(child) {
  const stopForwarding = forwardSignals(child);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    stopForwarding();
  }
}

/**
 * Hands termination requests on to the child, each once: repeated ones come from npm, shells and process
 * managers that address everybody, and a server takes a second request as "now, by force".
 *
 * A Ctrl-C or a closed terminal is not handed on: the whole foreground group is told, so the child knows already.
 */
function forwardSignals(child) {
  const isInteractive = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const forwarded = new Set(isInteractive ? ['SIGINT', 'SIGHUP'] : []);
  const forward = (signal) => {
    if (forwarded.has(signal)) return;
    forwarded.add(signal);
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return () => signals.forEach((signal) => process.off(signal, forward));
}
