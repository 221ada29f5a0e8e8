/** Of more no index gets more selective. */
const MOST_GRAMS = 16;
const GRAM_SIZE = 3;

/** What every name has that contains the part, by the function `name_grams` of the database: its characters three in a row, or all of a shorter one. */
export function nameGrams(part: string): string[] {
  const characters = [...part];
  const grams = new Set<string>();
  for (let start = 0; start === 0 || (start + GRAM_SIZE <= characters.length && grams.size < MOST_GRAMS); start++) grams.add(characters.slice(start, start + GRAM_SIZE).join(''));
  return [...grams];
}

/** SQL that is true of users whose names contain the part: the index finds those who may be it, by grams, and the pattern decides. */
export function nameContains(alias: string, pattern: string, grams: string): string {
  return `(name_grams(${alias}username_key || E'\\n' || ${alias}display_name_key) @> ${grams}::text[] AND (${alias}username_key LIKE ${pattern} OR ${alias}display_name_key LIKE ${pattern}))`;
}
