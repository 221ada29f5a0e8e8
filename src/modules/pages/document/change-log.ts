import { areCrossed, componentsOf, inFirstPlace } from './crossing.js';
import type { Operation } from './json-document.js';
import { sizeOfJson } from './json-size.js';
import type { Json } from './json-value.js';
import type { LoggedPatch } from './rebase.js';
import type { StepBudget } from './text-diff.js';

/** Changes that are at hand for rebases and undos; what is older, the journal has. */
export const MAX_LOGGED = 2_000;
export const MAX_LOGGED_BYTES = 8_000_000;

/** Pairs of operations whose pointers are compared at most, some 10 ms. Of more nothing is said. */
const MAX_COMPARED = 50_000;

/** Weighed once: when it is forgotten, what it was has to be known again. */
interface Logged extends LoggedPatch {
  readonly weight: number;
}

/** What a change touches that is not within one component. */
const ELSEWHERE = Symbol('elsewhere');

/** The recent past of a page: its last changes in order, and which of them touched which component. */
export class ChangeLog {
  private readonly changes: Logged[] = [];
  /** Component → the changes that touched it, in order. */
  private readonly touching = new Map<string | typeof ELSEWHERE, Logged[]>();
  private bytes = 0;

  /** @param start the version after which it has every change */
  constructor(private start: number) {}

  /** It has every change after this version. */
  get from(): number {
    return this.start;
  }

  /** What it holds in memory, about. */
  get weight(): number {
    return this.bytes;
  }

  /** The last version that changed the page up to `version`, as far as the log reaches. */
  lastUpTo(version = Number.POSITIVE_INFINITY): number {
    return this.changes.findLast((change) => change.version <= version)?.version ?? this.start;
  }

  /** The changes after `version`, in order. */
  since(version: number): readonly LoggedPatch[] {
    return this.changes.slice(this.changes.findLastIndex((change) => change.version <= version) + 1);
  }

  push(change: LoggedPatch): void {
    const logged = weighed(change);
    this.changes.push(logged);
    this.bytes += logged.weight;
    this.note(logged);
    if (this.changes.length > 2 * MAX_LOGGED || this.bytes > 2 * MAX_LOGGED_BYTES) this.forget();
  }

  /** Takes the last change out. */
  pop(): LoggedPatch | undefined {
    const last = this.changes.pop();
    if (!last) return undefined;
    this.bytes -= last.weight;
    for (const operation of last.patches) {
      for (const id of componentsOf(operation)) {
        const changes = this.touching.get(id ?? ELSEWHERE)!;
        if (changes.at(-1) === last) changes.pop();
      }
    }
    return last;
  }

  /** Has it reach further back, to `from`. The changes come in order; those that it has are left out. */
  prepend(past: readonly LoggedPatch[], from: number): void {
    const earlier = past.filter(({ version }) => version <= this.start).map(weighed);
    this.changes.unshift(...earlier);
    for (const { weight } of earlier) this.bytes += weight;
    this.start = from;
    this.touching.clear();
    for (const change of this.changes) this.note(change);
  }

  /** Nothing after `version` has touched the components that the patch is about. */
  isUntouched(patches: readonly Operation[], version: number): boolean {
    const isQuiet = (touched: string | typeof ELSEWHERE) => (this.touching.get(touched)?.at(-1)?.version ?? 0) <= version;
    return isQuiet(ELSEWHERE) && patches.every((mine) => componentsOf(mine).every((id) => id !== undefined && isQuiet(id)));
  }

  /** No pointer of what came after `version` crosses one of the patch's own: those mean what they meant. False also where that are too many to tell. */
  isApart(patches: readonly Operation[], version: number): boolean {
    const budget = { left: MAX_COMPARED };
    for (const mine of inFirstPlace(patches)) {
      const ids = componentsOf(mine);
      if (ids.includes(undefined)) {
        if (isCrossed(mine, this.changes, version, budget)) return false;
        continue;
      }
      // Pointers into two components never cross.
      if (isCrossed(mine, this.touching.get(ELSEWHERE), version, budget)) return false;
      for (const id of ids) if (isCrossed(mine, this.touching.get(id!), version, budget)) return false;
    }
    return true;
  }

  /**
   * The changes after `version` of the one text that the patch replaces, in order; undefined when that is not all that crosses the patch.
   */
  textChanges(mine: Operation, version: number): readonly LoggedPatch[] | undefined {
    const [id] = componentsOf(mine);
    if (id === undefined || isCrossed(mine, this.touching.get(ELSEWHERE), version, { left: MAX_COMPARED })) return undefined;
    const changes: LoggedPatch[] = [];
    for (const change of this.touching.get(id) ?? []) {
      if (change.version <= version) continue;
      const crossing = change.patches.filter((theirs) => areCrossed(mine, theirs));
      if (crossing.length === 0) continue;
      if (crossing.some(({ op, path }) => op !== 'replace' || path !== mine.path)) return undefined;
      changes.push(change);
    }
    return changes;
  }

  private forget(): void {
    let end = 0;
    while (this.changes.length - end > MAX_LOGGED || (this.bytes > MAX_LOGGED_BYTES && end < this.changes.length)) this.bytes -= this.changes[end++]!.weight;
    for (const { version } of this.changes.splice(0, end)) this.start = version;
    for (const [touched, changes] of this.touching) {
      const first = changes.findIndex(({ version }) => version > this.start);
      if (first < 0) this.touching.delete(touched);
      else if (first > 0) changes.splice(0, first);
    }
  }

  private note(change: Logged): void {
    for (const operation of change.patches) {
      for (const id of componentsOf(operation)) {
        const changes = this.touching.get(id ?? ELSEWHERE);
        if (!changes) this.touching.set(id ?? ELSEWHERE, [change]);
        else if (changes[changes.length - 1] !== change) changes.push(change);
      }
    }
  }
}

/** True also where the budget does not suffice to tell. */
function isCrossed(mine: Operation, changes: readonly LoggedPatch[] | undefined, since: number, budget: StepBudget): boolean {
  if (!changes) return false;
  for (let i = changes.length - 1; i >= 0 && changes[i]!.version > since; i--) {
    const { patches } = changes[i]!;
    budget.left -= patches.length;
    if (budget.left < 0) return true;
    for (const theirs of patches) if (areCrossed(mine, theirs)) return true;
  }
  return false;
}

function weighed(change: LoggedPatch): Logged {
  let weight = 0;
  for (const operations of [change.patches, change.inverse]) {
    for (const operation of operations) weight += 80 + operation.path.length + ('value' in operation ? weightOf(operation.value) : 0);
  }
  const { version, actorId, patches, inverse, connection, sentTexts } = change;
  sentTexts?.forEach((text) => (weight += text.length));
  return { version, actorId, patches, inverse, connection, sentTexts, weight };
}

function weightOf(value: Json): number {
  return typeof value === 'string' ? value.length : sizeOfJson(value);
}
