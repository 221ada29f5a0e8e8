import { findOneLineProblem } from '../../../protocol/one-line.js';
import { isObject, type Json } from './json-value.js';

/** What is wrong with a component, or with the page; `path` is a JSON pointer from there. */
export interface ShapeProblem {
  readonly path: string;
  readonly message: string;
}

/** In code points. */
const MAX_ID_LENGTH = 64;
const COMPONENTS = 'components';
const CHILDREN = 'children';
const ROOT_ID = 'rootId';

const ID_MESSAGE = `must be an id: a whole number, or 1 to ${MAX_ID_LENGTH} characters`;
const textProblem = (value: Json): ShapeProblem | undefined => (typeof value === 'string' ? undefined : { path: '', message: 'must be text' });

function oneLineProblem(text: string): ShapeProblem | undefined {
  const message = findOneLineProblem(text);
  return message === undefined ? undefined : { path: '', message };
}

function isId(value: Json | undefined): boolean {
  if (typeof value !== 'string') return Number.isSafeInteger(value);
  const units = value.length;
  return units >= 1 && (units <= MAX_ID_LENGTH || (units <= 2 * MAX_ID_LENGTH && [...value].length <= MAX_ID_LENGTH));
}

/** The members of a component that have a meaning, and what they may be: the `Component` of src/protocol/pages.ts. */
const MEMBERS = new Map<string, (value: Json) => ShapeProblem | undefined>([
  ['id', (value) => (isId(value) ? undefined : { path: '', message: ID_MESSAGE })],
  ['name', (value) => textProblem(value) ?? oneLineProblem(value as string)],
  ['type', textProblem],
  ['props', (value) => (isObject(value) ? undefined : { path: '', message: 'must be an object' })],
  [CHILDREN, findChildProblem],
]);

function findChildProblem(children: Json): ShapeProblem | undefined {
  if (!Array.isArray(children)) return { path: '', message: 'must be an array of ids' };
  const index = children.findIndex((child) => !isId(child));
  return index < 0 ? undefined : { path: `/${index}`, message: ID_MESSAGE };
}

function findMemberProblem(component: Json, member: string): ShapeProblem | undefined {
  if (!isObject(component) || !Object.hasOwn(component, member)) return undefined;
  const problem = MEMBERS.get(member)!(component[member]!);
  return problem && { path: `/${member}${problem.path}`, message: problem.message };
}

/** Why a component is none that POST and PUT take; undefined when they do. Members without a meaning may be anything. */
export function findShapeProblem(component: Json): ShapeProblem | undefined {
  if (!isObject(component)) return { path: '', message: 'must be an object' };
  for (const member of MEMBERS.keys()) {
    const problem = findMemberProblem(component, member);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * Finds what a patch has made of components that POST and PUT would refuse. It looks at what has come in alone: at nothing while somebody
 * changes values within `props`, or the order of children; and what is wrong already on an old page is in nobody's way elsewhere on it.
 */
export class ShapeWatch {
  /** Ids of components, each followed by the member that has come in, or undefined for the whole component. */
  private readonly entered: (string | undefined)[] = [];
  private isWhole = false;
  private isRootNew = false;

  /** A value has come into the page. */
  entering(tokens: readonly string[], value: Json): void {
    if (tokens.length > 4) return;
    const [first, id, member] = tokens;
    if (first === undefined || (first === COMPONENTS && id === undefined)) this.isWhole = true;
    else if (first === ROOT_ID) this.isRootNew = true;
    else if (first === COMPONENTS && this.isOfInterest(tokens.length, member, value)) this.entered.push(id, member);
  }

  /** What is wrong with what has come in. */
  find(page: Json): ShapeProblem | undefined {
    if (this.entered.length === 0 && !this.isWhole && !this.isRootNew) return undefined;
    const components = isObject(page) && isObject(page[COMPONENTS]) ? page[COMPONENTS] : {};
    if (isObject(page) && (this.isRootNew || this.isWhole) && !isId(page[ROOT_ID])) return { path: `/${ROOT_ID}`, message: ID_MESSAGE };
    const entered = this.isWhole ? Object.keys(components).flatMap((id) => [id, undefined]) : this.entered;
    for (let i = 0; i < entered.length; i += 2) {
      const [id, member] = [entered[i]!, entered[i + 1]];
      const component = Object.hasOwn(components, id) ? components[id] : undefined;
      const problem = component === undefined ? undefined : member === undefined ? findShapeProblem(component) : findMemberProblem(component, member);
      if (problem) return { path: `/${COMPONENTS}/${id}${problem.path}`, message: problem.message };
    }
    return undefined;
  }

  clear(): void {
    this.entered.length = 0;
    this.isWhole = this.isRootNew = false;
  }

  /** A whole component, a member with a meaning, or a child that cannot be one. */
  private isOfInterest(depth: number, member: string | undefined, value: Json): boolean {
    return member === undefined || (depth === 3 ? MEMBERS.has(member) : member === CHILDREN && !isId(value));
  }
}
