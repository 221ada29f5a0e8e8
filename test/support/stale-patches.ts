import { JsonDocument, type Operation } from '../../src/modules/pages/document/json-document.js';
import { cloneJson, type Json } from '../../src/modules/pages/document/json-value.js';
import type { Random } from './random.js';

/** Something in a list that says who it is, and whose `mark`, where it has one, must say the same. */
export interface Row {
  uid: string;
  mark?: string;
  cells: Row[];
}

export interface RowComponent {
  id: string;
  props: { rows: Row[]; text: string };
  children: string[];
}

export interface RowPage {
  rootId: string;
  components: Record<string, RowComponent>;
}

/** A patch, and what it is meant to take away: rows and components by their names, characters by themselves. */
export interface Intended {
  readonly patches: Operation[];
  readonly removes: Set<string>;
  readonly adds: Set<string>;
}

/** Where characters come from that nobody has typed before: Han, of which there are enough. */
const FIRST_CHARACTER = 0x4e00;
const MAX_CHARACTERS = 0x5000;
const MIN_TEXT = 12;

/** Makes patches of several operations, each right on what those before it leave, in which everything has a name of its own. */
export class PatchMaker {
  private made = 0;
  private typed = 0;

  constructor(private readonly random: Random) {}

  startPage(): RowPage {
    const components: RowPage['components'] = {};
    const children: Record<string, string[]> = { c0: ['c1', 'c2', 'c3'], c1: ['c4', 'c5'], c4: ['c6'] };
    for (let i = 0; i < 7; i++) {
      const rows = Array.from({ length: 3 }, () => this.row(2));
      components[`c${i}`] = { id: `c${i}`, props: { rows, text: Array.from({ length: MIN_TEXT + 4 }, () => this.character()).join('') }, children: children[`c${i}`] ?? [] };
    }
    return { rootId: 'c0', components };
  }

  /** @param operations how many at most; a step may take two */
  patch(page: Json, operations: number): Intended {
    const copy = new JsonDocument(cloneJson(page));
    const intended: Intended = { patches: [], removes: new Set(), adds: new Set() };
    while (intended.patches.length < operations) {
      const step = this.step(copy.root as unknown as RowPage, intended);
      copy.apply(step);
      intended.patches.push(...step);
    }
    return intended;
  }

  private step({ rootId, components }: RowPage, intended: Intended): Operation[] {
    const { random } = this;
    const id = random.pick(Object.keys(components));
    const component = components[id]!;
    switch (random.below(9)) {
      case 0:
        return this.addComponent(component, intended);
      case 1:
        return id === rootId ? [] : this.removeComponent(components, id, intended);
      case 2:
        return id === rootId ? [] : this.moveComponent(components, id);
      case 3:
      case 4:
        return this.type(component, intended);
      default:
        return this.changeRows(components, component, intended);
    }
  }

  private changeRows(components: RowPage['components'], { id, props: { rows } }: RowComponent, intended: Intended): Operation[] {
    const { random } = this;
    const path = `/components/${id}/props/rows`;
    const index = random.below(rows.length + 1);
    const row = rows[index];
    if (!row || random.below(5) === 0) {
      const added = this.row(random.below(2));
      for (const { uid } of [added, ...added.cells]) intended.adds.add(uid);
      return [{ op: 'add', path: `${path}/${random.below(6) === 0 ? '-' : index}`, value: added as unknown as Json }];
    }
    const cell = random.below(row.cells.length + 1);
    switch (random.below(6)) {
      case 0:
        for (const { uid } of [row, ...row.cells]) intended.removes.add(uid);
        return [{ op: 'remove', path: `${path}/${index}` }];
      case 1: {
        const to = random.pick(Object.values(components));
        const length = to.props.rows.length - (to.id === id ? 1 : 0);
        return [{ op: 'move', from: `${path}/${index}`, path: `/components/${to.id}/props/rows/${random.below(length + 1)}` }];
      }
      case 2:
        if (cell < row.cells.length) return [{ op: 'add', path: `${path}/${index}/cells/${cell}/mark`, value: row.cells[cell]!.uid }];
        return [];
      case 3: {
        const added = this.row(0);
        intended.adds.add(added.uid);
        return [{ op: 'add', path: `${path}/${index}/cells/${cell}`, value: added as unknown as Json }];
      }
      default:
        return [{ op: 'add', path: `${path}/${index}/mark`, value: row.uid }];
    }
  }

  private type({ id, props: { text } }: RowComponent, intended: Intended): Operation[] {
    const characters = [...text];
    const at = this.random.below(characters.length + 1);
    // Of a short text so much could go that it would pass for one that was written anew.
    if (characters.length > MIN_TEXT && at < characters.length && this.random.below(3) === 0) intended.removes.add(characters.splice(at, 1)[0]!);
    else {
      const word = Array.from({ length: 1 + this.random.below(3) }, () => this.character());
      for (const character of word) intended.adds.add(character);
      characters.splice(at, 0, ...word);
    }
    return [{ op: 'replace', path: `/components/${id}/props/text`, value: characters.join('') }];
  }

  private addComponent(parent: RowComponent, intended: Intended): Operation[] {
    const id = `n${this.made++}`;
    intended.adds.add(id);
    const index = this.random.below(3) === 0 ? '-' : this.random.below(parent.children.length + 1);
    const value = { id, props: { rows: [], text: '' }, children: [] };
    return [{ op: 'add', path: `/components/${id}`, value }, { op: 'add', path: `/components/${parent.id}/children/${index}`, value: id }];
  }

  private removeComponent(components: RowPage['components'], id: string, intended: Intended): Operation[] {
    const branch = branchOf(components, id);
    for (const each of branch) for (const [name] of namesOf(components[each]!)) intended.removes.add(name);
    const parent = parentOf(components, id)!;
    return [{ op: 'remove', path: `/components/${parent.id}/children/${parent.children.indexOf(id)}` }, ...branch.map((each) => ({ op: 'remove' as const, path: `/components/${each}` }))];
  }

  private moveComponent(components: RowPage['components'], id: string): Operation[] {
    const from = parentOf(components, id)!;
    const branch = branchOf(components, id);
    const to = components[this.random.pick(Object.keys(components).filter((other) => !branch.includes(other)))]!;
    const length = to.children.length - (to.id === from.id ? 1 : 0);
    return [{ op: 'move', from: `/components/${from.id}/children/${from.children.indexOf(id)}`, path: `/components/${to.id}/children/${this.random.below(length + 1)}` }];
  }

  private row(cells: number): Row {
    return { uid: `r${this.made++}`, cells: Array.from({ length: cells }, () => this.row(0)) };
  }

  private character(): string {
    if (this.typed >= MAX_CHARACTERS) throw new Error('nothing is left to type');
    return String.fromCodePoint(FIRST_CHARACTER + this.typed++);
  }
}

/** Everything of the component that has a name, itself, rows and cells, characters, and the names of what each lies in. */
export function namesOf({ id, props }: RowComponent): (readonly [name: string, around: readonly string[]])[] {
  const rows = props.rows.flatMap((row) => [[row.uid, [id]] as const, ...row.cells.map(({ uid }) => [uid, [id, row.uid]] as const)]);
  return [[id, []], ...rows, ...[...props.text].map((character) => [character, [id]] as const)];
}

export function branchOf(components: RowPage['components'], id: string): string[] {
  return [id, ...components[id]!.children.flatMap((child) => branchOf(components, child))];
}

function parentOf(components: RowPage['components'], id: string): RowComponent | undefined {
  return Object.values(components).find(({ children }) => children.includes(id));
}

/** What is wrong with a page of rows: rows hit by mistake, things that are there twice, components that nothing leads to. */
export function findWrong({ rootId, components }: RowPage): string[] {
  const names = Object.values(components).flatMap(namesOf).map(([name]) => name);
  const seen = new Set<string>();
  const twice = names.filter((name) => seen.size === seen.add(name).size);
  const rows = Object.values(components).flatMap(({ props }) => props.rows.flatMap((row) => [row, ...row.cells]));
  const hit = rows.filter(({ uid, mark }) => mark !== undefined && mark !== uid).map(({ uid, mark }) => `${uid} is marked ${mark}`);
  const shown = new Set(branchOf(components, rootId));
  const unseen = Object.keys(components).filter((id) => !shown.has(id));
  return [...hit, ...twice.map((name) => `${name} is there twice`), ...unseen.map((id) => `${id} is not shown`)];
}
