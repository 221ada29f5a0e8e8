/** An editor of the product: a socket on a page that sends patches and follows those of everybody. */

import { ACK_COUNTERS, FIRST_TEMPLATE_ACK_ID, textFrame, uniquePrefix } from '../lib/wire/frames.mjs';
import { SocketClient } from '../lib/wire/socket-client.mjs';
import { isRestructuring, toJsonPatch } from './edits.mjs';

const SEQ_KEY = Buffer.from('"seq":');
const VERSION_KEY = Buffer.from('"version":');
const VERSION_DIGITS = 16;
const OP_ID_KEY = Buffer.from('"opId":"');
/** `[{"data":{"version":`: where an ack's version stands. */
const VERSION_AT = 20;
/** Behind a version: `,"outcome":"`. */
const OUTCOME_AFTER = 12;
const CODE = { zero: 0x30, nine: 0x39, d: 0x64 };
const COUNTER_DIGITS = 12;
const opIdPrefix = uniquePrefix();

export class PatchEditor {
  /** The version that this editor has seen: the seq of the last entry that arrived. */
  version = 0;
  /** Patches that were acknowledged without having changed anything. */
  discarded = 0;
  /** Entries that came out of order. */
  gaps = 0;
  /** `(counter)` when a patch is acknowledged, and when anybody's arrives. */
  onAck = null;
  onDelivery = null;
  onReadEnd = null;
  /** Everything that arrived, as JSON text, while it is an array. */
  record = null;

  #client;
  #pageId;
  #stream;
  /** A change of the own section that is not known to be in the page: its counter, then its version. */
  #restructuring = null;
  #seqOffset = 0;

  static async open(port, token, pageId, stream) {
    const client = await SocketClient.connect(port, token, 'op-patch');
    const editor = new PatchEditor(client, pageId, stream);
    const { bytes, at, end } = await client.requestBytes('page-join', { pageId, sync: false });
    editor.version = joinedVersion(bytes, at, end);
    return editor;
  }

  /** `stream` is null for somebody who only watches. */
  constructor(client, pageId, stream) {
    this.#client = client;
    this.#pageId = pageId;
    this.#stream = stream;
    client.inspectDeliveries((bytes, start, end) => this.#delivered(bytes, start, end));
    client.onAck = (counter, isOk, bytes, at) => this.#acked(counter, isOk, bytes, at);
    client.onReadEnd = () => {
      if (this.onReadEnd !== null) this.onReadEnd();
    };
  }

  /** Patches that anybody's socket on the page must get for it. */
  get published() {
    return this.#client.acks - this.discarded;
  }

  get answered() {
    return this.#client.acks + this.#client.rejections;
  }

  get acks() {
    return this.#client.acks;
  }

  /** Patches that arrived, the own ones included. */
  get delivered() {
    return this.#client.deliveries;
  }

  /** Edits of the page that this socket knows to be in it. */
  get received() {
    return this.delivered;
  }

  get problem() {
    return this.#client.problem ?? (this.gaps > 0 ? `order: ${this.gaps} entries did not follow the one before` : null);
  }

  /** One patch for each counter, with the version that this editor has. */
  send(counters) {
    this.#client.write(counters.length === 1 ? this.#frame(counters[0]) : Buffer.concat(counters.map((counter) => this.#frame(counter))));
  }

  close() {
    this.#client.close();
  }

  #frame(counter) {
    const edit = this.#stream.next(this.#restructuring === null);
    if (isRestructuring(edit)) this.#restructuring = { counter: counter % ACK_COUNTERS, version: Infinity };
    const opId = `${opIdPrefix}-${String(counter).padStart(COUNTER_DIGITS, '0')}`;
    const body = { pageId: this.#pageId, version: this.version, patches: toJsonPatch(edit), opId };
    return textFrame(`42${FIRST_TEMPLATE_ACK_ID + (counter % ACK_COUNTERS)}${JSON.stringify(['op-patch', body])}`);
  }

  #acked(counter, isOk, bytes, at) {
    if (isOk) {
      let version = 0;
      for (at += VERSION_AT; bytes[at] >= CODE.zero && bytes[at] <= CODE.nine; at++) version = version * 10 + bytes[at] - CODE.zero;
      if (bytes[at + OUTCOME_AFTER] === CODE.d) this.discarded++;
      if (this.#restructuring?.counter === counter) this.#restructuring.version = version;
      this.#settle();
    }
    if (this.onAck !== null) this.onAck(counter);
  }

  #delivered(bytes, start, end) {
    let at = start + this.#seqOffset;
    if (this.#seqOffset === 0 || bytes[at - 1] !== 0x3a) {
      at = bytes.indexOf(SEQ_KEY, start) + SEQ_KEY.length;
      this.#seqOffset = at - start;
    }
    let seq = 0;
    for (; bytes[at] >= CODE.zero && bytes[at] <= CODE.nine; at++) seq = seq * 10 + bytes[at] - CODE.zero;
    if (seq !== this.version + 1) this.gaps++;
    this.version = seq;
    if (this.#restructuring !== null) this.#settle();
    if (this.record !== null) this.record.push(bytes.utf8Slice(bytes.indexOf('{', start), end - 1));
    if (this.onDelivery !== null) this.onDelivery(counterOf(bytes, end));
  }

  #settle() {
    if (this.#restructuring !== null && this.#restructuring.version <= this.version) this.#restructuring = null;
  }
}

/** The version in the answer to `page-join`. */
export function joinedVersion(bytes, at, end) {
  const start = bytes.indexOf(VERSION_KEY, at) + VERSION_KEY.length;
  return parseInt(bytes.latin1Slice(start, Math.min(end, start + VERSION_DIGITS)), 10);
}

function counterOf(bytes, end) {
  const at = bytes.lastIndexOf(OP_ID_KEY, end) + OP_ID_KEY.length + opIdPrefix.length + 1;
  let counter = 0;
  for (let i = 0; i < COUNTER_DIGITS; i++) counter = counter * 10 + bytes[at + i] - CODE.zero;
  return counter;
}
