/**
 * Client side WebSocket text frames, built by hand (RFC 6455 §5.2).
 *
 * A library frame costs several microseconds a message; here a message is a masked template of which only some digits change.
 */

/** Fixed, but not zero: a zero mask would let the server skip its unmasking, which no real client allows. */
const MASK = Uint8Array.of(0x5a, 0xc3, 0x17, 0xe9);

/** Digits of the counter that makes each message of a template unique. */
export const COUNTER_DIGITS = 12;
const COUNTER_PLACEHOLDER = '#'.repeat(COUNTER_DIGITS);

/** Ack ids of templates start here; smaller ids belong to `SocketClient.request`. */
export const FIRST_TEMPLATE_ACK_ID = 10_000_000;
const ACK_ID_DIGITS = 8;
const ACK_COUNTER_DIGITS = ACK_ID_DIGITS - 1;
/** An ack tells the counter modulo this. */
export const ACK_COUNTERS = 10 ** ACK_COUNTER_DIGITS;

/** Marks the counter inside a message's content, so that a receiver finds it without parsing JSON. */
export const CONTENT_MARK = Buffer.from('~~');

/** A whole masked text frame. */
export function textFrame(text) {
  const payload = Buffer.from(text);
  const header = frameHeader(payload.length);
  const frame = Buffer.concat([header, payload]);
  for (let i = 0; i < payload.length; i++) frame[header.length + i] ^= MASK[i & 3];
  return frame;
}

function frameHeader(payloadBytes) {
  const lengthBytes = payloadBytes < 126 ? 0 : payloadBytes <= 0xffff ? 2 : 8;
  const header = Buffer.alloc(2 + lengthBytes + 4);
  header[0] = 0x81;
  header[1] = 0x80 | (lengthBytes === 0 ? payloadBytes : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) header.writeUInt16BE(payloadBytes, 2);
  if (lengthBytes === 8) header.writeBigUInt64BE(BigInt(payloadBytes), 2);
  header.set(MASK, 2 + lengthBytes);
  return header;
}

/**
 * An event with an ack, masked once. Every copy gets its own counter (0 … 10^12 - 1), written into each placeholder of the
 * payload and, modulo 10^7, into the ack id.
 */
export class EventTemplate {
  /** `payload` is the event's argument; the text `counter()` in it becomes the counter. */
  constructor(event, payload) {
    const ackDigits = '0'.repeat(ACK_COUNTER_DIGITS);
    const text = `421${ackDigits}${JSON.stringify([event, payload])}`;
    this.frame = textFrame(text);
    const payloadStart = this.frame.length - Buffer.byteLength(text);
    this.payloadStart = payloadStart;
    this.ackDigitsAt = payloadStart + 3;
    this.counterOffsets = [];
    for (let at = text.indexOf(COUNTER_PLACEHOLDER); at !== -1; at = text.indexOf(COUNTER_PLACEHOLDER, at + 1)) {
      this.counterOffsets.push(payloadStart + Buffer.byteLength(text.slice(0, at)));
    }
    this.bytes = this.frame.length;
  }

  /** Writes one message with this counter into `out` at `offset`. */
  writeTo(out, offset, counter) {
    out.set(this.frame, offset);
    setDigits(counter);
    for (const at of this.counterOffsets) this.#writeDigits(out, offset, at, 0);
    this.#writeDigits(out, offset, this.ackDigitsAt, COUNTER_DIGITS - ACK_COUNTER_DIGITS);
  }

  #writeDigits(out, offset, at, firstDigit) {
    const phase = at - this.payloadStart - firstDigit;
    for (let i = firstDigit; i < COUNTER_DIGITS; i++) {
      out[offset + at + i - firstDigit] = digits[i] ^ MASK[(phase + i) & 3];
    }
  }
}

/** The placeholder to put into a template's payload. */
export const counter = () => COUNTER_PLACEHOLDER;

const digits = new Uint8Array(COUNTER_DIGITS);

function setDigits(value) {
  for (let i = COUNTER_DIGITS - 1; i >= 0; i--) {
    const rest = Math.floor(value / 10);
    digits[i] = 48 + (value - rest * 10);
    value = rest;
  }
}

/** `send-message` with exactly `contentBytes` of ASCII content and a clientMsgId that is a valid UUIDv7. */
export function sendMessageTemplate(roomId, uniquePrefix, contentBytes) {
  const content = `${CONTENT_MARK}${counter()}${CONTENT_MARK}`.padEnd(contentBytes, 'lorem ipsum ');
  return new EventTemplate('send-message', { roomId, clientMsgId: `${uniquePrefix}-7000-8000-${counter()}`, content });
}

/** Two UUID groups that differ from run to run: a clientMsgId must never be seen twice by one database. */
export function uniquePrefix() {
  const hex = Date.now().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
