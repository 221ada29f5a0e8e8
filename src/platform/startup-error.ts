/**
 * A reason why the server cannot start, written for the person at the terminal: `message` says what is wrong,
 * `hint` says what to do about it. It is printed without a stack trace.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  /** 78 (EX_CONFIG of sysexits.h) when every other start would fail alike, so that a supervisor does not try again; else 1. */
  readonly exitCode: number;

  constructor(
    message: string,
    readonly hint: string,
    { isConfiguration = false, ...options }: ErrorOptions & { isConfiguration?: boolean } = {},
  ) {
    super(message, options);
    this.exitCode = isConfiguration ? 78 : 1;
  }
}
