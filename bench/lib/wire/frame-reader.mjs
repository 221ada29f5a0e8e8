/**
 * Walks the server's WebSocket frames in the bytes of a socket without copying or parsing them.
 *
 * The generator shares two cores with the server it measures, so a delivery may cost it only a look at a few bytes.
 */

/** The shortest payload in which the bytes looked at exist. */
const DELIVERY_PREFIX_BYTES = 16;
/** Header (at most 10 bytes) and delivery prefix: with this much of a cut frame its kind is known. */
const DECIDABLE_BYTES = 10 + DELIVERY_PREFIX_BYTES;
/** Which bytes of a payload tell a delivery from everything else: `42["` and two letters of the event's name, in Socket.IO's case. */
const LOOKED_AT = [0, 1, 6, 8];
const OPCODE_CLOSE = 0x8;
/** A cut frame above this is put together in one buffer of its size, instead of being copied again with every read. */
const LARGE_FRAME_BYTES = 1 << 16;

/** One per socket. `sink` gets: `deliveries += n`, `inspect(bytes, start, end)`, `control(bytes, start, end)`, `closeFrame()`. */
export class FrameReader {
  /** Bytes of a cut delivery that are still to come and need no look. */
  #skipBytes = 0;
  /** A cut frame whose bytes are needed as a whole, or null. */
  #tail = null;
  /** A large cut frame, and how much of it is there. */
  #large = null;
  #largeBytes = 0;
  #first;
  #second;
  #seventh;
  #ninth;

  /** `deliveryPrefix`: what the payload of a delivery starts with, at least nine characters. */
  constructor(sink, deliveryPrefix) {
    this.sink = sink;
    [this.#first, this.#second, this.#seventh, this.#ninth] = LOOKED_AT.map((at) => deliveryPrefix.charCodeAt(at));
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
    } else if (this.#large !== null) {
      at = this.#fillLarge(bytes, end);
      if (at === -1) return;
    } else if (this.#tail !== null) {
      bytes = Buffer.concat([this.#tail, bytes.subarray(0, end)]);
      end = bytes.length;
      this.#tail = null;
    }
    const cutAt = this.#walk(bytes, at, end);
    if (cutAt < end) this.#keep(bytes, cutAt, end);
  }

  /** Returns how many bytes belonged to the large frame, or -1 when it is still incomplete. */
  #fillLarge(bytes, end) {
    const taken = Math.min(this.#large.length - this.#largeBytes, end);
    bytes.copy(this.#large, this.#largeBytes, 0, taken);
    this.#largeBytes += taken;
    if (this.#largeBytes < this.#large.length) return -1;
    const frame = this.#large;
    this.#large = null;
    this.#walk(frame, 0, frame.length);
    return taken;
  }

  #isDelivery(bytes, start, size) {
    return (
      size >= DELIVERY_PREFIX_BYTES &&
      bytes[start + 8] === this.#ninth &&
      bytes[start + 6] === this.#seventh &&
      bytes[start + 1] === this.#second &&
      bytes[start] === this.#first
    );
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
      if (this.#isDelivery(bytes, start, size)) {
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
    if (end - at >= DECIDABLE_BYTES) {
      const size = bytes[at + 1] === 126 ? (bytes[at + 2] << 8) | bytes[at + 3] : bytes[at + 1] === 127 ? longSize(bytes, at) : bytes[at + 1];
      const start = at + (bytes[at + 1] === 126 ? 4 : bytes[at + 1] === 127 ? 10 : 2);
      if (!this.inspectsDeliveries && this.#isDelivery(bytes, start, size)) {
        this.#skipBytes = start + size - end;
        return;
      }
      if (size > LARGE_FRAME_BYTES) {
        this.#large = Buffer.allocUnsafe(start + size - at);
        this.#largeBytes = bytes.copy(this.#large, 0, at, end);
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
