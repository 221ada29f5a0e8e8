import type { Problem, SocketError } from '../../../src/protocol/errors.js';
import { AtriumError } from '../errors.js';

/** The error of a handshake: with `data` from the server's namespace, with the request as `context` from long-polling. */
export interface ConnectError extends Error {
  data?: SocketError;
  context?: { responseText: string; getResponseHeader(name: string): string | null };
}

/**
 * Why the server refused a handshake. It may refuse the first request already (too many at once, shutting down), and then answers with a
 * problem document, which only long-polling can read: a WebSocket tells that it failed, and nothing more.
 */
export function refusalOf(error: ConnectError): AtriumError {
  const { data, context } = error;
  if (data) return AtriumError.ofAck(data);
  try {
    const problem = JSON.parse(context!.responseText) as Problem;
    if (problem.detail) return AtriumError.ofResponse(problem, { status: problem.status, headers: { get: (name) => context!.getResponseHeader(name) } });
  } catch {
    // No answer, or one of a proxy.
  }
  return AtriumError.network(error);
}
