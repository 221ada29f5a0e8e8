import { type Page, type PageSnapshot, type Readable, Value } from '@atrium/client';

/** A component's line in the tree. */
export interface Row {
  readonly id: string;
  /** 0 for the page itself. */
  readonly depth: number;
  readonly parent: string | null;
  /** Among the children of its parent. */
  readonly index: number;
  /** How many children its parent has. */
  readonly siblings: number;
  readonly children: number;
  readonly isExpanded: boolean;
}

/** The lines of a page from top to bottom, without what lies in collapsed components. */
export function outlineOf({ rootId, components }: PageSnapshot, collapsed: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const visit = (id: string, depth: number, parent: string | null, index: number, siblings: number): void => {
    const component = components[id];
    if (!component) return;
    const children = component.children ?? [];
    const isExpanded = children.length > 0 && !collapsed.has(id);
    rows.push({ id, depth, parent, index, siblings, children: children.length, isExpanded });
    if (isExpanded) children.forEach((child, at) => visit(String(child), depth + 1, id, at, children.length));
  };
  visit(String(rootId), 0, null, 0, 1);
  return rows;
}

function isSame(a: Row, b: Row): boolean {
  return a.id === b.id && a.depth === b.depth && a.parent === b.parent && a.index === b.index && a.siblings === b.siblings && a.children === b.children && a.isExpanded === b.isExpanded;
}

/** The tree as it is shown. It changes when something moves, comes or goes, and not with what is written into components. */
export class Outline {
  private readonly collapsed = new Value<ReadonlySet<string>>(new Set());
  private readonly shown = new Value<readonly Row[]>([]);

  constructor(private readonly page: Page) {
    this.read();
  }

  get rows(): Readable<readonly Row[]> {
    return this.shown;
  }

  /** Follows the page. @returns what ends that */
  follow(): () => void {
    const stops = [this.page.view.subscribe(() => this.read()), this.collapsed.subscribe(() => this.read())];
    this.read();
    return () => stops.forEach((stop) => stop());
  }

  setExpanded(id: string, isExpanded: boolean): void {
    const next = new Set(this.collapsed.get());
    if (isExpanded) next.delete(id);
    else next.add(id);
    this.collapsed.set(next);
  }

  /** Opens everything around it. */
  reveal(id: string): void {
    const { tree } = this.page;
    const next = new Set(this.collapsed.get());
    for (let at = tree.parentOf(id); at !== undefined; at = tree.parentOf(at)) next.delete(at);
    if (next.size < this.collapsed.get().size) this.collapsed.set(next);
  }

  private read(): void {
    const view = this.page.view.get();
    if (!view) return;
    const last = this.shown.get();
    const rows = outlineOf(view.schema, this.collapsed.get());
    if (rows.length === last.length && rows.every((row, index) => isSame(row, last[index]!))) return;
    this.shown.set(rows);
  }
}
