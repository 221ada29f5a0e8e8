/** C0 and C1 controls, DEL, and the separators of lines and paragraphs. */
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** Embeddings, overrides and isolates (UAX #9): they turn round what stands behind them. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/;

/**
 * What is wrong with a text that is shown on one line and typed letter by letter, so that any part of it has to be allowed, none included.
 * Names that stand for something, of people, rooms and pages, are held to the stricter rule of `visible-text.ts`.
 */
export function findOneLineProblem(text: string): string | undefined {
  if (BREAKS.test(text)) return 'must be one line without control characters';
  return DIRECTIONS.test(text) ? 'must not contain characters that change the direction of the text' : undefined;
}
