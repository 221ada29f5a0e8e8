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
}

/** Words that say how a component is built, and are not for people to read. */
const STRUCTURE = new Set(['id', 'type', 'parentId', 'children']);
/** UTF-16 units of the versions of one text that one patch is carried over: some 10 ms of work. */
const MAX_CARRIED_LENGTH = 5_000_000;

/** Whether a string at this pointer of a page is a text, in which several people may type. */
export function isText([first, id, member]: readonly string[]): boolean {
  return first === 'components' && id !== undefined && member !== undefined && !STRUCTURE.has(member);
}

/** My edit after theirs, both of one text. Undefined when they differ too much. */
export function mineAfter(theirs: TextEdit, mine: TextEdit): TextEdit | undefined {
  const after = tryMerge(theirs, mine);
  return after === undefined ? undefined : { before: theirs.after, after };
}

/** Their edit after mine. */
export function theirsAfter(theirs: TextEdit, mine: TextEdit): TextEdit | undefined {
  const after = tryMerge(theirs, mine);
  return after === undefined ? undefined : { before: mine.after, after };
}

function tryMerge(theirs: TextEdit, mine: TextEdit): string | undefined {
  try {
    return mergeText(theirs.sent ?? mine.before, theirs.after, mine.after);
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
  private carriedLength = 0;
  private before: string;
  private now: string;

  constructor(private readonly made: TextEdit) {
    this.before = made.before;
    this.now = made.after;
  }

  /** @throws TextTooDifferent */
  carryOver({ after, sent }: TextEdit): void {
    if ((this.carriedLength += after.length) > MAX_CARRIED_LENGTH) throw new TextTooDifferent();
    this.now = sent === undefined ? mergeText(this.before, after, this.now) : mergeText(sent, after, this.made.after);
    this.before = after;
  }

  /** On top of what stands there now. @throws TextTooDifferent */
  on(present: string): string {
    return mergeText(this.before, present, this.now);
  }
}
