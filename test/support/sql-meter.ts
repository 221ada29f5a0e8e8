import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { serverAddress, throughPort } from './database.js';

/** A PostgreSQL proxy that notes every prepared statement as it is executed. */
export interface SqlMeter {
  /** Connection string of the same database, by way of the meter. */
  readonly url: string;
  /** The texts of the statements executed while `work` ran, in order. */
  during(work: () => Promise<unknown>): Promise<string[]>;
  close(): void;
}

export async function startSqlMeter(databaseUrl: string): Promise<SqlMeter> {
  const address = serverAddress(databaseUrl);
  const executed: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(address);
    const read = statementReader((text) => executed.push(text));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.on('data', (chunk: Buffer) => read(chunk));
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: throughPort(databaseUrl, (server.address() as AddressInfo).port),
    async during(work) {
      const before = executed.length;
      await work();
      return executed.slice(before);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Reads the frontend's messages (PostgreSQL protocol 3.0, "Message Formats"): Parse names a statement, Bind executes it. */
function statementReader(onExecuted: (text: string) => void): (chunk: Buffer) => void {
  const texts = new Map<string, string>();
  let buffered: Buffer = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      // The first message has no type.
      const head = started ? 1 : 0;
      if (buffered.length < head + 4) return;
      const length = head + buffered.readInt32BE(head);
      if (buffered.length < length) return;
      const [first = '', second = ''] = buffered.toString('utf8', head + 4, length).split('\0');
      if (started && buffered[0] === 0x50) texts.set(first, second);
      if (started && buffered[0] === 0x42) onExecuted(texts.get(second) ?? '');
      started = true;
      buffered = buffered.subarray(length);
    }
  };
}
