import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../protocol/errors.js';
import { AppError } from '../errors/app-error.js';
import { toProblem } from '../errors/problem.filter.js';
import { answerRaw } from './raw-answer.js';

/** What Node could not read as a request has no route and no filter; it is answered as every other error is. */
export function answerClientError({ code }: NodeJS.ErrnoException, socket: Socket): void {
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: OutgoingMessage };
  if (code === 'ECONNRESET' || !socket.writable || answer?.headersSent) return void socket.destroy();
  const [status, error, detail] = describe(code);
  const requestId = randomUUID();
  const problem = { ...toProblem(new AppError(error, { detail }), requestId), status };
  answerRaw(socket, status, { 'content-type': 'application/problem+json; charset=utf-8', 'x-request-id': requestId }, JSON.stringify(problem));
}

function describe(code: string | undefined): [status: number, error: ErrorCode, detail: string] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'PAYLOAD_TOO_LARGE', 'The headers are too large'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'UNAVAILABLE', 'The request took too long to arrive; send it again'];
  if (code === 'HPE_INVALID_URL') return [400, 'INVALID_INPUT', 'The URL has characters that must be percent-encoded (RFC 3986)'];
  return [400, 'INVALID_INPUT', 'This is not a request of HTTP/1.1 (RFC 9112)'];
}
