/** A Socket.IO client on a raw TCP socket: WebSocket transport only, made to cost as little as possible per frame. */

import { FIRST_TEMPLATE_ACK_ID, textFrame } from './frames.mjs';
import { RawWebSocket } from './raw-websocket.mjs';

const PATH = '/socket.io/?EIO=4&transport=websocket';
const PONG = textFrame('3');
const CODE = { zero: 0x30, one: 0x31, two: 0x32, three: 0x33, four: 0x34, d: 0x64 };
const CONNECT_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 30_000;

export class SocketClient {
  /** Frames of the event that is counted, received completely. */
  deliveries = 0;
  /** Acks of templates that carried `data`, and those that carried `error`. */
  acks = 0;
  rejections = 0;
  /** The first thing that went wrong, or null. */
  problem = null;
  /** Events other than that one (`session`, notices, typing). */
  otherEvents = 0;
  /** `(counter modulo 10^7, isOk, bytes, at, end)` of a template's ack; what was answered stands at `[at, end)`. */
  onAck = null;
  /** `(bytes, start, end)` of each delivery, once `inspectDeliveries()` was called. */
  onDelivery = null;
  /** After all frames of one read: the moment to answer many acks with one write. */
  onReadEnd = null;

  #socket;
  #connected = Promise.withResolvers();
  #requests = new Map();
  #nextRequestId = 1;
  #isClosing = false;

  /** Resolves once the namespace is connected with this token. `counted` is the event whose frames are deliveries. */
  static connect(port, token, counted = 'new-message') {
    const client = new SocketClient(port, token, counted);
    return client.#connected.promise;
  }

  constructor(port, token, counted) {
    this.token = token;
    this.#socket = new RawWebSocket(port, PATH, this, `42["${counted}"`);
    const timeout = setTimeout(() => this.failed('connect timed out'), CONNECT_TIMEOUT_MS);
    this.#connected.promise.then(
      () => clearTimeout(timeout),
      () => clearTimeout(timeout),
    );
  }

  inspectDeliveries(onDelivery) {
    this.onDelivery = onDelivery;
    this.#socket.inspectsDeliveries = true;
  }

  /** Back to counting; the callbacks of a measurement end with it. */
  stopInspecting() {
    this.#socket.inspectsDeliveries = false;
    this.onDelivery = null;
    this.onAck = null;
  }

  /** Emits an event and resolves with the parsed ack's `data`; for set-up and rare events, not for the hot path. */
  async request(event, payload) {
    const { data } = JSON.parse(await this.requestText(event, payload));
    return data;
  }

  /** Like `request`, with the ack's first argument as unparsed text. */
  async requestText(event, payload) {
    const { bytes, at, end } = await this.requestBytes(event, payload);
    return bytes.utf8Slice(at, end);
  }

  /** Like `request`, with where the ack's first argument stands in bytes that are valid in this very turn only. */
  requestBytes(event, payload) {
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

  // What RawWebSocket calls.

  readEnd() {
    if (this.onReadEnd !== null) this.onReadEnd();
  }

  inspect(bytes, start, end) {
    this.onDelivery(bytes, start, end);
  }

  closeFrame() {
    this.failed('the server sent a close frame');
  }

  /** Everything but deliveries: Engine.IO open, ping; Socket.IO connect, other events, acks. */
  control(bytes, start, end) {
    if (bytes[start] === CODE.two) return void this.#socket.write(PONG);
    if (bytes[start] === CODE.zero) return void this.#socket.write(textFrame(`40${JSON.stringify({ token: this.token })}`));
    if (bytes[start] === CODE.one) return this.failed('the server closed the session');
    if (bytes[start] !== CODE.four) return;
    if (bytes[start + 1] === CODE.three) this.#ack(bytes, start + 2, end);
    else if (bytes[start + 1] === CODE.two) this.#otherEvent(bytes, start, end);
    else if (bytes[start + 1] === CODE.zero) this.#connected.resolve(this);
    else this.failed(`refused or disconnected: ${bytes.utf8Slice(start, Math.min(end, start + 200))}`);
  }

  #otherEvent(bytes, start, end) {
    this.otherEvents++;
    if (bytes.latin1Slice(start + 2, start + 9) === '["error') this.problem ??= bytes.utf8Slice(start, Math.min(end, start + 300));
  }

  /** `43<id>[{"data":…}]`: for templates only the id and the first letter of the answer matter. */
  #ack(bytes, at, end) {
    let id = 0;
    for (; at < end && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) id = id * 10 + bytes[at] - 0x30;
    if (id < FIRST_TEMPLATE_ACK_ID) return this.#answer(id, bytes, at, end);
    const isOk = bytes[at + 3] === CODE.d;
    if (isOk) this.acks++;
    else {
      this.rejections++;
      this.problem ??= `rejected: ${bytes.utf8Slice(at, Math.min(end, at + 300))}`;
    }
    if (this.onAck !== null) this.onAck(id - FIRST_TEMPLATE_ACK_ID, isOk, bytes, at, end);
  }

  #answer(id, bytes, at, end) {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    clearTimeout(request.timeout);
    if (bytes[at + 3] === CODE.d) request.resolve({ bytes, at: at + 1, end: end - 1 });
    else request.reject(new Error(`${request.event}: ${bytes.utf8Slice(at, Math.min(end, at + 300))}`));
  }

  failed(message) {
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
