/** Which sentence tells who is typing, and with what in it. */
export type TypingSentence =
  | { readonly key: 'typing.one'; readonly name: string }
  | { readonly key: 'typing.two'; readonly name: string; readonly other: string }
  | { readonly key: 'typing.many'; readonly name: string; readonly count: number };

/** @param names of those whose names are known, in the order in which they began; `total` counts the others too */
export function typingSentence(names: readonly string[], total: number): TypingSentence | null {
  const [name, other] = names;
  if (name === undefined) return null;
  if (total === 1) return { key: 'typing.one', name };
  if (total === 2 && other !== undefined) return { key: 'typing.two', name, other };
  return { key: 'typing.many', name, count: total - 1 };
}
