import { readdirSync, readFileSync } from 'node:fs';

/** The process and its children, for example a PostgreSQL server with its backends. */
export function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return [pid, ...children.map(Number)];
}

/** Stops the process and its children while `work` runs: connections stay open, and nothing is answered. */
export async function whileFrozen<T>(pid: number, work: () => Promise<T>): Promise<T> {
  const frozen = familyOf(pid);
  for (const member of frozen) process.kill(member, 'SIGSTOP');
  try {
    return await work();
  } finally {
    for (const member of frozen) process.kill(member, 'SIGCONT');
  }
}

function parentOf(pid: string): number {
  try {
    return Number(/^\d+ \(.*\) . (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0; // It has ended meanwhile.
  }
}
