import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AppendResult, NewEntry } from '../../src/journal/entry.js';
import { within } from './eventually.js';

const PROGRAM = fileURLToPath(new URL('programs/journal-node.mjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/src/journal/journal.js', import.meta.url));
const CALL_TIMEOUT_MS = 60_000;

export interface Acked {
  channelId: string;
  opId: string;
  seq: number;
  ordinal: number;
  counted: boolean;
}

interface Writing {
  channelIds: string[];
  writers: number;
  entriesEach: number;
  countedEvery?: number;
}

type Answer = AppendResult | { error: string };

/** A journal node in another process (the built code), called over IPC. */
export class RemoteNode {
  private nextId = 0;

  private constructor(private readonly child: ChildProcess) {
    child.setMaxListeners(0);
  }

  static async start(url: string, bus: 'local' | 'postgres' = 'local'): Promise<RemoteNode> {
    if (!existsSync(BUILT)) throw new Error('the other process runs the built code: npm run build');
    const child = fork(PROGRAM, [url, bus], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await within('the journal node is up', once(child, 'message'));
    return new RemoteNode(child);
  }

  append(entry: NewEntry): Promise<AppendResult> {
    return this.call('append', entry);
  }
  appendAll(entries: NewEntry[]): Promise<Answer[]> {
    return this.call('appendAll', entries);
  }
  appendAllAt(seq: number, entries: NewEntry[]): Promise<Answer[]> {
    return this.call('appendAllAt', seq, entries);
  }
  write(writing: Writing): Promise<Acked[]> {
    return this.call('write', writing);
  }
  hold(channelIds: string[]): Promise<Record<string, number>> {
    return this.call('hold', channelIds);
  }
  streams(): Promise<Record<string, number[]>> {
    return this.call('streams');
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private call<T>(method: string, ...args: unknown[]): Promise<T> {
    const id = ++this.nextId;
    const answer = new Promise<T>((resolve, reject) => {
      const hear = (message: { id: number; result: T; error?: string }) => {
        if (message.id !== id) return;
        this.child.off('message', hear);
        if (message.error === undefined) resolve(message.result);
        else reject(Object.assign(new Error(message.error), { code: message.error }));
      };
      this.child.on('message', hear);
      this.child.send({ id, method, args });
    });
    return within(`${method} of the other process`, answer, CALL_TIMEOUT_MS);
  }
}
