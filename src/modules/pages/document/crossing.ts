import type { Operation } from './json-document.js';
import { formatPointer, parsePointer } from './json-pointer.js';

/** The components that an operation is about; undefined for what is not within one. */
export function componentsOf(operation: Operation): (string | undefined)[] {
  const own = componentOf(operation.path);
  if ('from' in operation) return [own, componentOf(operation.from)];
  const child = childOf(operation);
  return child === undefined ? [own] : [own, child];
}

/** A child's place is about the child, too: it may have been moved or deleted. */
function childOf(operation: Operation): string | undefined {
  if (!('value' in operation) || (typeof operation.value !== 'number' && typeof operation.value !== 'string')) return undefined;
  return operation.path.includes('/children/') ? String(operation.value) : undefined;
}

const PREFIX = '/components/';

function componentOf(pointer: string): string | undefined {
  if (!pointer.startsWith(PREFIX)) return undefined;
  const end = pointer.indexOf('/', PREFIX.length);
  const token = end < 0 ? pointer.slice(PREFIX.length) : pointer.slice(PREFIX.length, end);
  return token.includes('~') ? parsePointer(`/${token}`)[0] : token;
}

/** Whether what `theirs` did can change what `mine` means, as far as their pointers tell. */
export function areCrossed(mine: Operation, theirs: Operation): boolean {
  // The later one wins. But a text that was edited is merged with the other one.
  const isOverwriting = isSetting(mine) && isSetting(theirs) && !(mine.op === 'replace' && setsText(mine) && setsText(theirs));
  const crosses = (pointer: string): boolean =>
    isTouching(pointer, theirs.path, theirs.op, isOverwriting) || ('from' in theirs && isTouching(pointer, theirs.from, theirs.op, false));
  if (crosses(mine.path) || ('from' in mine && crosses(mine.from))) return true;
  // A child by its name: by now that may be another component's.
  const child = childOf(mine);
  return child !== undefined && crosses(formatPointer(['components', child]));
}

/**
 * The operations of a patch with pointers that mean the same in the state before all of them: one that leads into an array in which an
 * earlier operation has moved elements may mean any of its elements.
 */
export function inFirstPlace(patches: readonly Operation[]): readonly Operation[] {
  if (patches.length < 2) return patches;
  const moved: MovedArrays = { pointers: new Set(), lengths: new Set() };
  return patches.map((operation) => {
    const blurred = moved.pointers.size > 0 ? blurredIn(operation, moved) : operation;
    for (const array of arraysMovedBy(operation)) {
      moved.pointers.add(array);
      moved.lengths.add(array.length);
    }
    return blurred;
  });
}

interface MovedArrays {
  readonly pointers: Set<string>;
  /** Of the pointers: what is as long as none of them need not be looked up. */
  readonly lengths: Set<number>;
}

function blurredIn(operation: Operation, { pointers, lengths }: MovedArrays): Operation {
  const outermost = (pointer: string): string => {
    for (let end = pointer.indexOf('/', 1); end > 0; end = pointer.indexOf('/', end + 1)) if (lengths.has(end) && pointers.has(pointer.slice(0, end))) return pointer.slice(0, end);
    return pointer;
  };
  const path = outermost(operation.path);
  if (!('from' in operation)) return path === operation.path ? operation : { ...operation, path };
  const from = outermost(operation.from);
  return path === operation.path && from === operation.from ? operation : { ...operation, from, path };
}

/**
 * The arrays, as far as the pointers tell, in which an operation puts elements in or takes them out. Lists of children are none of them:
 * nothing leads further than to a child, and whatever is beside that crosses anyway.
 */
function arraysMovedBy(operation: Operation): string[] {
  const { op, path } = operation;
  if (op === 'test' || op === 'replace') return [];
  return (op === 'move' ? [operation.from, path] : [path]).flatMap((pointer) => {
    const array = pointer.slice(0, pointer.lastIndexOf('/'));
    return MEMBER_OF_COMPONENT.test(array) && !CHILDREN_OF_COMPONENT.test(array) && INDEX.test(pointer.slice(array.length + 1)) ? [array] : [];
  });
}

/** Gives a place a value, whatever stands there: `replace`, or `add` where no array can be that it would be put into, nor a list of children. */
function isSetting({ op, path }: Operation): boolean {
  if (op !== 'add') return op === 'replace';
  const end = path.lastIndexOf('/');
  return MEMBER_OF_COMPONENT.test(path) && !INDEX.test(path.slice(end + 1)) && !path.endsWith('/children');
}

function setsText(operation: Operation): boolean {
  return 'value' in operation && typeof operation.value === 'string';
}

const MEMBER_OF_COMPONENT = /^\/components\/[^/]+\//;
const CHILDREN_OF_COMPONENT = /^\/components\/[^/]+\/children$/;

function isTouching(mine: string, theirs: string, op: Operation['op'], isOverwriting: boolean): boolean {
  if (mine === theirs) return !isOverwriting;
  if (isWithin(mine, theirs) || isWithin(theirs, mine)) return true;
  const end = theirs.lastIndexOf('/');
  // Beside it in the same array: what stood behind it has moved, and a child may have another sibling.
  if (end <= 0 || !mine.startsWith(theirs.slice(0, end + 1)) || theirs.slice(0, end + 1) === PREFIX) return false;
  return INDEX.test(theirs.slice(end + 1)) && (op !== 'replace' || theirs.endsWith('/children', end));
}

const INDEX = /^(?:-|\d+)$/;

function isWithin(inner: string, outer: string): boolean {
  return inner.length > outer.length && inner.charCodeAt(outer.length) === SLASH && inner.startsWith(outer);
}

const SLASH = 0x2f;
