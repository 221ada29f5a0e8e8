/**
 * A reason why the server cannot start, written for the person at the terminal: `message` says what is wrong,
 * `hint` says what to do about it. It is printed without a stack trace.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';

  constructor(
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
