import type { IncomingHttpHeaders } from 'node:http';

const MAX_CHARS = 256;

/** What a client says of itself, as far as it is kept. */
export function userAgentOf(headers: IncomingHttpHeaders): string | null {
  return headers['user-agent']?.slice(0, MAX_CHARS) ?? null;
}
