import { ERRORS, type ErrorCode, type FieldError } from '../../protocol/errors.js';

/** What an error carries beside its code. Everything here is shown to the client. */
export interface ErrorDetails {
  /** A sentence for a person; the title of the code when absent. */
  detail?: string;
  /** Which fields are wrong, or are the reason. */
  errors?: FieldError[];
  /** For RATE_LIMITED and UNAVAILABLE: when another try makes sense. */
  retryAfterMs?: number;
  /** Fields of this code, such as `version` and `current` of a conflict. */
  extra?: Record<string, unknown>;
}

/** An error that a client is meant to see. Anything else that is thrown becomes INTERNAL_ERROR and is only logged. */
export class AppError extends Error {
  readonly status: number;
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(details.detail ?? ERRORS[code][1], options);
    this.status = ERRORS[code][0];
  }

  /** One wrong field. */
  static invalid(path: string, message: string): AppError {
    return new AppError('INVALID_INPUT', { detail: path ? `${path}: ${message}` : message, errors: [{ path, message }] });
  }

  /** The storage did not answer in time. Whether a write happened is unknown: retry with the same id. */
  static unavailable(detail: string, cause?: unknown, retryAfterMs = 1000): AppError {
    return new AppError('UNAVAILABLE', { detail, retryAfterMs }, { cause });
  }
}
