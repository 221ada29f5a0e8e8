/** A Socket.IO client on a raw TCP socket: WebSocket transport only, made to cost as little as possible per frame. */

import net from 'node:net';
import { FrameReader } from './frame-reader.mjs';
import { FIRST_TEMPLATE_ACK_ID, textFrame } from './frames.mjs';
import { afterRead } from './read-pause.mjs';

/** One read buffer for all sockets: a read is handled before the next one starts. Large, so that a burst is one read. */
const readBuffer = Buffer.allocUnsafeSlow(1 << 20);
const HEADER_END = Buffer.from('\r\n\r\n');
const PONG = textFrame('3');
const CODE = { zero: 0x30, one: 0x31, two: 0x32, three: 0x33, four: 0x34, d: 0x64 };
const CONNECT_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 30_000;

export class SocketClient {
  /** `new-message` frames received completely. */
  deliveries = 0;
  /** Acks of templates that carried `data`, and those that carried `error`. */
  acks = 0;
  rejections = 0;
  /** The first thing that went wrong, or null. */
  problem = null;
  /** Events other than `new-message` (`session`, notices, typing). */
  otherEvents = 0;
  /** `(counter modulo 10^7, isOk)` of a template's ack. */
  onAck = null;
  /** `(bytes, start, end)` of each delivery, once `inspectDeliveries()` was called. */
  onDelivery = null;
  /** After all frames of one read: the moment to answer many acks with one write. */
  onReadEnd = null;

  #socket;
  #reader = new FrameReader(this);
  #upgraded = false;
  #handshake = Buffer.alloc(0);
  #connected = Promise.withResolvers();
  #requests = new Map();
  #nextRequestId = 1;
  #isClosing = false;

  /** Resolves once the namespace is connected with this token. */
  static connect(port, token) {
    const client = new SocketClient(port, token);
    return client.#connected.promise;
  }

  constructor(port, token) {
    this.token = token;
    const onread = { buffer: readBuffer, callback: (bytes, buffer) => this.#read(bytes, buffer) };
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(port)));
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.on('close', () => this.#fail('the server closed the socket'));
    const timeout = setTimeout(() => this.#fail('connect timed out'), CONNECT_TIMEOUT_MS);
    this.#connected.promise.then(
      () => clearTimeout(timeout),
      () => clearTimeout(timeout),
    );
  }

  inspectDeliveries(onDelivery) {
    this.onDelivery = onDelivery;
    this.#reader.inspectsDeliveries = true;
  }

  /** Back to counting; the callbacks of a measurement end with it. */
  stopInspecting() {
    this.#reader.inspectsDeliveries = false;
    this.onDelivery = null;
    this.onAck = null;
  }

  /** Emits an event and resolves with the parsed ack's `data`; for set-up and rare events, not for the hot path. */
  async request(event, payload) {
    const { data } = JSON.parse(await this.requestText(event, payload));
    return data;
  }

  /** Like `request`, with the ack's first argument as unparsed text. */
  requestText(event, payload) {
    const id = this.#nextRequestId++;
    const { promise, resolve, reject } = Promise.withResolvers();
    const timeout = setTimeout(() => reject(new Error(`${event}: no ack in ${REQUEST_TIMEOUT_MS} ms`)), REQUEST_TIMEOUT_MS);
    this.#requests.set(id, { event, resolve, reject, timeout });
    this.write(textFrame(`42${id}${JSON.stringify([event, payload])}`));
    return promise;
  }

  write(frames) {
    this.#socket.write(frames);
  }

  close() {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #read(bytes, buffer) {
    if (this.#upgraded) this.#reader.read(buffer, bytes);
    else this.#readHandshake(buffer.subarray(0, bytes));
    if (this.onReadEnd !== null) this.onReadEnd();
    afterRead();
    return true;
  }

  #readHandshake(bytes) {
    this.#handshake = Buffer.concat([this.#handshake, bytes]);
    const end = this.#handshake.indexOf(HEADER_END);
    if (end === -1) return;
    const head = this.#handshake.latin1Slice(0, end);
    if (!head.startsWith('HTTP/1.1 101')) return this.#fail(`the upgrade was refused: ${head.split('\r\n')[0]}`);
    this.#upgraded = true;
    const rest = Buffer.from(this.#handshake.subarray(end + HEADER_END.length));
    this.#handshake = Buffer.alloc(0);
    if (rest.length > 0) this.#reader.read(rest, rest.length);
  }

  // What FrameReader calls.

  inspect(bytes, start, end) {
    this.onDelivery(bytes, start, end);
  }

  closeFrame() {
    this.#fail('the server sent a close frame');
  }

  /** Everything but deliveries: Engine.IO open, ping; Socket.IO connect, other events, acks. */
  control(bytes, start, end) {
    if (bytes[start] === CODE.two) return void this.#socket.write(PONG);
    if (bytes[start] === CODE.zero) return void this.#socket.write(textFrame(`40${JSON.stringify({ token: this.token })}`));
    if (bytes[start] === CODE.one) return this.#fail('the server closed the session');
    if (bytes[start] !== CODE.four) return;
    if (bytes[start + 1] === CODE.three) this.#ack(bytes, start + 2, end);
    else if (bytes[start + 1] === CODE.two) this.#otherEvent(bytes, start, end);
    else if (bytes[start + 1] === CODE.zero) this.#connected.resolve(this);
    else this.#fail(`refused or disconnected: ${bytes.utf8Slice(start, Math.min(end, start + 200))}`);
  }

  #otherEvent(bytes, start, end) {
    this.otherEvents++;
    if (bytes.latin1Slice(start + 2, start + 9) === '["error') this.problem ??= bytes.utf8Slice(start, Math.min(end, start + 300));
  }

  /** `43<id>[{"data":…}]`: for templates only the id and the first letter of the answer matter. */
  #ack(bytes, at, end) {
    let id = 0;
    for (; at < end && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) id = id * 10 + bytes[at] - 0x30;
    if (id < FIRST_TEMPLATE_ACK_ID) return this.#answer(id, bytes.utf8Slice(at, end));
    const isOk = bytes[at + 3] === CODE.d;
    if (isOk) this.acks++;
    else {
      this.rejections++;
      this.problem ??= `rejected: ${bytes.utf8Slice(at, Math.min(end, at + 300))}`;
    }
    if (this.onAck !== null) this.onAck(id - FIRST_TEMPLATE_ACK_ID, isOk);
  }

  #answer(id, text) {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    clearTimeout(request.timeout);
    if (text.startsWith('[{"data"')) request.resolve(text.slice(1, -1));
    else request.reject(new Error(`${request.event}: ${text.slice(0, 300)}`));
  }

  #fail(message) {
    if (this.#isClosing) return;
    this.problem ??= message;
    this.#connected.reject(new Error(message));
    for (const { event, reject, timeout } of this.#requests.values()) {
      clearTimeout(timeout);
      reject(new Error(`${event}: ${message}`));
    }
    this.#requests.clear();
  }
}

function upgradeRequest(port) {
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
}
