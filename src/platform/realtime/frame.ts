/** A Socket.IO packet, encoded once for everyone who gets it. */
export interface Frame {
  /** The packet for engine.io's ordinary path, without its `4`. */
  readonly packet: string;
  /** The whole WebSocket text frame (RFC 6455, server to client, unmasked). */
  readonly bytes: Buffer;
  /** May be dropped for a slow client. */
  readonly volatile: boolean;
  /** Position among all frames of this process: a socket gets its frames in this order. */
  readonly order: number;
  /** The id of the one socket of the room that does not get it. */
  readonly except: string | undefined;
}

const TEXT_FRAME = 0x81;
const ENGINE_MESSAGE = 0x34; // '4'
let order = 0;

export function makeFrame(packet: string, volatile: boolean, except?: string): Frame {
  return { packet, bytes: encodeTextFrame(packet), volatile, order: ++order, except };
}

/** `4` + packet as one unfragmented text frame. */
function encodeTextFrame(packet: string): Buffer {
  const length = Buffer.byteLength(packet) + 1;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = TEXT_FRAME;
  if (header === 2) bytes[1] = length;
  else if (header === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes[header] = ENGINE_MESSAGE;
  bytes.write(packet, header + 1);
  return bytes;
}

/** Event packet of the main namespace (Socket.IO protocol 5): `2["name",body]`. */
export function encodeEvent(name: string, body: unknown, text = JSON.stringify(body)): string {
  return `2["${name}",${text}]`;
}
