import { formatPointer, parseIndex, parsePointer, PointerSyntaxError, startsWith } from './json-pointer.js';
import { depthOfJson, ELEMENT_BYTES, sizeOfJson, sizeOfName } from './json-size.js';
import { cloneJson, equalJson, isForbiddenKey, isObject, type Json, type JsonObject } from './json-value.js';
import { BYTES_A_UNIT, type PatchErrorCode, Refusal, WorkBudget } from './work-budget.js';

/** One operation of a JSON Patch (RFC 6902 §4). */
export type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** Why a patch was refused. Nothing of it is left in the document. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  constructor(
    readonly code: PatchErrorCode,
    /** Which member of which operation, e.g. `[2].path`; empty for the result as a whole. */
    readonly at: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Hears of every value that leaves the document and every one that enters it, so that an index can follow. `placeBytes` is what comes or
 * goes around the value: its name, a comma; nothing where another value takes its place. What `isMoved` comes back elsewhere as it is.
 * Each says how much work it was, in tenths of a microsecond, about.
 */
export interface Watcher {
  /** Before the value is taken out. */
  leaving(tokens: readonly string[], value: Json, placeBytes: number, isMoved: boolean): number;
  /** After the value is in. */
  entering(tokens: readonly string[], value: Json, placeBytes: number, isMoved: boolean): number;
}

const NO_WATCHER: Watcher = { leaving: () => 0, entering: () => 0 };

/** Work of an operation, and of a name that is compared with others; and so many elements of an array move by one for a unit of work. */
const WORK_OF_OPERATION = 5;
const WORK_OF_KEY = 4;
const ELEMENTS_A_UNIT = 50;
/** What was accepted once is not asked again. */
const TRUSTED = 'trusted';
type Allowance = WorkBudget | typeof TRUSTED;

/**
 * A JSON document that is changed by JSON Patch (RFC 6902), in place and to the letter: all operations of a patch or none, each yielding
 * its inverse. Nothing in the document is shared with a patch: values are copied on the way in.
 */
export class JsonDocument {
  private spent = 0;

  /** @param maxLevelsAt objects and arrays within each other on the way to a place, the document itself being the first */
  constructor(
    public root: Json,
    private readonly watcher: Watcher = NO_WATCHER,
    private readonly maxLevelsAt: (tokens: readonly string[]) => number = () => Number.POSITIVE_INFINITY,
  ) {}

  /** What has been done in all, in tenths of a microsecond, about. */
  get work(): number {
    return this.spent;
  }

  /**
   * Applies all operations, or none.
   * @param isWhole it may be as much work as the document is large
   * @returns the patch that takes it back
   * @throws PatchError INVALID_INPUT for what is no operation · PATCH_FAILED for one that does not apply here · INVARIANT_VIOLATED for one
   *   that nests values too deeply · PAYLOAD_TOO_LARGE for one that copies too much, or is too much work
   */
  apply(patch: readonly Operation[], isWhole = false): Operation[] {
    return this.applyAll(patch, new WorkBudget(isWhole ? Number.POSITIVE_INFINITY : undefined));
  }

  /** The same for a patch that was accepted before, here or elsewhere, and for an inverse: it is not asked about limits again. */
  replay(patch: readonly Operation[]): Operation[] {
    return this.applyAll(patch, TRUSTED);
  }

  /**
   * Applies one operation of a patch, whose operations share the budget. @returns the operations that take it back, in the order in which
   * to apply them
   * @throws PatchError as `apply`
   */
  applyOperation(operation: Operation, index: number, budget: WorkBudget): Operation[] {
    return this.applyAt(operation, index, budget);
  }

  private applyAll(patch: readonly Operation[], allowance: Allowance): Operation[] {
    const undo: Operation[][] = [];
    try {
      for (let i = 0; i < patch.length; i++) undo.push(this.applyAt(patch[i]!, i, allowance));
    } catch (error) {
      for (let i = undo.length - 1; i >= 0; i--) for (const operation of undo[i]!) this.applyOne(operation, TRUSTED);
      throw error;
    }
    return undo.length === 1 ? undo[0]! : undo.reverse().flat();
  }

  private applyAt(operation: Operation, index: number, allowance: Allowance): Operation[] {
    const before = this.spent;
    try {
      if (allowance !== TRUSTED) allowance.require();
      const undo = this.applyOne(operation, allowance);
      this.spent += WORK_OF_OPERATION;
      if (allowance !== TRUSTED) allowance.spend(this.spent - before);
      return undo;
    } catch (error) {
      throw error instanceof Refusal ? new PatchError(error.code, `[${index}].${error.member}`, error.message) : error;
    }
  }

  /** The value at the tokens; undefined where there is none. */
  find(tokens: readonly string[]): Json | undefined {
    return this.walk(tokens);
  }

  /** The same, showing the containers on the way: each with the depth of the token that is looked up in it. */
  walk(tokens: readonly string[], visit?: (container: Json[] | JsonObject, depth: number) => void): Json | undefined {
    let value: Json | undefined = this.root;
    for (let depth = 0; depth < tokens.length; depth++) {
      const token = tokens[depth]!;
      if (Array.isArray(value)) {
        visit?.(value, depth);
        const index = parseIndex(token);
        value = index === undefined ? undefined : value[index];
      } else if (isObject(value)) {
        visit?.(value, depth);
        value = Object.hasOwn(value, token) ? value[token] : undefined;
      } else return undefined;
    }
    return value;
  }

  private applyOne(operation: Operation, allowance: Allowance): Operation[] {
    const path = tokensOf(operation, 'path');
    switch (operation.op) {
      case 'add':
        return this.add(path, this.copyIn(path, valueOf(operation), allowance));
      case 'remove':
        return this.remove(path);
      case 'replace':
        return this.replace(path, this.copyIn(path, valueOf(operation), allowance), operation.path);
      case 'test':
        if (!this.isEqual(this.get(path, 'path'), valueOf(operation))) throw new Refusal('value', 'is not what is there');
        return [];
      case 'move':
        return this.move(tokensOf(operation, 'from'), path, allowance);
      case 'copy': {
        const value = this.get(tokensOf(operation, 'from'), 'from');
        if (allowance !== TRUSTED) allowance.copy(value);
        return this.add(path, this.copyIn(path, value, allowance));
      }
      default:
        throw new Refusal('op', 'must be add, remove, replace, move, copy or test', 'INVALID_INPUT');
    }
  }

  private isEqual(value: Json, expected: Json): boolean {
    return equalJson(value, expected, (keys) => (this.spent += keys * WORK_OF_KEY));
  }

  /** A copy of the value, which is to stand there. @throws Refusal it would be nested too deeply */
  private copyIn(path: readonly string[], value: Json, allowance: Allowance): Json {
    if (allowance !== TRUSTED) this.requireShallow(path, value);
    return cloneJson(value);
  }

  /** @throws Refusal the value would be nested too deeply there */
  private requireShallow(path: readonly string[], value: Json): void {
    const left = this.maxLevelsAt(path) - path.length;
    if (depthOfJson(value, left) > left) throw new Refusal('path', 'leads too deep: objects and arrays would be nested beyond what is allowed', 'INVARIANT_VIOLATED');
  }

  private add(path: readonly string[], value: Json, isMoved = false): Operation[] {
    if (path.length === 0) return this.replaceRoot(value);
    const container = this.container(path, 'path');
    const key = path.at(-1)!;
    if (Array.isArray(container)) {
      const index = key === '-' ? container.length : parseIndex(key);
      if (index === undefined || index > container.length) throw new Refusal('path', `is no place in an array of ${container.length}`);
      const place = key === '-' ? [...path.slice(0, -1), String(index)] : path;
      container.splice(index, 0, value);
      this.spent += this.watcher.entering(place, value, ELEMENT_BYTES, isMoved) + (container.length - index) / ELEMENTS_A_UNIT;
      return [{ op: 'remove', path: formatPointer(place) }];
    }
    const pointer = formatPointer(path);
    if (!Object.hasOwn(container, key)) {
      container[key] = value;
      this.spent += this.watcher.entering(path, value, sizeOfName(key), isMoved);
      return [{ op: 'remove', path: pointer }];
    }
    return this.put(container, path, value, pointer, isMoved);
  }

  private remove(path: readonly string[], isMoved = false): Operation[] {
    const container = this.container(path, 'path');
    const key = path.at(-1)!;
    const value = memberOf(container, key, 'path');
    this.spent += this.watcher.leaving(path, value, Array.isArray(container) ? ELEMENT_BYTES : sizeOfName(key), isMoved);
    if (Array.isArray(container)) {
      container.splice(Number(key), 1);
      this.spent += (container.length - Number(key)) / ELEMENTS_A_UNIT;
    } else delete container[key];
    return [{ op: 'add', path: formatPointer(path), value }];
  }

  private replace(path: readonly string[], value: Json, pointer: string): Operation[] {
    if (path.length === 0) return this.replaceRoot(value);
    const container = this.container(path, 'path');
    memberOf(container, path.at(-1)!, 'path');
    return this.put(container, path, value, pointer);
  }

  /** In the place of a value that is there. */
  private put(container: Json[] | Record<string, Json>, path: readonly string[], value: Json, pointer: string, isMoved = false): Operation[] {
    const key = path.at(-1)!;
    const old = (container as Record<string, Json>)[key]!;
    this.spent += this.watcher.leaving(path, old, 0, false);
    (container as Record<string, Json>)[key] = value;
    this.spent += this.watcher.entering(path, value, 0, isMoved);
    return [{ op: 'replace', path: pointer, value: old }];
  }

  private replaceRoot(value: Json): Operation[] {
    const old = this.root;
    this.spent += this.watcher.leaving([], old, 0, false);
    this.root = value;
    this.spent += this.watcher.entering([], value, 0, false);
    return [{ op: 'replace', path: '', value: old }];
  }

  private move(from: readonly string[], path: readonly string[], allowance: Allowance): Operation[] {
    const value = this.get(from, 'from');
    if (from.length === path.length && startsWith(path, from)) return [];
    if (startsWith(path, from)) throw new Refusal('path', 'must not lie within `from`');
    // What lies too deep already may always be moved up.
    if (allowance !== TRUSTED && path.length > from.length) {
      allowance.lookThrough(value);
      this.requireShallow(path, value);
    }
    if (path.length === 0) return this.moveToRoot(from, value, allowance);
    const [restore] = this.remove(from, true);
    try {
      const undo = this.add(path, value, true);
      const [first] = undo;
      const back = first?.op === 'remove' && !startsWith(from, parsePointer(first.path));
      if (back) return [{ op: 'move', from: first.path, path: restore!.path }];
      // Something was overwritten; or the way back would lead into the value, as long as it is there. So it needs a copy of its own.
      this.spent += sizeOfJson(value) / BYTES_A_UNIT;
      return [...undo, { op: 'add', path: restore!.path, value: cloneJson(value) }];
    } catch (error) {
      this.add(from, value, true);
      throw error;
    }
  }

  /** It takes the place of everything, itself included. */
  private moveToRoot(from: readonly string[], value: Json, allowance: Allowance): Operation[] {
    if (allowance !== TRUSTED) allowance.lookThrough(value);
    const restore = this.remove(from);
    return [...this.replaceRoot(value), ...restore.map((operation) => ({ ...operation, value: cloneJson(value) }) as Operation)];
  }

  /** @throws Refusal when there is no value */
  private get(tokens: readonly string[], member: 'path' | 'from'): Json {
    return tokens.length === 0 ? this.root : memberOf(this.container(tokens, member), tokens.at(-1)!, member);
  }

  /** What the last token is looked up in. */
  private container(tokens: readonly string[], member: 'path' | 'from'): Json[] | Record<string, Json> {
    let value: Json = this.root;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      const isLast = i === tokens.length - 1;
      if (Array.isArray(value)) {
        if (isLast) return value;
        const index = parseIndex(token);
        if (index === undefined || index >= value.length) throw new Refusal(member, `has no element ${token} on its way`);
        value = value[index]!;
      } else if (isObject(value)) {
        if (isLast) return value;
        if (!Object.hasOwn(value, token)) throw new Refusal(member, `has no member ${token} on its way`);
        value = value[token]!;
      } else throw new Refusal(member, 'leads into a value that has no members');
    }
    throw new Refusal(member, 'must not be the whole document');
  }
}

/** @throws Refusal when the container has no such member */
function memberOf(container: Json[] | Record<string, Json>, key: string, member: 'path' | 'from'): Json {
  if (Array.isArray(container)) {
    const index = parseIndex(key);
    if (index === undefined || index >= container.length) throw new Refusal(member, `is no element of an array of ${container.length}`);
    return container[index]!;
  }
  if (!Object.hasOwn(container, key)) throw new Refusal(member, 'does not exist');
  return container[key]!;
}

function tokensOf(operation: Operation, member: 'path' | 'from'): string[] {
  const pointer = (operation as unknown as Record<string, unknown>)[member];
  if (typeof pointer !== 'string') throw new Refusal(member, 'is required', 'INVALID_INPUT');
  let tokens: string[];
  try {
    tokens = parsePointer(pointer);
  } catch (error) {
    if (error instanceof PointerSyntaxError) throw new Refusal(member, error.message, 'INVALID_INPUT');
    throw error;
  }
  if (tokens.some(isForbiddenKey)) throw new Refusal(member, 'must not name a prototype');
  return tokens;
}

function valueOf(operation: Operation): Json {
  const { value } = operation as { value?: Json };
  if (value === undefined) throw new Refusal('value', 'is required', 'INVALID_INPUT');
  return value;
}
