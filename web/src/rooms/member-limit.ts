/** The server's bounds for `maxMembers`. */
export const MEMBER_LIMIT = { min: 2, max: 100_000 };

/** What was written as a limit: a whole number, null for none. JSON would make null of anything else, which is no limit. */
export function parseMemberLimit(text: string): number | null | 'invalid' {
  const trimmed = text.normalize('NFKC').trim();
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isInteger(value) ? value : 'invalid';
}
