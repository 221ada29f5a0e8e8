import type { StepBudget } from './text-diff.js';
import { mergeText, TextTooDifferent } from './text-merge.js';

/** What somebody has made of a text. */
export interface TextEdit {
  readonly before: string;
  readonly after: string;
  /**
   * The text as the same sender as that of the patch that is carried has sent it, without waiting for what became of it: that one was made
   * on top of it, and not on what there was before.
   */
  readonly sent?: string | undefined;
  /** Of the patch that this is part of, for all merges that it takes. */
  readonly budget?: StepBudget | undefined;
}

/** Words that say how a component is built, and are not for people to read. */
const STRUCTURE = new Set(['id', 'type', 'parentId', 'children']);

/** Whether a string at this pointer of a page is a text, in which several people may type. */
export function isText([first, id, member]: readonly string[]): boolean {
  return first === 'components' && id !== undefined && member !== undefined && !STRUCTURE.has(member);
}

/** My edit after theirs, both of one text. Undefined when they differ too much. */
export function mineAfter(theirs: TextEdit, mine: TextEdit): TextEdit | undefined {
  const after = tryMerge(theirs, mine);
  return after === undefined ? undefined : { before: theirs.after, after, budget: mine.budget };
}

/** Their edit after mine. */
export function theirsAfter(theirs: TextEdit, mine: TextEdit): TextEdit | undefined {
  const after = tryMerge(theirs, mine);
  return after === undefined ? undefined : { before: mine.after, after };
}

function tryMerge(theirs: TextEdit, mine: TextEdit): string | undefined {
  try {
    return mergeText(theirs.sent ?? mine.before, theirs.after, mine.after, { budget: mine.budget });
  } catch (error) {
    if (error instanceof TextTooDifferent) return undefined;
    throw error;
  }
}

/**
 * A text on its way to the present. It is carried over the edits of others one by one, as clients carry what they have not sent yet: so
 * both come to the same text.
 */
export class CarriedText {
  /** Others have edited the text since. */
  isCarried = false;
  private before: string;
  private now: string;

  /** @param yields it takes back what somebody has typed (see `mergeText`): a text that has changed too much stays as it is */
  constructor(
    private readonly made: TextEdit,
    private readonly yields = false,
  ) {
    this.before = made.before;
    this.now = made.after;
  }

  /** @throws TextTooDifferent */
  carryOver({ after, sent }: TextEdit): void {
    this.isCarried = true;
    this.now = sent === undefined ? this.merge(this.before, after, this.now) : this.merge(sent, after, this.made.after);
    this.before = after;
  }

  /** On top of what stands there now. @throws TextTooDifferent */
  on(present: string): string {
    return this.merge(this.before, present, this.now);
  }

  private merge(base: string, theirs: string, mine: string): string {
    try {
      return mergeText(base, theirs, mine, { yields: this.yields, budget: this.made.budget });
    } catch (error) {
      if (this.yields && error instanceof TextTooDifferent) return theirs;
      throw error;
    }
  }
}
