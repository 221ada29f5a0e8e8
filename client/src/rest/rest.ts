import createClient, { type Client } from 'openapi-fetch';
import type { Auth } from '../auth/auth.js';
import { backoffMs } from '../connection/backoff.js';
import { AtriumError } from '../errors.js';
import { exchange } from './exchange.js';
import type { paths } from './openapi.js';

const MAX_ATTEMPTS = 4;
/** Longer than this nobody wants to wait inside one call. */
const MAX_WAIT_MS = 5_000;
/**
 * Of the first attempt; each further one may take twice as long. No answer takes so long on a good line: the connection is lost, or half
 * open, and a browser may have several of that kind.
 */
const TIMEOUT_MS = 5_000;

/** The whole REST API, typed from its OpenAPI document: `rest.GET('/api/v1/rooms/{id}', { params: { path: { id } } })`. */
export type Rest = Client<paths>;

/**
 * A typed client that signs its requests, refreshes the token once when it is refused, and repeats what may be repeated (reads, and
 * writes under an `Idempotency-Key`) while the server is away.
 */
export function createRest(baseUrl: string, auth: Auth): Rest {
  return createClient<paths>({ baseUrl, fetch: (request) => send(request, auth) });
}

/**
 * What openapi-fetch answers, as a value or an exception.
 * @throws AtriumError
 */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw AtriumError.from(cause);
  });
  if (!response.ok) throw AtriumError.ofResponse(typeof error === 'object' && error !== null ? error : undefined, response);
  return data as T;
}

async function send(request: Request, auth: Auth): Promise<Response> {
  if (request.method === 'POST') request.headers.set('idempotency-key', crypto.randomUUID());
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === MAX_ATTEMPTS || request.method === 'DELETE';
    try {
      const response = await sendSigned(request, auth, TIMEOUT_MS * 2 ** (attempt - 1));
      if (isLast || (response.status !== 503 && response.status !== 502)) return response;
    } catch (error) {
      if (isLast || request.signal.aborted) throw AtriumError.from(error);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(MAX_WAIT_MS, backoffMs(attempt))));
  }
}

async function sendSigned(request: Request, auth: Auth, timeoutMs: number): Promise<Response> {
  const token = await auth.accessToken();
  const response = await exchange(sign(request, token), timeoutMs);
  if (response.status !== 401 || token === null) return response;
  const fresh = await auth.refresh(token);
  return fresh === null ? response : exchange(sign(request, fresh), timeoutMs);
}

/** A copy, since a request can be sent once only. */
function sign(request: Request, token: string | null): Request {
  const signed = request.clone();
  if (token !== null) signed.headers.set('authorization', `Bearer ${token}`);
  return signed;
}
