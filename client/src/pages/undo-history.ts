import type { Edit, PageDraft } from './page-draft.js';

/** Edits of the same thing in so short a time are one: a word is undone, not a letter. */
const JOIN_WITHIN_MS = 1_000;

/** What is undone at once. */
interface Step {
  edits: readonly Edit[];
  readonly key: string | undefined;
  atMs: number;
}

/** One's own edits, to be taken back and made again, whatever others do meanwhile. */
export class UndoHistory {
  private undoable: Step[] = [];
  private redoable: Step[] = [];

  constructor(private readonly draft: PageDraft) {}

  get canUndo(): boolean {
    return this.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.redoable.length > 0;
  }

  /** The edits that one about the same thing, made now, goes together with. */
  ongoing(key: string | undefined): readonly Edit[] | undefined {
    const step = this.undoable.at(-1);
    return key !== undefined && step?.key === key && performance.now() - step.atMs < JOIN_WITHIN_MS ? step.edits : undefined;
  }

  /** The user has made these, together. With the same key as the last ones, shortly after them, they are undone together with them. */
  record(edits: readonly Edit[], key?: string): void {
    this.redoable = [];
    if (this.ongoing(key)) {
      const step = this.undoable.at(-1)!;
      step.edits = [...step.edits, ...edits];
      step.atMs = performance.now();
    } else {
      this.undoable.push(stepOf(edits, key));
    }
  }

  /** Takes back what was made last and is still there. @returns false when there is nothing */
  undo(): boolean {
    return this.reverse(this.undoable, this.redoable);
  }

  redo(): boolean {
    return this.reverse(this.redoable, this.undoable);
  }

  /** It was not to be. */
  forget(edit: Edit): void {
    const without = (steps: Step[]): Step[] => {
      for (const step of steps) if (step.edits.includes(edit)) step.edits = step.edits.filter((each) => each !== edit);
      return steps.filter(({ edits }) => edits.length > 0);
    };
    this.undoable = without(this.undoable);
    this.redoable = without(this.redoable);
  }

  private reverse(from: Step[], to: Step[]): boolean {
    for (let step; (step = from.pop()); ) {
      const edits = this.draft.undo(step.edits);
      if (edits.length === 0) continue;
      to.push(stepOf(edits));
      return true;
    }
    return false;
  }
}

function stepOf(edits: readonly Edit[], key?: string): Step {
  return { edits, key, atMs: performance.now() };
}
