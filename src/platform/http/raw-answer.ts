import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Where there is no response object: a request that is none, or one that asks for an upgrade. Answers and ends the connection. */
export function answerRaw(socket: Duplex, status: number, headers: Record<string, string>, body: string): void {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  // The other side may be gone already; then nobody is left to hear of it.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}
