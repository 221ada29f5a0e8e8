import type { Problem } from '../../../src/protocol/errors.js';
import { AtriumError } from '../errors.js';

/** One POST, without the machinery that needs a sign-in. */
export async function postJson<T>(url: string, body: unknown, token?: string): Promise<T> {
  const headers: Record<string, string> = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch((error: unknown) => {
    throw AtriumError.network(error);
  });
  const answer = (await response.json().catch(() => undefined)) as T | Partial<Problem> | undefined;
  if (!response.ok) throw AtriumError.ofResponse(answer as Partial<Problem> | undefined, response);
  return answer as T;
}
