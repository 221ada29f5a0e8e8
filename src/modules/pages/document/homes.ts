import { type ComponentTree, keyOf } from './component-tree.js';
import type { JsonDocument, Operation } from './json-document.js';
import { formatPointer, parsePointer } from './json-pointer.js';
import type { Json } from './json-value.js';

interface Home {
  readonly parent: string;
  readonly index: number;
  /** The child as the list has it: a number, or a string. */
  readonly child: Json;
}

/** Remembers where components were that are taken out of their lists, to find a new place for those that nobody meant to lose. */
export class Homes {
  private readonly homes = new Map<string, Home>();

  constructor(
    private readonly json: JsonDocument,
    private readonly tree: ComponentTree,
  ) {}

  /** Before the operation is applied. */
  note({ op, path }: Operation): void {
    if (op === 'test') return;
    const [first, id, member, index] = parsePointer(path);
    if (first !== 'components' || id === undefined) return;
    if (member === undefined || (member === 'children' && index === undefined)) this.tree.childrenOf(id)?.forEach((child, at) => this.noteChild(id, at, child));
    else if (member === 'children' && (op === 'remove' || op === 'replace')) this.noteChild(id, Number(index), this.json.find(['components', id, member, index!]));
  }

  /** What puts each of the components into the nearest one around it that is still there, where that had the branch. */
  find(orphans: readonly string[]): Operation[] {
    const added = new Map<string, number>();
    return orphans.flatMap((id) => {
      const home = this.homes.get(id);
      const place = home && this.livingPlaceOf(home);
      if (!place) return [];
      const { parent, index } = place;
      const nth = added.get(`${parent} ${index}`) ?? 0;
      added.set(`${parent} ${index}`, nth + 1);
      const length = (this.tree.childrenOf(parent)?.length ?? 0) + nth;
      return [{ op: 'add' as const, path: formatPointer(['components', parent, 'children', Math.min(index + nth, length)]), value: home.child }];
    });
  }

  private livingPlaceOf(home: Home): Pick<Home, 'parent' | 'index'> | undefined {
    let at: Home | undefined = home;
    // Each step leads up, to a component that has been taken out; there are not more of them than homes.
    for (let steps = this.homes.size; at && steps >= 0; steps--) {
      if (this.isShown(at.parent) && this.tree.childrenOf(at.parent)) return at;
      at = this.homes.get(at.parent);
    }
    const { rootId } = this.tree;
    const children = rootId === undefined ? undefined : this.tree.childrenOf(rootId);
    return children && { parent: rootId!, index: children.length };
  }

  /** There, and led to by others up to the root. */
  private isShown(id: string): boolean {
    for (let at: string | undefined = id, steps = this.tree.componentCount; at !== undefined && steps >= 0; at = this.tree.parentOf(at), steps--) {
      if (!this.tree.has(at)) return false;
      if (at === this.tree.rootId) return true;
    }
    return false;
  }

  private noteChild(parent: string, index: number, child: Json | undefined): void {
    const id = keyOf(child);
    if (id !== undefined && !this.homes.has(id)) this.homes.set(id, { parent, index, child: child! });
  }
}
