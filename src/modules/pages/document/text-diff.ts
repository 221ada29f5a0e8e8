/** A change on the way from one list to another: element `x` of the one is taken out, or element `y` of the other put in before `x`. */
export interface Move {
  readonly kind: 'delete' | 'insert';
  readonly x: number;
  readonly y: number;
}

/** Work that may still be done; below zero there was too much of it. */
export interface StepBudget {
  left: number;
}

/**
 * The shortest way from one list to another, in order (Myers, "An O(ND) difference algorithm and its variations", 1986).
 * @param budget steps of which it may use as many as are left
 * @returns undefined when that are too few to find it
 */
export function pathBetween(from: readonly string[], to: readonly string[], budget: StepBudget): Move[] | undefined {
  const fronts = frontsBetween(from, to, budget);
  if (!fronts) return undefined;
  const moves: Move[] = [];
  let [x, y] = [from.length, to.length];
  for (let d = fronts.length - 1; d > 0; d--) {
    const before = fronts[d - 1]!;
    const k = x - y;
    const isInsertion = comesFromAbove(before, d, k);
    x = reach(before, isInsertion ? k + 1 : k - 1);
    y = x - (isInsertion ? k + 1 : k - 1);
    moves.push({ kind: isInsertion ? 'insert' : 'delete', x, y });
  }
  return moves.reverse();
}

/** For each number of changes d, as many as it takes: how far they lead on each of the diagonals -d to d. */
function frontsBetween(from: readonly string[], to: readonly string[], budget: StepBudget): Int32Array[] | undefined {
  const fronts: Int32Array[] = [];
  for (let d = 0; budget.left >= 0; d++) {
    const front = new Int32Array(2 * d + 1);
    const before = fronts.at(-1);
    fronts.push(front);
    budget.left -= d + 1;
    for (let k = -d; k <= d; k += 2) {
      let x = !before ? 0 : comesFromAbove(before, d, k) ? reach(before, k + 1) : reach(before, k - 1) + 1;
      for (; x < from.length && x - k < to.length && from[x] === to[x - k]; x++) budget.left -= 1;
      front[k + d] = x;
      if (x >= from.length && x - k >= to.length) return fronts;
    }
  }
  return undefined;
}

/** The last of d changes that leads to the diagonal k is an insertion. */
function comesFromAbove(before: Int32Array, d: number, k: number): boolean {
  return k === -d || (k !== d && reach(before, k - 1) < reach(before, k + 1));
}

/** Where the diagonal k has been come to. */
function reach(front: Int32Array, k: number): number {
  return front[k + (front.length - 1) / 2]!;
}
