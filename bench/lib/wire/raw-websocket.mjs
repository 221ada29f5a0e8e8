/** A client's WebSocket on a raw TCP socket: the upgrade, whole frames in, ready-made frames out. */

import net from 'node:net';
import { FrameReader } from './frame-reader.mjs';
import { afterRead } from './read-pause.mjs';

/** One read buffer for all sockets: a read is handled before the next one starts. Large, so that a burst is one read. */
const readBuffer = Buffer.allocUnsafeSlow(1 << 20);
const HEADER_END = Buffer.from('\r\n\r\n');

export class RawWebSocket {
  #socket;
  #reader;
  #sink;
  #upgraded = false;
  #handshake = Buffer.alloc(0);

  /** `sink` gets what FrameReader tells it, and `readEnd()` after all frames of one read, and `failed(message)`. */
  constructor(port, path, sink, deliveryPrefix) {
    this.#sink = sink;
    this.#reader = new FrameReader(sink, deliveryPrefix);
    const onread = { buffer: readBuffer, callback: (bytes, buffer) => this.#read(bytes, buffer) };
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(port, path)));
    this.#socket.on('error', (error) => sink.failed(error.message));
    this.#socket.on('close', () => sink.failed('the server closed the socket'));
  }

  /** Whether deliveries go to `sink.inspect` one by one instead of being counted only. */
  set inspectsDeliveries(value) {
    this.#reader.inspectsDeliveries = value;
  }

  write(frames) {
    this.#socket.write(frames);
  }

  destroy() {
    this.#socket.destroy();
  }

  #read(bytes, buffer) {
    if (this.#upgraded) this.#reader.read(buffer, bytes);
    else this.#readHandshake(buffer.subarray(0, bytes));
    this.#sink.readEnd();
    afterRead();
    return true;
  }

  #readHandshake(bytes) {
    this.#handshake = Buffer.concat([this.#handshake, bytes]);
    const end = this.#handshake.indexOf(HEADER_END);
    if (end === -1) return;
    const head = this.#handshake.latin1Slice(0, end);
    if (!head.startsWith('HTTP/1.1 101')) return this.#sink.failed(`the upgrade was refused: ${head.split('\r\n')[0]}`);
    this.#upgraded = true;
    const rest = Buffer.from(this.#handshake.subarray(end + HEADER_END.length));
    this.#handshake = Buffer.alloc(0);
    if (rest.length > 0) this.#reader.read(rest, rest.length);
  }
}

function upgradeRequest(port, path) {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
}
