import { type ComponentTree, keyOf } from '../../../src/modules/pages/document/component-tree.js';
import type { Component, ComponentId, PageSnapshot } from './page-types.js';

/** Where a component is. */
export interface ComponentPlace {
  readonly parent: string;
  readonly index: number;
}

/** The page as it is now, to be looked at: what is where. */
export class PageTree {
  constructor(
    private readonly tree: ComponentTree,
    private readonly snapshot: () => PageSnapshot,
  ) {}

  get schema(): PageSnapshot {
    return this.snapshot();
  }

  component(id: ComponentId): Component | undefined {
    const { components } = this.schema;
    return Object.hasOwn(components, id) ? components[id] : undefined;
  }

  /** The component that has it among its children; undefined for the root, and for one that has no place. */
  parentOf(id: ComponentId): string | undefined {
    return this.tree.parentOf(String(id));
  }

  childrenOf(id: ComponentId): readonly ComponentId[] {
    return (this.tree.childrenOf(String(id)) ?? []) as readonly ComponentId[];
  }

  placeOf(id: ComponentId): ComponentPlace | undefined {
    const parent = this.parentOf(id);
    if (parent === undefined) return undefined;
    return { parent, index: this.childrenOf(parent).findIndex((child) => keyOf(child) === String(id)) };
  }

  /** The component and everything in it, each before what it contains. */
  subtreeOf(id: ComponentId): string[] {
    const ids = [String(id)];
    for (let at = 0; at < ids.length; at++) ids.push(...this.childrenOf(ids[at]!).map(String));
    return ids;
  }

  /** True when `id` is `ancestor`, or lies in it. */
  isWithin(id: ComponentId, ancestor: ComponentId): boolean {
    for (let at: string | undefined = String(id); at !== undefined; at = this.tree.parentOf(at)) if (at === String(ancestor)) return true;
    return false;
  }
}
