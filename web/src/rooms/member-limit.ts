/** The server's bounds for `maxMembers`. */
export const MEMBER_LIMIT = { min: 2, max: 100_000 };

/**
 * What was written as a limit: a number, null for none.
 * What is not a number at all becomes NaN, which JSON makes null: so that is refused here.
 */
export function parseMemberLimit(text: string): number | null | 'invalid' {
  const trimmed = text.normalize('NFKC').trim();
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isInteger(value) && value >= MEMBER_LIMIT.min && value <= MEMBER_LIMIT.max ? value : 'invalid';
}
