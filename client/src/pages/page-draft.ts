import { ComponentTree } from '../../../src/modules/pages/document/component-tree.js';
import { diff } from '../../../src/modules/pages/document/diff.js';
import { JsonDocument, type Operation } from '../../../src/modules/pages/document/json-document.js';
import { cloneJson, equalJson, isObject, type Json } from '../../../src/modules/pages/document/json-value.js';
import type { Rebased } from '../../../src/modules/pages/document/attempt.js';
import { type Change, Rebase, RebaseConflict } from '../../../src/modules/pages/document/rebase.js';
import { simplified, withoutReversed } from '../../../src/modules/pages/document/undone.js';
import { checkPatch, maxLevelsAt, PAGE_LIMITS } from '../../../src/modules/pages/document/page-limits.js';
import { parsePointer } from '../../../src/modules/pages/document/json-pointer.js';
import { isWithinOnePatch, splitWhere } from './patch-size.js';
import { Snapshots } from './snapshots.js';

/** How many changes undo can look back over. */
const MAX_PAST = 1_000;

/** A change of one's own. As others are faster it becomes what it has to be to mean the same. */
export interface Edit extends Change {
  patches: readonly Operation[];
  inverse: readonly Operation[];
  /** As the user made it. */
  readonly made: readonly Operation[];
  /** Why nothing is left of it; without, it is simply about nothing any more. */
  conflict?: RebaseConflict;
  /** It is on its way to the server, as it is. */
  isSent?: boolean;
  /** The server has refused it together with others: it goes alone. */
  isAlone?: boolean;
  /** Those that it takes back. */
  readonly reverses?: readonly Edit[];
}

/**
 * A page as the server has it, with one's own edits that it does not have yet on top. The document in memory is one, and shows both; when
 * an entry comes, the edits are taken back, the entry goes in, and the edits come on top again, as the server itself would rebase them.
 * Pure: what is sent, and when, is not its concern.
 */
export class PageDraft {
  readonly tree: ComponentTree;
  private readonly json: JsonDocument;
  private readonly snapshots: Snapshots;
  /** What has happened, one's own confirmed edits included: the newest of it. */
  private readonly past: Change[] = [];
  private edits: Edit[] = [];

  /** @param schema becomes the draft's own */
  constructor(
    schema: Json,
    private confirmed: number,
  ) {
    this.snapshots = new Snapshots(() => this.json.root);
    this.json = new JsonDocument(schema, {
      leaving: (...left) => {
        this.snapshots.touch(left[0]);
        return this.tree.leaving(...left);
      },
      entering: (...entered) => {
        this.snapshots.touch(entered[0]);
        return this.tree.entering(...entered);
      },
    }, (tokens) => maxLevelsAt(tokens, PAGE_LIMITS));
    this.tree = new ComponentTree(() => this.json.root, PAGE_LIMITS);
    this.tree.checked();
  }

  /** The server's version that is in it. */
  get version(): number {
    return this.confirmed;
  }

  /** What the server does not have yet, in order: each was made on the state with those before it. */
  get pending(): readonly Edit[] {
    return this.edits;
  }

  /** The page as it is now: the same object for as long as nothing changes. */
  get snapshot(): ReturnType<Snapshots['take']> {
    return this.snapshots.take();
  }

  /** True as long as the edit can be taken back. */
  knows(edit: Edit): boolean {
    return this.edits.includes(edit) || this.past.includes(edit);
  }

  /**
   * Changes the page.
   * @throws PatchError it cannot be done; nothing has changed
   */
  edit(patches: readonly Operation[]): Edit {
    return this.push({ patches, inverse: this.apply(patches) });
  }

  /**
   * The same for what may be too large for one edit: it becomes several.
   * @throws PatchError it cannot be done, or there is no place to divide it
   */
  editInParts(patches: readonly Operation[]): Edit[] {
    if (isWithinOnePatch(patches)) return [this.edit(patches)];
    const parts: Change[] = [];
    try {
      for (const part of splitWhere(patches, this.json, this.tree)) parts.push(part);
      for (const part of parts) checkPatch(part.patches);
    } catch (error) {
      for (const { inverse } of parts.toReversed()) this.replay(inverse);
      throw error;
    }
    return parts.map((part) => this.push(part));
  }

  /** Makes the last edit say something else about the same: while somebody types. @returns false where that is not possible */
  amend(edit: Edit, patches: readonly Operation[]): boolean {
    if (edit.isSent || this.edits.at(-1) !== edit || edit.patches.length !== patches.length) return false;
    const amended: Writing[] = [];
    for (const [index, operation] of patches.entries()) {
      const before = edit.patches[index]!;
      if (!writes(before) || !writes(operation) || before.path !== operation.path || !this.isMember(operation)) return false;
      amended.push({ ...before, value: operation.value });
    }
    this.apply(amended.map(({ path, value }) => ({ op: 'replace', path, value })));
    Object.assign(edit, { patches: amended, made: amended });
    return true;
  }

  /** Somebody else's change, the next version. */
  follow(version: number, patches: readonly Operation[]): void {
    this.carry(() => {
      const change = { patches, inverse: this.json.replay(patches) };
      this.remember(change);
      return [change];
    });
    this.confirmed = version;
  }

  /** The next version, which is the same page. */
  pass(version: number): void {
    this.confirmed = version;
  }

  /** The first `count` edits are the next version, together. `patches` are what was really done, which may be something else. */
  confirm(version: number, patches: readonly Operation[], count: number): void {
    const sent = this.edits.slice(0, count);
    if (equalJson(sent.flatMap((edit) => edit.patches), patches as unknown as Json)) {
      this.edits = this.edits.slice(count);
      for (const edit of sent) this.remember(edit);
    } else {
      this.carry(() => {
        const change = { patches, inverse: this.json.replay(patches) };
        // Which part of it is whose cannot be told: undoing the last one undoes all.
        for (const edit of sent) Object.assign(edit, { patches: [], inverse: [] });
        const last = Object.assign(sent.at(-1)!, change);
        this.remember(last);
        return [change];
      }, sent);
    }
    this.confirmed = version;
  }

  /** The page as it was read afresh: what has been missed is what differs. */
  become(version: number, schema: Json): void {
    this.carry(() => {
      const patches = diff(this.json.root, schema);
      const change = { patches, inverse: this.json.replay(patches) };
      this.remember(change);
      return [change];
    });
    this.confirmed = version;
  }

  /** Takes edits back that are not to be, or that are part of the page already. */
  drop(edits: readonly Edit[]): void {
    if (edits.length > 0) this.carry(() => [], edits);
  }

  /** Takes back what these edits did, as far as nothing newer stands there. @returns the edits that do so; none when nothing was left */
  undo(edits: readonly Edit[]): Edit[] {
    const changes: readonly Change[] = [...this.past, ...this.edits];
    const places = edits.map((edit) => changes.indexOf(edit)).filter((place) => place >= 0);
    let patches: readonly Operation[] = [];
    let since = changes.length;
    try {
      for (const [nth, place] of places.entries()) {
        if (nth > 0) patches = this.carriedTo(place, patches, changes.slice(since, place), changes);
        patches = [...changes[place]!.inverse, ...patches];
        since = place + 1;
      }
      patches = simplified(patches);
      if (patches.length === 0) {
        // The last of them has taken the others back.
        if (edits.length > 1) Object.assign(edits.at(-1)!, { reverses: edits.slice(0, -1) });
        return [];
      }
      const undone = new Rebase(this.json, this.tree, withoutReversed(changes.slice(since), reversedBy)).apply(patches, true);
      if (undone.patches.length === 0) return [];
      if (isWithinOnePatch(undone.patches)) return [Object.assign(this.push(undone), { reverses: edits })];
      this.replay(undone.inverse);
      return this.editInParts(undone.patches);
    } catch (error) {
      if (error instanceof RebaseConflict) return [];
      throw error;
    }
  }

  /** What stands now at the paths that the operations name. */
  currentAt(patches: readonly Operation[]): Record<string, unknown> {
    const current: Record<string, unknown> = {};
    for (const operation of patches) {
      for (const pointer of 'from' in operation ? [operation.from, operation.path] : [operation.path]) {
        const value = this.json.find(parsePointer(pointer));
        if (value !== undefined) current[pointer] = cloneJson(value);
      }
    }
    return current;
  }

  /** A patch that was right after the changes before `since`, as it would be before the change at `place`. */
  private carriedTo(place: number, patches: readonly Operation[], since: readonly Change[], changes: readonly Change[]): readonly Operation[] {
    if (since.length === 0) return patches;
    const later = changes.slice(place);
    for (const { inverse } of later.toReversed()) this.replay(inverse);
    try {
      const carried = new Rebase(this.json, this.tree, withoutReversed(since, reversedBy)).apply(patches, true);
      this.replay(carried.inverse);
      return carried.patches;
    } finally {
      for (const change of later) this.replay(change.patches);
    }
  }

  /** Something happens below one's own edits. Those that are `done` are part of it, or not to be. */
  private carry(happen: () => Change[], done: readonly Edit[] = []): void {
    for (const { inverse } of this.edits.toReversed()) this.replay(inverse);
    if (this.edits.length === 0) {
      happen();
      return this.tree.checked();
    }
    const sequence = this.edits.map((edit) => ({ patches: edit.patches, isDone: done.includes(edit) }));
    let since: Change[] = [];
    try {
      since = happen();
    } finally {
      const results = new Rebase(this.json, this.tree, since).applyEach(sequence);
      this.edits.forEach((edit, index) => {
        if (!sequence[index]!.isDone) take(edit, results[index]!);
      });
      this.edits = this.edits.filter((_edit, index) => !sequence[index]!.isDone);
    }
  }

  /** Of an object: there writing twice is writing once, while into an array it is putting in twice. */
  private isMember({ path }: Operation): boolean {
    return isObject(this.json.find(parsePointer(path).slice(0, -1)));
  }

  /** @throws PatchError; nothing has changed */
  private apply(patches: readonly Operation[]): Operation[] {
    checkPatch(patches);
    const inverse = this.json.apply(patches);
    try {
      this.tree.check();
      return inverse;
    } catch (error) {
      this.replay(inverse);
      throw error;
    }
  }

  private replay(operations: readonly Operation[]): void {
    this.json.replay(operations);
    this.tree.checked();
  }

  private push({ patches, inverse }: Change): Edit {
    const edit: Edit = { patches, inverse, made: patches };
    this.edits = [...this.edits, edit];
    return edit;
  }

  private remember(change: Change): void {
    this.past.push(change);
    if (this.past.length > 2 * MAX_PAST) this.past.splice(0, this.past.length - MAX_PAST);
  }
}

function reversedBy(change: Change & Pick<Edit, 'reverses'>): readonly Change[] {
  return change.reverses ?? [];
}

function take(edit: Edit, result: Rebased | RebaseConflict): void {
  if (result instanceof RebaseConflict) Object.assign(edit, { patches: [], inverse: [], conflict: result });
  else Object.assign(edit, { patches: result.patches, inverse: result.inverse });
}

type Writing = Operation & { readonly value: Json };

function writes(operation: Operation): operation is Writing {
  return operation.op === 'add' || operation.op === 'replace';
}
