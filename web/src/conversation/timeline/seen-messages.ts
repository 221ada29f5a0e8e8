/** A message has to stay in sight for this long to count as seen: scrolling past in a flash is not reading. */
export const DWELL_MS = 300;
/** Runs with gaps between them that are remembered; the oldest is forgotten first. */
const MAX_RUNS = 64;

/** A message in sight. No other message of the room lies between `after` and `seq`. */
export interface InSight {
  readonly seq: number;
  readonly after: number;
}

/** Everything from after one seq up to another has been seen. */
interface Run {
  readonly after: number;
  readonly upTo: number;
}

/**
 * Which messages a reader has seen, and how far the read position may move because of it: only over messages that follow it without a
 * gap. Runs that lie further on are remembered until the gap before them has been seen, too.
 */
export class SeenMessages {
  private since: ReadonlyMap<number, number> = new Map();
  private runs: readonly Run[] = [];

  /**
   * Tells what is in sight now, in the order of the room; nothing, while nobody looks.
   * @returns whether something of it needs more time to count as seen
   */
  look(inSight: readonly InSight[], nowMs: number): boolean {
    const since = new Map<number, number>();
    let needsTime = false;
    for (const { seq, after } of inSight) {
      const sinceMs = this.since.get(seq) ?? nowMs;
      since.set(seq, sinceMs);
      if (nowMs - sinceMs >= DWELL_MS) this.add({ after, upTo: seq });
      else needsTime = true;
    }
    this.since = since;
    return needsTime;
  }

  /** Where the read position may move to. */
  positionFrom(readSeq: number): number {
    // Runs that touch are one, so that at most one of them continues the position.
    return this.runs.find(({ after, upTo }) => after <= readSeq && readSeq < upTo)?.upTo ?? readSeq;
  }

  private add(run: Run): void {
    if (this.runs.some(({ after, upTo }) => after <= run.after && run.upTo <= upTo)) return;
    const touching = this.runs.filter((other) => other.after <= run.upTo && run.after <= other.upTo);
    const others = this.runs.filter((other) => !touching.includes(other));
    const merged = { after: Math.min(run.after, ...touching.map(({ after }) => after)), upTo: Math.max(run.upTo, ...touching.map(({ upTo }) => upTo)) };
    this.runs = [...others, merged].slice(-MAX_RUNS);
  }
}
