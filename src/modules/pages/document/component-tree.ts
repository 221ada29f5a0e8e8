import { ShapeWatch } from './component-shape.js';
import { PatchError, type Watcher } from './json-document.js';
import { sizeOfJson } from './json-size.js';
import { isObject, type Json, type JsonObject } from './json-value.js';

/** A component would contain itself. */
export class CircleError extends PatchError {}

export interface TreeLimits {
  /** The page as JSON text. */
  readonly pageBytes: number;
  readonly components: number;
  /** Components within components. */
  readonly treeDepth: number;
}

/** The tokens of a pointer to a component, its list of children or one of them, its own id. */
const COMPONENTS = 'components';
const CHILDREN = 'children';
/** So many changed components are looked at one by one; more, all in one pass over the page. */
const FEW = 16;
/** Work is told in tenths of a microsecond: to measure so many bytes is one, and to note a component or a child is some. */
const BYTES_A_UNIT = 40;
const WORK_OF_VISIT = 5;

/**
 * What is where on a page: an index over `{rootId, components: {<id>: {id, children: [<id>, …], …}}}` that follows every change, and the
 * invariants: the root exists, every child exists and has one parent, nothing contains itself. `children` is the authority; a component
 * that no list names is not shown, and no violation (it may be about to get its place).
 */
export class ComponentTree implements Watcher {
  /** Child → the components whose lists name it; one, unless an invariant is broken. */
  private readonly parents = new Map<string, string[]>();
  private count = 0;
  /** Components and children that have come or gone, ever. */
  private visited = 0;
  private bytes = 0;
  /** What changed since the last check. */
  private readonly changed = new Set<string>();
  /** Components whose list got something that is no list of ids. */
  private readonly suspects = new Set<string>();
  private isRootChanged = false;
  private readonly shapes = new ShapeWatch();
  /** As they were at the last check: what was too large before may stay so, but not grow. */
  private checkedCount = 0;
  private checkedBytes = 0;

  constructor(
    private readonly root: () => Json,
    private readonly limits: TreeLimits,
  ) {
    this.entering([], root(), 0, false);
  }

  get size(): number {
    return this.bytes;
  }

  get componentCount(): number {
    return this.count;
  }

  /** The component whose list names this one. */
  parentOf(id: string): string | undefined {
    return this.parents.get(id)?.[0];
  }

  /** Whether the list of `parent` names it. */
  isListed(id: string, parent: string): boolean {
    return this.parents.get(id)?.includes(parent) ?? false;
  }

  has(id: string): boolean {
    const components = this.components();
    return components !== undefined && Object.hasOwn(components, id);
  }

  /** Ids of its children, in order; undefined for a component that is not there or has no list. */
  childrenOf(id: string): readonly Json[] | undefined {
    const component = this.has(id) ? this.components()![id] : undefined;
    return isObject(component) && Array.isArray(component[CHILDREN]) ? component[CHILDREN] : undefined;
  }

  leaving(tokens: readonly string[], value: Json, placeBytes: number, isMoved: boolean): number {
    const size = isMoved ? 0 : sizeOfJson(value);
    const visited = this.visited;
    this.bytes -= size + placeBytes;
    this.visit(tokens, value, -1);
    return size / BYTES_A_UNIT + (this.visited - visited) * WORK_OF_VISIT;
  }

  entering(tokens: readonly string[], value: Json, placeBytes: number, isMoved: boolean): number {
    const size = isMoved ? 0 : sizeOfJson(value);
    const visited = this.visited;
    this.bytes += size + placeBytes;
    this.shapes.entering(tokens, value);
    this.visit(tokens, value, 1);
    // What comes in has been copied, too.
    return (3 * size) / BYTES_A_UNIT + (this.visited - visited) * WORK_OF_VISIT;
  }

  /**
   * Checks what has changed since the last check.
   * @throws PatchError INVARIANT_VIOLATED, PAYLOAD_TOO_LARGE
   */
  check(): void {
    if (this.bytes > Math.max(this.limits.pageBytes, this.checkedBytes)) throw new PatchError('PAYLOAD_TOO_LARGE', '', `The page would be larger than ${this.limits.pageBytes} bytes`);
    if (this.count > Math.max(this.limits.components, this.checkedCount)) throw new PatchError('PAYLOAD_TOO_LARGE', '', `The page would have more than ${this.limits.components} components`);
    if (this.isRootChanged) this.checkRoot();
    for (const id of this.suspects) this.checkChildren(id);
    for (const id of this.changed) this.checkComponent(id);
    if (this.changed.size > FEW) this.checkAllDepths();
    else for (const id of this.changed) if (this.parents.has(id)) this.checkBelow(id, this.depthOf(id));
    const problem = this.shapes.find(this.root());
    if (problem) throw violation(problem.path, problem.message);
    this.checked();
  }

  /** Components that no list names any more, or not yet, of what has changed since the last check. The root is none of them. */
  findUnlisted(): string[] {
    const rootId = this.rootId;
    return [...this.changed].filter((id) => id !== rootId && !this.parents.has(id) && this.has(id));
  }

  get rootId(): string | undefined {
    const page = this.root();
    return isObject(page) ? keyOf(page['rootId']) : undefined;
  }

  /** How many components lie deeper than is allowed: on a page that was stored before there was this limit. */
  countTooDeep(): number {
    let count = 0;
    this.descend((level, ids) => {
      if (level > this.limits.treeDepth) count += ids.length;
    });
    return count;
  }

  /** Forgets what has changed: it was checked, or taken back. */
  checked(): void {
    // Not for nothing: to clear a set makes a new one inside.
    if (this.changed.size > 0) this.changed.clear();
    if (this.suspects.size > 0) this.suspects.clear();
    this.isRootChanged = false;
    this.shapes.clear();
    this.checkedBytes = this.bytes;
    this.checkedCount = this.count;
  }

  private visit(tokens: readonly string[], value: Json, sign: 1 | -1): void {
    const [first, id, member] = tokens;
    if (first === undefined) return this.visitPage(value, sign);
    if (first === 'rootId') this.isRootChanged = true;
    if (first !== COMPONENTS) return;
    if (id === undefined) return this.visitComponents(value, sign);
    if (member === undefined) return this.visitComponent(id, value, sign);
    // Nothing else within a component concerns the tree.
    if (member === 'id' || member === CHILDREN) this.changed.add(id);
    if (member !== CHILDREN) return;
    if (tokens.length === 3) this.visitChildren(id, value, sign);
    else if (tokens.length === 4) this.list(id, value, sign);
  }

  private visitPage(page: Json, sign: 1 | -1): void {
    this.isRootChanged = true;
    if (isObject(page) && Object.hasOwn(page, COMPONENTS)) this.visitComponents(page[COMPONENTS]!, sign);
  }

  private visitComponents(components: Json, sign: 1 | -1): void {
    this.isRootChanged = true;
    if (!isObject(components)) return;
    for (const id of Object.keys(components)) this.visitComponent(id, components[id]!, sign);
  }

  private visitComponent(id: string, component: Json, sign: 1 | -1): void {
    this.count += sign;
    this.visited += 1;
    this.changed.add(id);
    // Who lists it must be looked at: it may list what is gone now.
    this.isRootChanged = true;
    if (isObject(component) && Object.hasOwn(component, CHILDREN)) this.visitChildren(id, component[CHILDREN]!, sign);
  }

  private visitChildren(parent: string, children: Json, sign: 1 | -1): void {
    if (Array.isArray(children)) for (const child of children) this.list(parent, child, sign);
    else this.suspects.add(parent);
  }

  private list(parent: string, child: Json, sign: 1 | -1): void {
    const id = keyOf(child);
    this.visited += 1;
    if (id === undefined) return void this.suspects.add(parent);
    this.changed.add(id);
    const listing = this.parents.get(id);
    if (sign === 1) {
      if (listing) listing.push(parent);
      else this.parents.set(id, [parent]);
      return;
    }
    const index = listing?.indexOf(parent) ?? -1;
    if (index < 0) return;
    if (listing!.length === 1) this.parents.delete(id);
    else listing!.splice(index, 1);
  }

  private checkRoot(): void {
    const page = this.root();
    if (!isObject(page)) throw violation('', 'The page must be an object');
    if (!isObject(page[COMPONENTS])) throw violation('/components', 'must be an object of components by id');
    const { rootId } = this;
    if (rootId === undefined) throw violation('/rootId', 'must be the id of a component');
    if (!this.has(rootId)) throw violation('/rootId', `The root ${rootId} does not exist`);
    if (this.parents.has(rootId)) throw violation('/rootId', `The root ${rootId} must not be a child`);
  }

  private checkComponent(id: string): void {
    const listing = this.parents.get(id);
    if (!this.has(id)) {
      if (listing) throw violation(`/components/${listing[0]!}/children`, `The child ${id} does not exist`);
      return;
    }
    const component = this.components()![id]!;
    if (!isObject(component)) throw violation(`/components/${id}`, 'A component must be an object');
    if (Object.hasOwn(component, 'id') && keyOf(component['id']) !== id) throw violation(`/components/${id}/id`, `must be ${id}, under which the component stands`);
    if (!listing) return;
    if (listing.length > 1) throw violation(`/components/${listing[1]!}/children`, `${id} would have two places`);
    if (this.rootId === id) throw violation('/rootId', `The root ${id} must not be a child`);
  }

  private checkChildren(id: string): void {
    const component = this.has(id) ? this.components()![id]! : undefined;
    if (!isObject(component) || !Object.hasOwn(component, CHILDREN)) return;
    const children = component[CHILDREN]!;
    const at = `/components/${id}/children`;
    if (!Array.isArray(children)) throw violation(at, 'must be an array of ids');
    const bad = children.findIndex((child) => keyOf(child) === undefined);
    if (bad >= 0) throw violation(`${at}/${bad}`, 'must be the id of a component');
  }

  /** How many components it lies in. */
  private depthOf(id: string): number {
    let depth = 0;
    for (let at = this.parentOf(id); at !== undefined; at = this.parentOf(at)) {
      if (at === id) throw circle(id);
      if (++depth > this.limits.treeDepth) throw this.isInCircle(at) ? circle(at) : this.tooDeep(id);
    }
    return depth;
  }

  private isInCircle(id: string): boolean {
    const seen = new Set<string>();
    let at = this.parentOf(id);
    for (; at !== undefined && at !== id && !seen.has(at); at = this.parentOf(at)) seen.add(at);
    return at !== undefined;
  }

  /** What lies in a component that lies in `depth` others. */
  private checkBelow(id: string, depth: number): void {
    if (this.count <= this.limits.treeDepth) return;
    let level = this.existingChildrenOf(id);
    for (let at = depth + 1; level.length > 0; at++) {
      if (at > this.limits.treeDepth) throw this.tooDeep(level[0]!);
      level = level.flatMap((child) => this.existingChildrenOf(child));
    }
  }

  private checkAllDepths(): void {
    const seen = this.descend((level, ids) => {
      if (level > this.limits.treeDepth) throw this.tooDeep(ids[0]!);
    });
    // What nothing leads to from above contains itself.
    const lost = Object.keys(this.components() ?? {}).find((id) => !seen.has(id));
    if (lost !== undefined) throw circle(lost);
  }

  /** Goes down from the components that no other one contains, level by level. @returns all that it has come to */
  private descend(visit: (level: number, ids: readonly string[]) => void): ReadonlySet<string> {
    const seen = new Set<string>();
    const meet = (id: string): boolean => {
      const isNew = !seen.has(id);
      if (isNew) seen.add(id);
      return isNew;
    };
    let ids = Object.keys(this.components() ?? {}).filter((id) => !this.parents.has(id) && meet(id));
    for (let level = 0; ids.length > 0; level++) {
      visit(level, ids);
      ids = ids.flatMap((id) => this.existingChildrenOf(id)).filter(meet);
    }
    return seen;
  }

  private existingChildrenOf(id: string): string[] {
    return this.childrenOf(id)?.flatMap((child) => {
      const key = keyOf(child);
      return key !== undefined && this.has(key) ? [key] : [];
    }) ?? [];
  }

  private tooDeep(id: string): PatchError {
    return violation(`/components/${id}`, `would lie in more than ${this.limits.treeDepth} components`);
  }

  private components(): JsonObject | undefined {
    const page = this.root();
    const components = isObject(page) ? page[COMPONENTS] : undefined;
    return isObject(components) ? components : undefined;
  }
}

/** An id as it stands in `rootId` and `children` (a number, or a string), as the name under which its component stands. */
export function keyOf(id: Json | undefined): string | undefined {
  if (typeof id === 'string') return id === '' ? undefined : id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : undefined;
}

function circle(id: string): CircleError {
  return new CircleError('INVARIANT_VIOLATED', '', `/components/${id}: ${id} would contain itself`);
}

function violation(path: string, message: string): PatchError {
  return new PatchError('INVARIANT_VIOLATED', '', path === '' ? message : `${path}: ${message}`);
}
