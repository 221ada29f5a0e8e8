import type { Effect } from './effect.js';
import type { Place } from './place.js';

/** It may take whole components away, or bring them in. */
export function isAboutComponents(effect: Effect): boolean {
  const { at } = effect.kind === 'move' ? effect.take : effect;
  return at.tokens.length <= 2;
}

/** @param sent as in `TextEdit` */
export function withSentText(effect: Effect, sent: string | undefined): Effect {
  return effect.kind === 'set' && effect.text && sent !== undefined ? { ...effect, text: { ...effect.text, sent } } : effect;
}

/** @param number by which a pointer that it cuts off is joined again; none for undefined */
export function numbered(effect: Effect, number: number | undefined): Effect {
  return number === undefined || effect.kind === 'move' ? effect : { ...effect, number };
}

/** The effects of others that can move a pointer of mine. Pointers into lists of children follow the children's ids, so only other pointers count. */
export function relevantTo(intents: readonly { readonly place: Place; readonly from?: Place }[], theirs: readonly Effect[]): Effect[] {
  const ids = new Set<string | undefined>();
  for (const { place, from } of intents) for (const at of from ? [place, from] : [place]) if (at.kind === 'path') ids.add(at.route.tokens[1]);
  if (ids.size === 0) return [];
  const isNear = (tokens: readonly string[]): boolean => tokens.length < 2 || ids.has(undefined) || ids.has(tokens[1]);
  return theirs.filter((effect) => {
    if (effect.kind !== 'move') return isNear(effect.at.tokens);
    const { take, put } = effect;
    if (!isNear(take.at.tokens) && !isNear(put.at.tokens)) return false;
    // What is moved takes the pointers into it along.
    ids.add(put.at.tokens[1]);
    return true;
  });
}
