import type { ErrorCode, FieldError, Problem, SocketError } from '../../src/protocol/errors.js';

/** `NETWORK`: no answer, so the outcome is unknown. Every other code is the server's. */
export type AtriumErrorCode = ErrorCode | 'NETWORK';

const RETRYABLE = new Set<AtriumErrorCode>(['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_ERROR']);

/** A limit of one user, by the name of the setting. */
export interface Quota {
  readonly limit: string;
  readonly max: number;
}

/** Everything that this package throws. */
export class AtriumError extends Error {
  override readonly name = 'AtriumError';
  /** Which fields of the input were wrong, if any; of INVITE_EXPIRED, which field of the invite is the reason. */
  readonly errors: readonly FieldError[];
  /** How long the server asks to wait before another try. */
  readonly retryAfterMs: number | undefined;
  /** The id to look for in the server's log. */
  readonly requestId: string | undefined;
  /** Of a refused patch: what stands at the paths that it names. */
  readonly current: Readonly<Record<string, unknown>> | undefined;
  /** Of QUOTA_EXCEEDED: which limit is reached, such as `QUOTA_ROOMS`, and what it allows. */
  readonly quota: Quota | undefined;

  constructor(
    readonly code: AtriumErrorCode,
    message: string,
    { errors = [], retryAfterMs, requestId, current, quota, cause }: { errors?: readonly FieldError[]; retryAfterMs?: number | undefined; requestId?: string | undefined; current?: AtriumError['current']; quota?: Quota | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.errors = errors;
    this.retryAfterMs = retryAfterMs;
    this.requestId = requestId;
    this.current = current;
    this.quota = quota;
  }

  /** The same request may succeed later, unchanged. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  static network(cause?: unknown): AtriumError {
    return new AtriumError('NETWORK', 'The server did not answer', { cause });
  }

  static ofAck({ code, message, errors, retryAfterMs, current, ...more }: SocketError): AtriumError {
    return new AtriumError(code, message, { errors: errors ?? [], retryAfterMs, current: current as AtriumError['current'], quota: quotaOf(more) });
  }

  /** From a problem document (RFC 9457), or from an answer that is none: a proxy's, for example. */
  static ofResponse(problem: Partial<Problem> | undefined, response: { status: number; headers: Pick<Headers, 'get'> }): AtriumError {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    const code = problem?.code ?? (response.status >= 500 ? 'UNAVAILABLE' : 'INTERNAL_ERROR');
    return new AtriumError(code, problem?.detail ?? `The server answered ${response.status}`, { errors: problem?.errors ?? [], retryAfterMs, requestId: problem?.requestId, quota: problem && quotaOf(problem) });
  }

  static from(error: unknown): AtriumError {
    return error instanceof AtriumError ? error : AtriumError.network(error);
  }
}

function quotaOf({ limit, max }: Pick<Problem, 'limit' | 'max'>): Quota | undefined {
  return limit === undefined || max === undefined ? undefined : { limit, max };
}
