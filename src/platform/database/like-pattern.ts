/** A substring pattern in which nothing of the input is a wildcard. */
export function likePattern(part: string): string {
  return `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}
