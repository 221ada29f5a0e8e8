/**
 * An editor of ShareDB, which speaks the protocol of its stock client: one message is under way at a time, and what is edited
 * meanwhile leaves together as one composed operation when it has been acknowledged.
 *
 * It keeps no copy of the page. Operations of others need not be carried over: nobody else touches the lists that it does.
 */

import { textFrame } from '../lib/wire/frames.mjs';
import { RawWebSocket } from '../lib/wire/raw-websocket.mjs';
import { isRestructuring, toJson0 } from './edits.mjs';

const CONNECT_TIMEOUT_MS = 30_000;
const VERSION_KEY = Buffer.from('"v":');
const SOURCE_KEY = Buffer.from('"src":"');
const DELIVERY_PREFIX = '{"a":"op"';
const CODE = { zero: 0x30, nine: 0x39, comma: 0x2c };
const SOURCE_CHARS = 8;

/** The editors of this process by their source, to tell whose an operation is. */
const editors = [];

export class ShareEditor {
  version = 0;
  acks = 0;
  /** Frames with operations; FrameReader counts them. */
  deliveries = 0;
  /** Edits of others that arrived, each once, also when ShareDB sends them twice. */
  delivered = 0;
  problem = null;
  onAck = null;
  onDelivery = null;
  onReadEnd = null;
  record = null;

  #socket;
  #pageId;
  #stream;
  #source;
  #joined = Promise.withResolvers();
  #nextSeq = 1;
  /** Edits that wait for the message that is under way. */
  #waiting = [];
  /** By seq: the counters that a message carries, for those who receive it. */
  #sent = new Map();
  #underWay = null;
  #isComposing;
  #isClosing = false;

  /** `isComposing`: edits leave together as from the stock client; else each is a message of its own. */
  static async open(port, pageId, stream, { isComposing = true } = {}) {
    const editor = new ShareEditor(port, pageId, stream, isComposing);
    await editor.#joined.promise;
    return editor;
  }

  constructor(port, pageId, stream, isComposing) {
    this.#pageId = pageId;
    this.#stream = stream;
    this.#isComposing = isComposing;
    this.#source = `e${String(editors.push(this) - 1).padStart(SOURCE_CHARS - 1, '0')}`;
    this.#socket = new RawWebSocket(port, '/', this, DELIVERY_PREFIX);
    this.#socket.inspectsDeliveries = true;
    const timeout = setTimeout(() => this.failed('joining timed out'), CONNECT_TIMEOUT_MS);
    this.#joined.promise.then(
      () => clearTimeout(timeout),
      () => clearTimeout(timeout),
    );
  }

  get published() {
    return this.acks;
  }

  get answered() {
    return this.acks;
  }

  /** Edits of the page that this socket knows to be in it: its own it learns by their acks. */
  get received() {
    return this.delivered + this.acks;
  }

  send(counters) {
    for (const counter of counters) this.#waiting.push({ counter, edit: this.#stream.next(true) });
    if (this.#underWay === null) this.#flush();
  }

  close() {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #flush() {
    const edits = this.#isComposing ? this.#waiting.splice(0) : this.#waiting.splice(0, 1);
    const seq = this.#nextSeq++;
    this.#underWay = { seq, counters: edits.map(({ counter }) => counter) };
    this.#sent.set(seq, this.#underWay.counters);
    const op = edits.flatMap(({ edit }) => toJson0(edit));
    this.#write({ a: 'op', c: 'pages', d: this.#pageId, v: this.version, seq, x: {}, op });
  }

  #write(message) {
    this.#socket.write(textFrame(JSON.stringify(message)));
  }

  // What RawWebSocket calls.

  inspect(bytes, start, end) {
    let at = bytes.indexOf(VERSION_KEY, start) + VERSION_KEY.length;
    let version = 0;
    for (; bytes[at] >= CODE.zero && bytes[at] <= CODE.nine; at++) version = version * 10 + bytes[at] - CODE.zero;
    if (version < this.version) return;
    if (version > this.version) this.problem ??= `order: version ${version} where ${this.version} was due`;
    this.version = version + 1;
    at += 1 + SOURCE_KEY.length;
    let sender = 0;
    for (let i = 1; i < SOURCE_CHARS; i++) sender = sender * 10 + bytes[at + i] - CODE.zero;
    at += SOURCE_CHARS + '","seq":'.length;
    let seq = 0;
    for (; bytes[at] >= CODE.zero && bytes[at] <= CODE.nine; at++) seq = seq * 10 + bytes[at] - CODE.zero;
    if (this.record !== null) this.record.push(bytes.utf8Slice(start, end));
    const counters = editors[sender].#sent.get(seq);
    this.delivered += counters.length;
    if (this.onDelivery !== null) for (const counter of counters) this.onDelivery(counter);
  }

  /** Everything but operations of others: the handshake, the page, and acks, which begin with the source. */
  control(bytes, start, end) {
    const message = JSON.parse(bytes.utf8Slice(start, end));
    if (message.error !== undefined) return void (this.problem ??= `rejected: ${JSON.stringify(message.error)}`);
    if (message.a === 'init') return this.#write({ a: 'hs', id: this.#source, protocol: 1, protocolMinor: 2 });
    if (message.a === 'hs') return this.#write({ a: 's', c: 'pages', d: this.#pageId });
    if (message.a === 's') {
      this.version = message.data.v;
      this.#joined.resolve();
    } else if (message.a === 'op') this.#acked(message);
  }

  #acked({ seq, v }) {
    if (this.#underWay?.seq !== seq) return void (this.problem ??= `an ack of ${seq}, which is not under way`);
    const { counters } = this.#underWay;
    this.version = Math.max(this.version, v + 1);
    this.#underWay = null;
    this.acks += counters.length;
    if (this.record !== null) this.record.push({ seq, v });
    if (this.onAck !== null) for (const counter of counters) this.onAck(counter);
    if (this.#waiting.length > 0) this.#flush();
  }

  readEnd() {
    if (this.onReadEnd !== null) this.onReadEnd();
  }

  closeFrame() {
    this.failed('the server sent a close frame');
  }

  failed(message) {
    if (this.#isClosing) return;
    this.problem ??= message;
    this.#joined.reject(new Error(message));
  }
}
