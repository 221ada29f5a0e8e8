import { LIMITS } from '../../../protocol/limits.js';
import { findBadValue } from './json-input.js';
import { type Operation, PatchError } from './json-document.js';
import { sizeOfJson } from './json-size.js';
import type { RebaseLimits } from './rebase.js';

export interface PageLimits {
  /** The whole page as JSON text. */
  readonly pageBytes: number;
  readonly components: number;
  /** Components within components. */
  readonly treeDepth: number;
  /** Objects and arrays within each other, in the value of one prop. */
  readonly jsonDepth: number;
  /** One patch as JSON text. */
  readonly patchBytes: number;
  readonly patchOperations: number;
}

export const PAGE_LIMITS: PageLimits = {
  pageBytes: LIMITS.pageBytes,
  components: 20_000,
  treeDepth: 256,
  jsonDepth: 64,
  patchBytes: LIMITS.patchBytes,
  patchOperations: LIMITS.patchOperations,
};

/** Of a server: nobody else gets a turn while it carries a patch, so that may take some tens of milliseconds. */
export const REBASE_LIMITS: RebaseLimits = { pairs: 20_000, work: 60_000 };

/** The page, its components, one of them, its props: a prop has its value within these. */
const LEVELS_AROUND_PROP = 4;
const LEVELS_AROUND_MEMBER = 3;
const LEVELS_AROUND_PAGE_MEMBER = 1;

/** Objects and arrays within each other, the page itself being the first. */
export function maxLevels({ jsonDepth }: PageLimits): number {
  return LEVELS_AROUND_PROP + jsonDepth;
}

/** The same on the way to a place, so that no value, of a prop or of anything else, has more than `jsonDepth`. */
export function maxLevelsAt([first, id, member]: readonly string[], limits: PageLimits): number {
  if (first !== undefined && first !== 'components') return LEVELS_AROUND_PAGE_MEMBER + limits.jsonDepth;
  const isOther = id !== undefined && member !== undefined && member !== 'props';
  return isOther ? LEVELS_AROUND_MEMBER + limits.jsonDepth : maxLevels(limits);
}

/** Pages from before there were limits may be nested deeper than is allowed now, but not that deep. */
const MAX_POINTER_DEPTH = 1_000;

function isTooDeep(operation: Operation, member: 'path' | 'from'): boolean {
  const pointer = (operation as Partial<Record<typeof member, unknown>>)[member];
  // Each part begins with a slash: nearly all pointers are shorter than that.
  return typeof pointer === 'string' && pointer.length > MAX_POINTER_DEPTH && pointer.split('/', MAX_POINTER_DEPTH + 2).length > MAX_POINTER_DEPTH + 1;
}

/**
 * Refuses what no page could take, whatever is on it.
 * @throws PatchError INVALID_INPUT, PAYLOAD_TOO_LARGE
 */
export function checkPatch(patches: readonly Operation[], limits: PageLimits = PAGE_LIMITS): void {
  if (patches.length > limits.patchOperations) throw new PatchError('PAYLOAD_TOO_LARGE', '', `A patch has at most ${limits.patchOperations} operations`);
  let bytes = 0;
  patches.forEach((operation, index) => {
    for (const member of ['path', 'from'] as const) if (isTooDeep(operation, member)) throw new PatchError('INVALID_INPUT', `[${index}].${member}`, `has more than ${MAX_POINTER_DEPTH} parts`);
    bytes += operation.path.length + 24 + ('from' in operation && typeof operation.from === 'string' ? operation.from.length + 10 : 0);
    if (!('value' in operation)) return;
    const tokens = operation.path.split('/').slice(1);
    const bad = findBadValue(operation.value, maxLevelsAt(tokens, limits) - tokens.length);
    if (bad) throw new PatchError('INVALID_INPUT', `[${index}].value${bad.path.replaceAll('/', '.')}`, bad.message);
    bytes += sizeOfJson(operation.value, limits.patchBytes);
    if (bytes > limits.patchBytes) throw new PatchError('PAYLOAD_TOO_LARGE', '', `A patch has at most ${limits.patchBytes} bytes`);
  });
  if (bytes > limits.patchBytes) throw new PatchError('PAYLOAD_TOO_LARGE', '', `A patch has at most ${limits.patchBytes} bytes`);
}
