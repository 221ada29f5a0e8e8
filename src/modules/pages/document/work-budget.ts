import { sizeOfJson } from './json-size.js';
import type { Json } from './json-value.js';

export type PatchErrorCode = 'INVALID_INPUT' | 'PATCH_FAILED' | 'INVARIANT_VIOLATED' | 'PAYLOAD_TOO_LARGE';

/** Thrown inside, where the member is known but not the place of the operation in its patch. */
export class Refusal extends Error {
  constructor(
    readonly member: 'op' | 'path' | 'from' | 'value',
    message: string,
    readonly code: PatchErrorCode = 'PATCH_FAILED',
  ) {
    super(message);
  }
}

/** Work is told in tenths of a microsecond, about: to look through so many bytes of a value is one. */
export const BYTES_A_UNIT = 10;
/** As much as it takes to replace a page of the greatest size by a small one. */
const MAX_WORK = 400_000;

/** How much one patch may copy and how much work it may be: what its own size does not bound. The count decides, and not a clock. */
export class WorkBudget {
  private copiedBytes = 1_000_000;

  /** @param work without a limit for what is bounded by the size of a page, and not by that of a patch */
  constructor(private work = MAX_WORK) {}

  /** @throws Refusal PAYLOAD_TOO_LARGE */
  copy(value: Json): void {
    this.copiedBytes -= sizeOfJson(value, this.copiedBytes);
    if (this.copiedBytes < 0) throw new Refusal('from', 'copies too much for one patch', 'PAYLOAD_TOO_LARGE');
  }

  /** Before a value is looked through. @throws Refusal PAYLOAD_TOO_LARGE */
  lookThrough(value: Json): void {
    this.spend(sizeOfJson(value, this.work * BYTES_A_UNIT) / BYTES_A_UNIT);
    this.require();
  }

  /** After it was done: the next operation hears of it. */
  spend(work: number): void {
    this.work -= work;
  }

  /** @throws Refusal PAYLOAD_TOO_LARGE */
  require(): void {
    if (this.work < 0) throw new Refusal('path', 'is too much work for one patch: it moves, compares or replaces too large values too often', 'PAYLOAD_TOO_LARGE');
  }
}
