/** Text as it is compared: without case, accents, and the difference between full-width and plain. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether every word of the query is somewhere in one of the texts. */
export function matches(query: string, texts: readonly (string | null | undefined)[]): boolean {
  const words = foldText(query).split(/\s+/u).filter(Boolean);
  const folded = texts.map((text) => foldText(text ?? ''));
  return words.every((word) => folded.some((text) => text.includes(word)));
}

/** How well a name fits: 0 when it begins with the query, 1 when it contains it, 2 when only its words do. */
export function rankOf(query: string, name: string): number {
  const at = foldText(name).indexOf(foldText(query.trim()));
  return at === 0 ? 0 : at > 0 ? 1 : 2;
}
