import type { Problem } from '../../../src/protocol/errors.js';
import { AtriumError } from '../errors.js';
import { exchange } from './exchange.js';

/** One POST, without the machinery that needs a sign-in. */
export async function postJson<T>(url: string, body: unknown, { token, timeoutMs }: { token?: string; timeoutMs: number }): Promise<T> {
  const headers: Record<string, string> = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) };
  const response = await exchange(new Request(url, { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) }), timeoutMs);
  const text = await response.text();
  if (!response.ok) throw AtriumError.ofResponse(parse(text) as Partial<Problem> | undefined, response);
  const answer = parse(text);
  // Somebody else's answer: a proxy's page, or a captive portal's.
  if (text !== '' && answer === undefined) throw AtriumError.network();
  return answer as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
