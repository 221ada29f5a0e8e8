/** What differs between two texts: `remove` UTF-16 code units at `at`, and `insert` in their place. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** More differences than this are not worth the search: then everything between the first and the last one is replaced. */
const MAX_DIFFERENCES = 300;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const graphemesOf = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment);

/** The one splice that makes `after` of `before`: everything between what both begin with and what both end with. Whole graphemes. */
export function spliceOf(before: string, after: string): Splice {
  const max = Math.min(before.length, after.length);
  let start = 0;
  while (start < max && before[start] === after[start]) start++;
  let end = 0;
  while (end < max - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  start = Math.min(boundaryBefore(before, start), boundaryBefore(after, start));
  // The same number of units from the end in both.
  end = Math.min(before.length - boundaryAfter(before, before.length - end), after.length - boundaryAfter(after, after.length - end), max - start);
  return { at: start, remove: before.length - end - start, insert: after.slice(start, after.length - end) };
}

/** What makes `after` of `before`, from left to right, in places of `before`. */
export function splicesOf(before: string, after: string): Splice[] {
  const whole = spliceOf(before, after);
  if (whole.remove === 0 && whole.insert === '') return [];
  if (whole.remove === 0 || whole.insert === '') return [whole];
  const [old, now] = [graphemesOf(before.slice(whole.at, whole.at + whole.remove)), graphemesOf(whole.insert)];
  const common = commonOf(old, now);
  return common ? splicesBetween(old, now, common, whole.at) : [whole];
}

/** Where a caret of `before` is in `after`. What is put in right at the caret comes behind it. */
export function mapOffset(before: string, after: string, offset: number): number {
  return mapThrough(splicesOf(before, after), offset);
}

/**
 * What somebody has made of `base`, carried over to what the text has become meanwhile: what either has taken out is out, and what either
 * has put in is in, one's own first where both have put in something at the same place.
 */
export function carryOver(base: string, mine: string, now: string): string {
  const own = spliceOf(base, mine);
  const theirs = splicesOf(base, now);
  if (theirs.length === 0) return mine;
  // From the right to the left, what is kept of the text between two places where something happens.
  const splices = [own, ...theirs];
  const places = [...new Set(splices.flatMap(({ at, remove }) => [at, at + remove]))].sort((a, b) => b - a);
  let result = '';
  let end = base.length;
  for (const place of places) {
    const isRemoved = splices.some(({ at, remove }) => at <= place && place < at + remove);
    const inserted = splices.filter(({ at }) => at === place).map(({ insert }) => insert);
    result = inserted.join('') + (isRemoved ? '' : base.slice(place, end)) + result;
    end = place;
  }
  return base.slice(0, end) + result;
}

function mapThrough(splices: readonly Splice[], offset: number): number {
  let moved = 0;
  for (const { at, remove, insert } of splices) {
    if (at >= offset) break;
    // What it stood in is gone: it stands where that was.
    if (at + remove > offset) return at + moved + (remove > 0 ? Math.min(offset - at, insert.length) : 0);
    moved += insert.length - remove;
  }
  return offset + moved;
}

function boundaryBefore(text: string, offset: number): number {
  const at = segmentAt(text, offset);
  return at ? at.start : offset;
}

function boundaryAfter(text: string, offset: number): number {
  const at = segmentAt(text, offset);
  return at && at.start !== offset ? at.end : offset;
}

/** How far around a place its grapheme is looked for. Longer ones are no letters of anybody. */
const CONTEXT = 64;

/** The grapheme that a place lies in or before; undefined at the end of the text. */
function segmentAt(text: string, offset: number): { start: number; end: number } | undefined {
  if (offset >= text.length) return undefined;
  const from = Math.max(0, offset - CONTEXT);
  const found = graphemes.segment(text.slice(from, offset + CONTEXT)).containing(offset - from);
  return found && { start: from + found.index, end: from + found.index + found.segment.length };
}

type Pair = readonly [old: number, now: number];

/** The longest row of graphemes that both have, as pairs of places (Myers 1986); undefined where they differ in too much. */
function commonOf(old: readonly string[], now: readonly string[]): Pair[] | undefined {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(old.length + now.length, MAX_DIFFERENCES); edits++) {
    trace.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits || (diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
      let x = isDown ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return wayBack(trace, old.length, now.length);
    }
    reach = new Map(reach);
  }
  return undefined;
}

function wayBack(trace: readonly Map<number, number>[], oldLength: number, nowLength: number): Pair[] {
  const pairs: Pair[] = [];
  let [x, y] = [oldLength, nowLength];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits]!;
    const diagonal = x - y;
    const isDown = diagonal === -edits || (diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
    const before = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (reach.get(before) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) pairs.push([--x, --y]);
    [x, y] = [fromX, fromY];
  }
  return pairs.reverse();
}

function splicesBetween(old: readonly string[], now: readonly string[], common: readonly Pair[], offset: number): Splice[] {
  const splices: Splice[] = [];
  let [x, y, at] = [0, 0, offset];
  for (const [nextX, nextY] of [...common, [old.length, now.length] as const]) {
    const removed = old.slice(x, nextX).join('');
    const insert = now.slice(y, nextY).join('');
    if (removed !== '' || insert !== '') splices.push({ at, remove: removed.length, insert });
    at += removed.length + (old[nextX]?.length ?? 0);
    [x, y] = [nextX + 1, nextY + 1];
  }
  return splices;
}
