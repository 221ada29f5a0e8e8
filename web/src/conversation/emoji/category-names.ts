/** The kinds of emoji that people choose from, in their order; `index` is the number by which emojibase groups them. */
export const CATEGORIES = [
  { id: 'smileys', index: 0 },
  { id: 'people', index: 1 },
  { id: 'nature', index: 3 },
  { id: 'food', index: 4 },
  { id: 'travel', index: 5 },
  { id: 'activities', index: 6 },
  { id: 'objects', index: 7 },
  { id: 'symbols', index: 8 },
  { id: 'flags', index: 9 },
] as const;

export type CategoryId = (typeof CATEGORIES)[number]['id'];
