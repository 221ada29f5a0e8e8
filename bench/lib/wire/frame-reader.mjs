/**
 * Walks the server's WebSocket frames in the bytes of a socket without copying or parsing them.
 *
 * The generator shares two cores with the server it measures, so a delivery may cost it only a look at a few bytes.
 */

const CODE = { zero: 0x30, two: 0x32, three: 0x33, four: 0x34, n: 0x6e, m: 0x6d };
/** `42["new-message"`: the shortest payload in which the bytes looked at exist. */
const DELIVERY_PREFIX_BYTES = 16;
/** Header (at most 10 bytes) and delivery prefix: with this much of a cut frame its kind is known. */
const DECIDABLE_BYTES = 10 + DELIVERY_PREFIX_BYTES;
const OPCODE_CLOSE = 0x8;

/** True for `42["new-message"…`; `42["new-…` alone would do, the ninth byte keeps other names out. */
function isDelivery(bytes, start, size) {
  return (
    size >= DELIVERY_PREFIX_BYTES &&
    bytes[start] === CODE.four &&
    bytes[start + 1] === CODE.two &&
    bytes[start + 4] === CODE.n &&
    bytes[start + 8] === CODE.m
  );
}

/** One per socket. `sink` gets: `deliveries += n`, `inspect(bytes, start, end)`, `control(bytes, start, end)`, `closeFrame()`. */
export class FrameReader {
  /** Bytes of a cut delivery that are still to come and need no look. */
  #skipBytes = 0;
  /** A cut frame whose bytes are needed as a whole, or null. */
  #tail = null;

  constructor(sink) {
    this.sink = sink;
    /** When set, deliveries go to `sink.inspect` one by one instead of being counted only. */
    this.inspectsDeliveries = false;
  }

  /** Consumes `bytes[0, end)`. The buffer may be reused by the caller afterwards. */
  read(bytes, end) {
    let at = 0;
    if (this.#skipBytes > 0) {
      if (this.#skipBytes > end) {
        this.#skipBytes -= end;
        return;
      }
      at = this.#skipBytes;
      this.#skipBytes = 0;
      this.sink.deliveries++;
    } else if (this.#tail !== null) {
      bytes = Buffer.concat([this.#tail, bytes.subarray(0, end)]);
      end = bytes.length;
      this.#tail = null;
    }
    const cutAt = this.#walk(bytes, at, end);
    if (cutAt < end) this.#keep(bytes, cutAt, end);
  }

  /** Handles every whole frame from `at`; returns where the first incomplete one starts. */
  #walk(bytes, at, end) {
    const inspects = this.inspectsDeliveries;
    let deliveries = 0;
    while (end - at >= 2) {
      let size = bytes[at + 1];
      let start = at + 2;
      if (size === 126) {
        if (end - at < 4) break;
        size = (bytes[at + 2] << 8) | bytes[at + 3];
        start = at + 4;
      } else if (size === 127) {
        if (end - at < 10) break;
        size = longSize(bytes, at);
        start = at + 10;
      }
      const next = start + size;
      if (next > end) break;
      if (isDelivery(bytes, start, size)) {
        deliveries++;
        if (inspects) this.sink.inspect(bytes, start, next);
      } else if ((bytes[at] & 0xf) === OPCODE_CLOSE) this.sink.closeFrame();
      else this.sink.control(bytes, start, next);
      at = next;
    }
    this.sink.deliveries += deliveries;
    return at;
  }

  #keep(bytes, at, end) {
    if (!this.inspectsDeliveries && end - at >= DECIDABLE_BYTES) {
      const size = bytes[at + 1] === 126 ? (bytes[at + 2] << 8) | bytes[at + 3] : bytes[at + 1] === 127 ? longSize(bytes, at) : bytes[at + 1];
      const start = at + (bytes[at + 1] === 126 ? 4 : bytes[at + 1] === 127 ? 10 : 2);
      if (isDelivery(bytes, start, size)) {
        this.#skipBytes = start + size - end;
        return;
      }
    }
    this.#tail = Buffer.from(bytes.subarray(at, end));
  }
}

/** A 64-bit length; the upper half is always 0 for frames that fit into memory. */
function longSize(bytes, at) {
  return bytes[at + 6] * 0x1000000 + ((bytes[at + 7] << 16) | (bytes[at + 8] << 8) | bytes[at + 9]);
}
