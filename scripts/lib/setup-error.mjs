/** A reason why a command cannot go on, for the person at the terminal: what is wrong, and what to do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super(message);
    this.name = 'SetupError';
    this.hint = hint;
  }
}

/** Prints what went wrong, plainly when it was foreseen, in full when not, and sets the exit code. */
export function reportFailure(error) {
  if (error instanceof SetupError) console.error(`\n✗ ${error.message}\n  ${error.hint}`);
  else console.error(error);
  process.exitCode = 1;
}
