import { Value } from '@atrium/client';

const NONE: ReadonlySet<string> = new Set();

/** Which components are selected, in the order in which they were; the last one leads. */
export class Selection {
  readonly ids = new Value<ReadonlySet<string>>(NONE);

  get size(): number {
    return this.ids.get().size;
  }

  /** The one that was selected last. */
  get lead(): string | undefined {
    return [...this.ids.get()].at(-1);
  }

  has(id: string): boolean {
    return this.ids.get().has(id);
  }

  set(...ids: readonly string[]): void {
    const now = this.ids.get();
    if (ids.length === now.size && ids.every((id) => now.has(id)) && ids.at(-1) === this.lead) return;
    this.ids.set(ids.length === 0 ? NONE : new Set(ids));
  }

  /** In, or out again. */
  toggle(id: string): void {
    const others = [...this.ids.get()].filter((other) => other !== id);
    this.set(...(this.has(id) ? others : [...others, id]));
  }

  /** Without those that are no longer there. */
  keep(isThere: (id: string) => boolean): void {
    const left = [...this.ids.get()].filter(isThere);
    if (left.length < this.size) this.set(...left);
  }
}
