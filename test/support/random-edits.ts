import type { Operation } from '../../src/modules/pages/document/json-document.js';
import type { Json } from '../../src/modules/pages/document/json-value.js';
import type { PageDocument } from '../../src/modules/pages/page.document.js';
import type { Random } from './random.js';

/** A component that says who it is, and whose `props.mark`, where it has one, must say the same. */
export interface MarkedComponent {
  id: string;
  uid: string;
  props: Record<string, Json>;
  children: string[];
}

/** A patch, and the components that it is meant to take away, whatever has happened in between. */
export interface Intended {
  readonly patches: Operation[];
  readonly removes: string[];
}

export const componentsOf = (page: PageDocument) => (page.schema as unknown as { components: Record<string, MarkedComponent> }).components;

/** A tree of twelve. */
export function startPage(): Json {
  const components: Record<string, MarkedComponent> = {};
  for (let i = 0; i < 12; i++) components[`c${i}`] = { id: `c${i}`, uid: `c${i}`, props: { list: ['a', 'b', 'c'] }, children: [] };
  components['c0']!.children = ['c1', 'c2', 'c3', 'c4'];
  components['c1']!.children = ['c5', 'c6', 'c7'];
  components['c2']!.children = ['c8', 'c9'];
  components['c8']!.children = ['c10', 'c11'];
  return { rootId: 'c0', components } as unknown as Json;
}

/** The value as text, whatever the order of its members. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_key, member: Json) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}

/** Makes edits that apply to the page as it has it, and say in their values which component they mean. */
export class RandomEditor {
  private made = 0;

  constructor(
    readonly name: string,
    readonly page: PageDocument,
    private readonly random: Random,
  ) {}

  edit(): Intended {
    const components = componentsOf(this.page);
    const ids = Object.keys(components);
    const pick = (list: readonly string[]) => this.random.pick(list);
    const target = pick(ids);
    const parents = ids.filter((id) => components[id]!.children.length > 0);
    switch (this.random.below(7)) {
      case 0:
        return this.create(components, target);
      case 1:
        return parents.length === 0 ? this.setProp(components, target) : this.remove(components, pick(parents));
      case 2:
      case 3:
        return parents.length === 0 ? this.setProp(components, target) : this.move(components, pick(parents), target);
      case 4:
        return { removes: [], patches: [{ op: 'replace', path: `/components/${target}/children`, value: this.shuffle(components[target]!.children) }] };
      case 5:
        return this.changeList(components, target);
      default:
        return this.setProp(components, target);
    }
  }

  private setProp(components: Record<string, MarkedComponent>, id: string): Intended {
    return { removes: [], patches: [{ op: 'add', path: `/components/${id}/props/mark`, value: `${components[id]!.uid}` }] };
  }

  private create(components: Record<string, MarkedComponent>, parent: string): Intended {
    const id = `${this.name}${this.made++}`;
    const index = this.random.below(components[parent]!.children.length + 1);
    const component = { id, uid: id, props: { list: [] }, children: [] };
    return { removes: [], patches: [{ op: 'add', path: `/components/${id}`, value: component }, { op: 'add', path: `/components/${parent}/children/${index}`, value: id }] };
  }

  private remove(components: Record<string, MarkedComponent>, parent: string): Intended {
    const index = this.random.below(components[parent]!.children.length);
    const id = components[parent]!.children[index]!;
    const removes: string[] = [];
    const walk = (at: string): void => {
      removes.push(at);
      components[at]!.children.forEach(walk);
    };
    walk(id);
    return { removes, patches: [{ op: 'remove', path: `/components/${parent}/children/${index}` }, ...removes.map((at) => ({ op: 'remove' as const, path: `/components/${at}` }))] };
  }

  private move(components: Record<string, MarkedComponent>, parent: string, target: string): Intended {
    const index = this.random.below(components[parent]!.children.length);
    const id = components[parent]!.children[index]!;
    const isWithin = (at: string): boolean => at === id || componentsWith(components, at).some(isWithin);
    if (isWithin(target)) return this.setProp(components, id);
    const length = components[target]!.children.length - (target === parent ? 1 : 0);
    const path = `/components/${target}/children/${this.random.below(length + 1)}`;
    const from = `/components/${parent}/children/${index}`;
    return { removes: [], patches: this.random.below(2) === 0 ? [{ op: 'move', from, path }] : [{ op: 'remove', path: from }, { op: 'add', path, value: id }] };
  }

  private changeList(components: Record<string, MarkedComponent>, id: string): Intended {
    const list = components[id]!.props['list'] as Json[];
    const index = this.random.below(list.length + 1);
    const path = `/components/${id}/props/list/${index}`;
    if (index < list.length && this.random.below(2) === 0) return { removes: [], patches: [{ op: 'remove', path }] };
    return { removes: [], patches: [{ op: 'add', path, value: `${id}-${this.made++}` }] };
  }

  private shuffle(children: readonly string[]): string[] {
    const shuffled = [...children];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.random.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }
}

function componentsWith(components: Record<string, MarkedComponent>, child: string): string[] {
  return Object.keys(components).filter((id) => components[id]!.children.includes(child));
}
