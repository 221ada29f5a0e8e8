import type { z } from 'zod';

/** One hostile value, and how it is called. */
export interface Hostile {
  readonly name: string;
  readonly value: unknown;
}

const SIZE = 1_000_000;
const fill = (part: string) => part.repeat(SIZE / part.length);
const object = (value: unknown, count = 100_000) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, value]));

/** Texts on which careless patterns, normalizations and segmentations take quadratic time or worse. */
export const HOSTILE_TEXTS: readonly Hostile[] = Object.entries({
  'combining marks': fill('\u0301'),
  'marks of two classes': fill('\u0301\u0323'),
  'letters that grow when folded': fill('\u0130'),
  letters: fill('a'),
  dots: fill('.'),
  'halves of pairs': fill('\ud800'),
  emoji: fill('\ud83d\ude00'),
  'spaces before a letter': `${fill(' ')}a`,
  'right-to-left marks': fill('\u200f'),
  quotes: fill('"'),
  commas: fill(','),
  'an address of dots': `a@${fill('a.')}`,
  'a long address': `https://${fill('a:')}`,
}).map(([name, value]) => ({ name, value }));

/** Containers with more members than anybody needs, right ones and wrong ones. */
export const HOSTILE_CONTAINERS: readonly Hostile[] = [
  { name: '100,000 numbers', value: Array(100_000).fill(1) },
  { name: '100,000 nulls', value: Array(100_000).fill(null) },
  { name: '100,000 texts', value: Array(100_000).fill('x') },
  { name: '100,000 objects', value: Array.from({ length: 100_000 }, () => ({})) },
  { name: '100,000 members', value: object(1) },
  { name: '100,000 objects by name', value: object({}) },
  { name: '100,000 lists by name', value: object([null]) },
  { name: 'a name of 1 MB', value: { [fill('\u0301')]: 1 } },
];

/** A place in a schema, and how to make an input that has a value there; what is beside it is left out. */
export interface Place {
  readonly path: string;
  readonly schema: z.core.$ZodType;
  readonly inputWith: (value: unknown) => unknown;
}

/** What the kinds of schemas keep of what they are built of. */
interface Definition {
  readonly type: string;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly items?: readonly z.core.$ZodType[];
}

/** Every place of a schema, whatever it is built of. */
export function placesOf(schema: z.core.$ZodType, path = '', inputWith: Place['inputWith'] = (value) => value): Place[] {
  const def = schema._zod.def as unknown as Definition;
  const own: Place = { path, schema, inputWith };
  const inner = (name: 'element' | 'valueType' | 'innerType' | 'in', at = path, wrap = (value: unknown) => value) => placesOf(def[name]!, at, (value) => inputWith(wrap(value)));
  switch (def.type) {
    case 'object': {
      const shape = Object.entries(def.shape!);
      return [own, { path: `${path}.anything`, schema, inputWith: (value) => inputWith({ anything: value }) }, ...shape.flatMap(([key, member]) => placesOf(member, `${path}.${key}`, (value) => inputWith({ [key]: value })))];
    }
    case 'array':
      return [own, ...inner('element', `${path}[]`, (value) => [value])];
    case 'record':
      return [own, ...inner('valueType', `${path}.*`, (value) => ({ some: value }))];
    case 'union':
      return [own, ...def.options!.flatMap((option) => placesOf(option, path, inputWith))];
    case 'tuple':
      return [own, ...def.items!.flatMap((item, index) => placesOf(item, `${path}[${index}]`, (value) => inputWith(Array.from({ length: index + 1 }, () => value))))];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return inner('innerType');
    case 'pipe':
      return inner('in');
    case 'string':
    case 'number':
    case 'int':
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'unknown':
    case 'transform':
    case 'null':
      return [own];
    default:
      throw new Error(`${path}: how to walk a schema of type ${def.type}?`);
  }
}

const LOOKING: readonly [object, readonly string[]][] = [
  [String.prototype, ['normalize', 'toLowerCase', 'toUpperCase', 'toLocaleLowerCase', 'split', 'search', 'match', 'matchAll', 'replace', 'replaceAll', 'trim', 'trimEnd', 'trimStart', 'isWellFormed', 'toWellFormed', 'includes', 'indexOf', 'slice']],
  [RegExp.prototype, ['test', 'exec']],
];

/** Runs the work, and counts the characters that methods of texts and patterns were given to look at. */
export function countLookedAt(work: () => unknown): number {
  let count = 0;
  const originals: (() => void)[] = [];
  for (const [prototype, names] of LOOKING) {
    for (const name of names) {
      const method = Object.getOwnPropertyDescriptor(prototype, name)!;
      const original = method.value as (...args: unknown[]) => unknown;
      Object.defineProperty(prototype, name, {
        ...method,
        value(this: unknown, ...args: unknown[]) {
          const text = prototype === RegExp.prototype ? args[0] : this;
          if (typeof text === 'string') count += text.length;
          return original.apply(this, args);
        },
      });
      originals.push(() => void Object.defineProperty(prototype, name, method));
    }
  }
  try {
    work();
    return count;
  } finally {
    for (const restore of originals) restore();
  }
}
