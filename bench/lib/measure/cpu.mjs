/**
 * CPU time and memory of the server, from /proc (Linux; elsewhere the figures are NaN).
 *
 * PostgreSQL's share is counted apart: its processes are the postmaster and its descendants, with the time of backends
 * that have already exited taken from the postmaster's cutime and cstime.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_SECOND = ticksPerSecond();
const MICROS_PER_TICK = 1e6 / TICKS_PER_SECOND;

function ticksPerSecond() {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100;
  } catch {
    return 100;
  }
}

/** `{ppid, name, ownTicks, reapedTicks}` of a process, or null when it is gone. proc(5), fields 3, 14 to 17. */
function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const nameEnd = text.lastIndexOf(')');
    const fields = text.slice(nameEnd + 2).split(' ');
    return {
      ppid: Number(fields[1]),
      name: text.slice(text.indexOf('(') + 1, nameEnd),
      ownTicks: Number(fields[11]) + Number(fields[12]),
      reapedTicks: Number(fields[13]) + Number(fields[14]),
    };
  } catch {
    return null;
  }
}

/** Every pid below `rootPid`, the root included. */
export function processTree(rootPid) {
  const childrenOf = new Map();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readStat(entry) : null;
    if (stat === null) continue;
    if (!childrenOf.has(stat.ppid)) childrenOf.set(stat.ppid, []);
    childrenOf.get(stat.ppid).push(Number(entry));
  }
  const tree = [rootPid];
  for (let i = 0; i < tree.length; i++) tree.push(...(childrenOf.get(tree[i]) ?? []));
  return tree;
}

export class CpuProbe {
  /** `postmasterPid` is null for a server without PostgreSQL. */
  constructor(serverPid, postmasterPid) {
    this.serverPid = serverPid;
    this.postmasterPid = postmasterPid;
  }

  /** CPU time spent so far, in µs: of the server's own processes, of PostgreSQL's, of this process, and of the whole machine. */
  sample() {
    const own = process.cpuUsage();
    const generatorMicros = own.user + own.system;
    try {
      return { ...this.#sampleServer(), machineMicros: machineMicros(), generatorMicros };
    } catch {
      return { serverMicros: NaN, databaseMicros: NaN, machineMicros: NaN, generatorMicros };
    }
  }

  #sampleServer() {
    const databasePids = new Set(this.postmasterPid === null ? [] : processTree(this.postmasterPid));
    const serverPids = processTree(this.serverPid).filter((pid) => !databasePids.has(pid));
    let databaseTicks = this.postmasterPid === null ? 0 : (readStat(this.postmasterPid)?.reapedTicks ?? NaN);
    for (const pid of databasePids) databaseTicks += readStat(pid)?.ownTicks ?? 0;
    let serverTicks = 0;
    for (const pid of serverPids) serverTicks += readStat(pid)?.ownTicks ?? 0;
    return { serverMicros: serverTicks * MICROS_PER_TICK, databaseMicros: databaseTicks * MICROS_PER_TICK };
  }
}

/** Of all cores together, without idling. proc(5), /proc/stat: user nice system idle iowait irq softirq steal. */
function machineMicros() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'latin1').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq + steal) * MICROS_PER_TICK;
}

/** Resident memory of one process in bytes. */
export function residentBytes(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) * 1024;
  } catch {
    return NaN;
  }
}
