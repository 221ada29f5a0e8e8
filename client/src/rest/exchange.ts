import { AtriumError } from '../errors.js';

/**
 * One HTTP request with its whole answer, or none: an answer that stops half-way counts as none, and so does one that takes longer than
 * `timeoutMs` (a half-open connection says nothing at all, and `fetch` alone would listen to it for minutes).
 * @throws AtriumError `NETWORK`
 */
export async function exchange(request: Request, timeoutMs: number): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const response = await fetch(request, { signal: AbortSignal.any([request.signal, timeout.signal]) });
    const body = await response.arrayBuffer();
    return new Response(body.byteLength > 0 ? body : null, response);
  } catch (error) {
    throw AtriumError.network(error);
  } finally {
    clearTimeout(timer);
  }
}
