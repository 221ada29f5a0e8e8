import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from './document/json-document.js';
import type { Json } from './document/json-value.js';
import { type Applied, PageDocument, StaleVersion } from './page.document.js';

/**
 * Editors who are behind, each on a state of their own that really was, change one tree. Whatever they send applies to what they see, and
 * says in its values which component it means; the laws are those of docs/pages.md.
 */
interface Component {
  id: string;
  uid: string;
  props: Record<string, Json>;
  children: string[];
}

/** mulberry32, seeded by fast-check, so that a failure comes with its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const componentsOf = (page: PageDocument) => (page.schema as unknown as { components: Record<string, Component> }).components;

function startPage(): Json {
  const components: Record<string, Component> = {};
  for (let i = 0; i < 12; i++) components[`c${i}`] = { id: `c${i}`, uid: `c${i}`, props: { list: ['a', 'b', 'c'] }, children: [] };
  components['c0']!.children = ['c1', 'c2', 'c3', 'c4'];
  components['c1']!.children = ['c5', 'c6', 'c7'];
  components['c2']!.children = ['c8', 'c9'];
  components['c8']!.children = ['c10', 'c11'];
  return { rootId: 'c0', components } as unknown as Json;
}

/** What a patch is meant to do to components, whatever has happened in between. */
interface Intended {
  readonly patches: Operation[];
  /** Components that may be gone afterwards. */
  readonly removes: string[];
}

class Editor {
  private made = 0;

  constructor(
    readonly name: string,
    readonly page: PageDocument,
    private readonly random: (below: number) => number,
  ) {}

  edit(): Intended {
    const components = componentsOf(this.page);
    const ids = Object.keys(components);
    const pick = (list: readonly string[]) => list[this.random(list.length)]!;
    const target = pick(ids);
    const parents = ids.filter((id) => components[id]!.children.length > 0);
    switch (this.random(7)) {
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

  private setProp(components: Record<string, Component>, id: string): Intended {
    return { removes: [], patches: [{ op: 'add', path: `/components/${id}/props/mark`, value: `${components[id]!.uid}` }] };
  }

  private create(components: Record<string, Component>, parent: string): Intended {
    const id = `${this.name}${this.made++}`;
    const index = this.random(components[parent]!.children.length + 1);
    const component = { id, uid: id, props: { list: [] }, children: [] };
    return { removes: [], patches: [{ op: 'add', path: `/components/${id}`, value: component }, { op: 'add', path: `/components/${parent}/children/${index}`, value: id }] };
  }

  private remove(components: Record<string, Component>, parent: string): Intended {
    const index = this.random(components[parent]!.children.length);
    const id = components[parent]!.children[index]!;
    const removes: string[] = [];
    const walk = (at: string): void => {
      removes.push(at);
      components[at]!.children.forEach(walk);
    };
    walk(id);
    return { removes, patches: [{ op: 'remove', path: `/components/${parent}/children/${index}` }, ...removes.map((at) => ({ op: 'remove' as const, path: `/components/${at}` }))] };
  }

  private move(components: Record<string, Component>, parent: string, target: string): Intended {
    const index = this.random(components[parent]!.children.length);
    const id = components[parent]!.children[index]!;
    const isWithin = (at: string): boolean => at === id || componentsWith(components, at).some(isWithin);
    if (isWithin(target)) return this.setProp(components, id);
    const length = components[target]!.children.length - (target === parent ? 1 : 0);
    const path = `/components/${target}/children/${this.random(length + 1)}`;
    const from = `/components/${parent}/children/${index}`;
    return { removes: [], patches: this.random(2) === 0 ? [{ op: 'move', from, path }] : [{ op: 'remove', path: from }, { op: 'add', path, value: id }] };
  }

  private changeList(components: Record<string, Component>, id: string): Intended {
    const list = components[id]!.props['list'] as Json[];
    const index = this.random(list.length + 1);
    const path = `/components/${id}/props/list/${index}`;
    if (index < list.length && this.random(2) === 0) return { removes: [], patches: [{ op: 'remove', path }] };
    return { removes: [], patches: [{ op: 'add', path, value: `${id}-${this.made++}` }] };
  }

  private shuffle(children: readonly string[]): string[] {
    const shuffled = [...children];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.random(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }
}

function componentsWith(components: Record<string, Component>, child: string): string[] {
  return Object.keys(components).filter((id) => components[id]!.children.includes(child));
}

/** Something to compare, whatever the order of members. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, member: Json) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}

describe('P6: editors who are behind', () => {
  it('converge on a whole tree, never touch another component than the one they meant, and are hardly ever refused', () => {
    const tally = { sent: 0, refused: 0 };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const server = new PageDocument(startPage(), 0);
        const journal: { version: number; actorId: string; patches: readonly Operation[] }[] = [];
        const editors = ['x', 'y', 'z', 'w'].map((name) => new Editor(name, new PageDocument(startPage(), 0), random));
        const catchUp = (editor: Editor, upTo: number): void => {
          for (const { version, actorId, patches } of journal.slice(editor.page.version, upTo)) editor.page.follow(version, actorId, patches);
        };
        for (let step = 0; step < 60; step++) {
          const editor = editors[random(editors.length)]!;
          catchUp(editor, editor.page.version + random(server.version - editor.page.version + 1));
          const { patches, removes } = editor.edit();
          const before = canonical(server.schema);
          const known = new Set(Object.keys(componentsOf(server)));
          tally.sent += 1;
          let applied: Applied;
          try {
            applied = server.propose({ actorId: editor.name, patches, version: editor.page.version, mode: 'rebase' });
          } catch (error) {
            // What applies to its own version is never the sender's fault.
            expect(error).toBeInstanceOf(StaleVersion);
            expect(canonical(server.schema)).toBe(before);
            tally.refused += 1;
            continue;
          }
          const present = new Set(Object.keys(componentsOf(server)));
          expect([...known].filter((id) => !present.has(id) && !removes.includes(id)), 'components that nobody meant to remove').toEqual([]);
          if (applied.outcome === 'discarded') {
            expect(canonical(server.schema)).toBe(before);
            continue;
          }
          journal.push({ version: applied.version, actorId: editor.name, patches: applied.patches });
          // Whole: the constructor checks every invariant from nothing.
          new PageDocument(structuredClone(server.schema), server.version);
          for (const { uid, props } of Object.values(componentsOf(server))) if (props['mark'] !== undefined) expect(props['mark']).toBe(uid);
        }
        for (const editor of editors) {
          catchUp(editor, journal.length);
          expect(canonical(editor.page.schema)).toBe(canonical(server.schema));
        }
        // Back to the beginning, one inverse after the other.
        while (server.version > 0) server.retract();
        expect(canonical(server.schema)).toBe(canonical(startPage()));
      }),
      { numRuns: 300 },
    );
    expect(tally.refused / tally.sent).toBeLessThan(0.01);
  });
});
