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

export async function gunzipText(bytes: Buffer): Promise<string> {
  return (await inflate(bytes)).toString();
}
