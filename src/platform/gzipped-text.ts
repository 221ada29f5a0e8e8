import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';

const deflate = promisify(gzip);
const inflate = promisify(gunzip);

/**
 * Large text as it is stored (RFC 1952). The fastest level: JSON becomes a tenth in some milliseconds a megabyte, on a thread of its own.
 * PostgreSQL's own compression takes ten times as long, on a core that commits need.
 */
export function gzipText(text: string): Promise<Buffer> {
  return deflate(text, { level: constants.Z_BEST_SPEED });
}

/** Bytes of the text that was compressed: a gzip stream ends with that (RFC 1952 §2.3.1). */
export function bytesOfGzipped(bytes: Buffer): number {
  return bytes.readUInt32LE(bytes.length - 4);
}

export async function gunzipText(bytes: Buffer): Promise<string> {
  return (await inflate(bytes)).toString();
}
