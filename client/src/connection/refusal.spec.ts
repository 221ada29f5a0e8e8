import { describe, expect, it } from 'vitest';
import { type ConnectError, refusalOf } from './refusal.js';

const failed = (more: Partial<ConnectError> = {}): ConnectError => Object.assign(new Error('xhr poll error'), more);
const answered = (responseText: string, retryAfter: string | null = null) => failed({ context: { responseText, getResponseHeader: () => retryAfter } });

describe('why a handshake failed', () => {
  it('is what the namespace says', () => {
    expect(refusalOf(failed({ data: { code: 'RATE_LIMITED', message: 'slower', retryAfterMs: 70 } }))).toMatchObject({ code: 'RATE_LIMITED', message: 'slower', retryAfterMs: 70 });
  });

  it('is what the answer to the first request says', () => {
    const problem = JSON.stringify({ code: 'UNAVAILABLE', detail: 'shutting down', requestId: 'r1', status: 503 });
    expect(refusalOf(answered(problem, '2'))).toMatchObject({ code: 'UNAVAILABLE', message: 'shutting down', requestId: 'r1', retryAfterMs: 2_000 });
    expect(refusalOf(answered(problem)).retryAfterMs).toBeUndefined();
  });

  it.each([
    ['no answer', failed()],
    ['an answer of a proxy', answered('<html>502 Bad Gateway</html>')],
    ['an answer of Engine.IO', answered('{"code":4,"message":"Forbidden"}')],
    ['an empty answer', answered('')],
    ['null', answered('null')],
  ])('is the network when there is %s', (_what, error) => {
    expect(refusalOf(error)).toMatchObject({ code: 'NETWORK', cause: error });
  });
});
