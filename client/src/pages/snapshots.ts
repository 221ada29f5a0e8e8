import { cloneJson, equalJson, isObject, type Json, type JsonObject } from '../../../src/modules/pages/document/json-value.js';
import type { Component, PageSnapshot } from './page-types.js';

/**
 * A document that changes in place, as values that never change: what differs from the last one is copied, component by component, and
 * everything else is shared with it. So whoever shows a component need not look again until that one has changed.
 */
export class Snapshots {
  private last: PageSnapshot | undefined;
  private readonly components = new Set<string>();
  private readonly members = new Set<string>();
  private isAllTouched = true;

  constructor(private readonly root: () => Json) {}

  /** Something is put in, or taken out, there. */
  touch([member, id]: readonly string[]): void {
    if (member === undefined || (member === 'components' && id === undefined)) this.isAllTouched = true;
    else if (member === 'components') this.components.add(id!);
    else this.members.add(member);
  }

  /** The page as it is; the last snapshot itself when it is the same. */
  take(): PageSnapshot {
    const page = this.root() as JsonObject;
    const last = this.last ?? ({ components: {} } as unknown as PageSnapshot);
    if (this.isAllTouched) this.touchAll(page, last);
    const components = changed(last.components as Record<string, Json>, page['components'] as JsonObject, this.components) as Record<string, Component>;
    const members = changed(last as unknown as Record<string, Json>, page, this.members);
    if (components !== last.components || members !== (last as unknown)) this.last = { ...(members as unknown as PageSnapshot), components };
    this.components.clear();
    this.members.clear();
    this.isAllTouched = false;
    return this.last!;
  }

  private touchAll(page: JsonObject, last: PageSnapshot): void {
    for (const object of [page, last]) {
      for (const member of Object.keys(object)) if (member !== 'components') this.members.add(member);
      const components: unknown = object['components'];
      if (isObject(components)) for (const id of Object.keys(components)) this.components.add(id);
    }
  }
}

/** `last` with what stands under these names now; itself when that is the same. */
function changed(last: Record<string, Json>, now: JsonObject, names: ReadonlySet<string>): Record<string, Json> {
  let next = last;
  for (const name of names) {
    const value = Object.hasOwn(now, name) ? now[name] : undefined;
    const before = Object.hasOwn(last, name) ? last[name] : undefined;
    if (value === undefined ? before === undefined : before !== undefined && equalJson(before, value)) continue;
    if (next === last) next = { ...last };
    if (value === undefined) delete next[name];
    else next[name] = cloneJson(value);
  }
  return next;
}
