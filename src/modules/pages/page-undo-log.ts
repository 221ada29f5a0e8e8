/** An edit of a page that is on disk. */
export interface PastEdit {
  readonly version: number;
  readonly actorId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The version that it took back, if it is an undo. */
  readonly undoes: number | null;
}

/** The recent edits of a page, and which of them have been taken back. */
export class UndoLog {
  /** Version → the last one that took it back, whether or not that still holds. */
  private readonly attempts = new Map<number, number>();
  private readonly holding = new Map<number, number>();

  /** @param edits the newest first */
  constructor(private readonly edits: readonly PastEdit[]) {
    for (const { version, undoes } of edits) {
      if (undoes === null) continue;
      if (!this.attempts.has(undoes)) this.attempts.set(undoes, version);
      // Newest first: whether an undo was itself taken back is known when it is looked at.
      if (!this.holding.has(version)) this.holding.set(undoes, version);
    }
  }

  /** Version → the one that took it back, and was not taken back itself. */
  get undone(): ReadonlyMap<number, number> {
    return this.holding;
  }

  note(version: number, by: number): void {
    this.attempts.set(version, by);
    this.holding.set(version, by);
  }

  /**
   * The id under which somebody takes a version back: the same on every attempt, so that two at the same time are one; another when the
   * last undo of it was taken back. No client can make it, since theirs have no spaces.
   */
  opIdFor(version: number): string {
    const last = this.attempts.get(version);
    return last === undefined ? `undo ${version}` : `undo ${version} after ${last}`;
  }

  /** What somebody can undo, the newest first: own edits that have not been taken back. An undo is none. */
  ownOf(actorId: string): number[] {
    return this.edits.filter((edit) => edit.actorId === actorId && edit.undoes === null && !this.holding.has(edit.version)).map(({ version }) => version);
  }

  /** What is left of somebody's edits in a time, the newest first. An undo counts where what it took back is older than that. */
  leftOf(actorId: string, since: number, until: number): number[] {
    const inTime = this.edits.filter((edit) => edit.actorId === actorId && edit.at >= since && edit.at <= until);
    const versions = new Set(inTime.map(({ version }) => version));
    return inTime.filter(({ version, undoes }) => !this.holding.has(version) && (undoes === null || !versions.has(undoes))).map(({ version }) => version);
  }
}
