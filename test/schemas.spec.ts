import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MetadataScanner } from '@nestjs/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SearchGuard } from '../src/platform/rate-limit/search-limit.js';
import { CLIENT_EVENTS, type ClientEvent } from '../src/protocol/events.js';
import { countLookedAt, type Hostile, HOSTILE_CONTAINERS, HOSTILE_TEXTS, placesOf } from './support/hostile-input.js';

/** Where Nest's decorators leave their marks, and its numbers for what a parameter is taken from. */
const CONTROLLER = '__controller__';
const ARGUMENTS = '__routeArguments__';
const GUARDS = '__guards__';
const SOURCES: Record<number, string> = { 3: 'body', 4: 'query', 5: 'param' };

type Class = (new (...args: never[]) => object) & { name: string };
interface Input {
  readonly name: string;
  readonly schema: z.core.$ZodType | undefined;
  /** What Nest asks before the handler. */
  readonly guards?: readonly unknown[];
}

/** To read a text as JSON and to write it again is linear; so many times that is what an answer to it may cost. */
const MOST_TIMES = 20;
/** Each character of a text without a limit may be looked at so often. */
const MOST_LOOKS = 4;
/** And of one that is too long: Zod counts its characters, which takes that many. */
const LOOKS_TO_COUNT = 2;

/** Two of a component, of twenty components. */
const MOST_ERRORS = 100;
/** Which checks come first is the same for all texts. */
const SOME = 4;

const src = join(import.meta.dirname, '..', 'src');
let inputs: Input[];
/** Each schema once, by the first of those who use it. */
let distinct: (Input & { readonly schema: z.core.$ZodType })[];

beforeAll(async () => {
  // Two that start something when they are imported.
  const names = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && name !== 'main.ts' && name !== 'admin.ts');
  const modules = await Promise.all(names.map((name) => import(pathToFileURL(join(src, name)).href) as Promise<Record<string, unknown>>));
  const controllers = new Set(modules.flatMap((module) => Object.values(module).filter(isController)));
  inputs = [...[...controllers].flatMap(inputsOf), ...Object.values<ClientEvent>(CLIENT_EVENTS).map(({ name, body }) => ({ name, schema: body }))];
  distinct = [...new Map(inputs.map((input) => [input.schema, input] as const).reverse()).values()].filter((input): input is (typeof distinct)[number] => input.schema !== undefined);
});

function isController(value: unknown): value is Class {
  return typeof value === 'function' && Reflect.getMetadata(CONTROLLER, value) === true;
}

/** What the routes of a controller take from outside, headers left aside: those are short. */
function inputsOf(controller: Class): Input[] {
  return new MetadataScanner().getAllMethodNames(controller.prototype as object).flatMap((method) => {
    const parameters = (Reflect.getMetadata(ARGUMENTS, controller, method) ?? {}) as Record<string, { data?: unknown; schema?: z.core.$ZodType }>;
    const guards = (Reflect.getMetadata(GUARDS, (controller.prototype as Record<string, object>)[method]!) ?? []) as unknown[];
    return Object.entries(parameters).flatMap(([key, { schema }]) => {
      // Decorators of one's own are numbered at random.
      const source = /^\d+:\d+$/.test(key) ? SOURCES[Number.parseInt(key, 10)] : undefined;
      return source === undefined ? [] : [{ name: `${controller.name}.${method} ${source}`, schema, guards }];
    });
  });
}

const validate = (schema: z.core.$ZodType, input: unknown) => schema['~standard'].validate(input);

const LOOKS_AGAIN = 5;

/** The shortest of some runs, in milliseconds. */
function cost(work: () => unknown, runs = 1): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** What it costs to read the value as JSON and to write it again, and at least a millisecond: below that no clock tells anything. */
const yardsticks = new Map<Hostile, number>();
function yardstickOf(hostile: Hostile): number {
  const known = yardsticks.get(hostile) ?? measureYardstick(hostile);
  yardsticks.set(hostile, known);
  return known;
}
const measureYardstick = ({ value }: Hostile) => Math.max(1, cost(() => JSON.parse(JSON.stringify(value)), 5));

/** How many times the yardstick the work takes. What seems to take too long is looked at again, both anew: the machine may have been busy. */
function timesOf(hostile: Hostile, work: () => unknown): number {
  let times = cost(work) / yardstickOf(hostile);
  for (let look = 0; times > MOST_TIMES && look < LOOKS_AGAIN; look++) times = Math.min(times, cost(work, 5) / measureYardstick(hostile));
  return times;
}

describe('what comes from outside', () => {
  it('has a schema, and is found', () => {
    expect(inputs.filter(({ schema }) => !schema).map(({ name }) => name)).toEqual([]);
    expect(inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(['AuthController.register body', 'PagesController.patch body', 'UsersController.list query', 'MembersController.put param', 'op-patch', 'resume']));
    const paths = inputs.flatMap(({ schema }) => placesOf(schema!).map(({ path }) => path));
    expect(paths).toEqual(expect.arrayContaining(['.username', '.schema.components.*.children[]', '[].path', '.positions[].channelId', '.editing.prop', '.avatarUrl']));
  });

  it('costs no more than reading it did, whatever stands at whichever place, and few errors answer it', () => {
    const slow: string[] = [];
    for (const { name, schema } of distinct) {
      for (const { path, inputWith } of placesOf(schema)) {
        for (const hostile of [...HOSTILE_TEXTS, ...HOSTILE_CONTAINERS]) {
          const input = inputWith(hostile.value);
          let result: ReturnType<typeof validate> | undefined;
          const times = timesOf(hostile, () => (result = validate(schema, input)));
          if (times > MOST_TIMES) slow.push(`${name}${path}: ${hostile.name} (${times.toFixed(0)} times)`);
          if (result instanceof Promise) expect.unreachable(`${name}${path}: ${hostile.name} makes the validation throw`);
          else if ((result!.issues?.length ?? 0) > MOST_ERRORS) expect.unreachable(`${name}${path}: ${hostile.name} makes ${result!.issues!.length} errors`);
        }
      }
    }
    expect(slow).toEqual([]);
  });

  it('is not looked at where it is too long', () => {
    const looked: string[] = [];
    for (const { name, schema } of distinct) {
      for (const { path, schema: place, inputWith } of placesOf(schema)) {
        const { maxLength } = z.toJSONSchema(place, { io: 'input', unrepresentable: 'any' });
        for (const { name: text, value } of HOSTILE_TEXTS.slice(0, SOME)) {
          const input = inputWith(value);
          const count = countLookedAt(() => validate(schema, input));
          const most = (maxLength === undefined ? MOST_LOOKS : LOOKS_TO_COUNT) * (value as string).length;
          if (count > most) looked.push(`${name}${path}: ${text} (${count} characters)`);
        }
      }
    }
    expect(looked).toEqual([]);
  });
});

it('what looks for something has a limit of its own', () => {
  const searches = inputs.filter(({ name, schema }) => name.endsWith(' query') && placesOf(schema!).some(({ path }) => path === '.q'));
  expect(searches.map(({ name }) => name).sort()).toEqual(expect.arrayContaining(['AdminUsersController.list query', 'MembersController.list query', 'PagesController.list query', 'RoomsController.discover query', 'UsersController.list query']));
  expect(searches.filter(({ guards }) => !guards?.includes(SearchGuard)).map(({ name }) => name)).toEqual([]);
});

describe('the yardsticks', () => {
  const marks = { name: 'marks', value: '\u0301\u0323'.repeat(6_000) };
  it('tell a quadratic rule that runs although the length is wrong', () => {
    const careless = z.string().max(32).refine((value) => value.normalize('NFKC') === value);
    expect(timesOf(marks, () => validate(careless, marks.value))).toBeGreaterThan(MOST_TIMES);
    expect(countLookedAt(() => validate(careless, marks.value))).toBeGreaterThan(LOOKS_TO_COUNT * marks.value.length);
    const careful = z.string().max(32, { abort: true }).refine((value) => value.normalize('NFKC') === value);
    expect(countLookedAt(() => validate(careful, marks.value))).toBeLessThanOrEqual(LOOKS_TO_COUNT * marks.value.length);
  });

  it('tell a list whose elements are read although there are too many', () => {
    const many = { name: 'many', value: Array(50_000).fill(null) };
    const validateMany = (schema: z.ZodType) => schema.safeParse(many.value).error!.issues.length;
    expect(validateMany(z.array(z.int()))).toBe(50_000);
  });
});
