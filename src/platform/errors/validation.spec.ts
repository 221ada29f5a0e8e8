import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppError } from './app-error.js';
import { formatPath, parseInput } from './validation.js';

const refusal = (schema: z.ZodType, input: unknown): AppError => {
  try {
    parseInput(schema, input);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('was accepted');
};

describe('paths', () => {
  it.each([
    [[], ''],
    [undefined, ''],
    [['content'], 'content'],
    [['positions', 3, 'seq'], 'positions[3].seq'],
    [[0], '[0]'],
    [[0, 'a', 1, 2, 'b'], '[0].a[1][2].b'],
    [[{ key: 'a' }, { key: 2 }, { key: 'b' }], 'a[2].b'],
    [['', 'a'], 'a'],
  ])('%j reads %j', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('input that is not valid', () => {
  const Schema = z.strictObject({ id: z.uuid(), positions: z.array(z.strictObject({ seq: z.int() })) });

  it('gets the path of everything that is wrong, and the first in words', () => {
    const error = refusal(Schema, { id: 'x', positions: [{ seq: 1 }, { seq: 1.5 }], more: 1 });
    expect(error).toMatchObject({ code: 'INVALID_INPUT', status: 400 });
    expect(error.details.errors!.map(({ path }) => path)).toEqual(['id', 'positions[1].seq', 'more']);
    expect(error.message).toBe(`id: ${error.details.errors![0]!.message}`);
  });

  it('names every unknown field, wherever it is', () => {
    expect(refusal(Schema, { id: crypto.randomUUID(), positions: [{ seq: 1, a: 1, b: 2 }], admin: true }).details.errors).toEqual([
      { path: 'positions[0].a', message: 'is not a known field' },
      { path: 'positions[0].b', message: 'is not a known field' },
      { path: 'admin', message: 'is not a known field' },
    ]);
  });

  it('that is nothing at all has a message without a path', () => {
    const { details, message } = refusal(Schema, undefined);
    expect(details.errors).toEqual([{ path: '', message }]);
  });

  it('gets a short answer, however much is wrong', () => {
    const positions = Array.from({ length: 10_000 }, () => ({ seq: 'x' }));
    expect(refusal(Schema, { id: 'x', positions }).details.errors!.length).toBeLessThanOrEqual(20);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${i}${'x'.repeat(1_000)}`, i]));
    const { errors } = refusal(Schema, many).details;
    expect(errors!.length).toBeLessThanOrEqual(40);
    expect(JSON.stringify(errors).length).toBeLessThan(8_000);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('may not have a field %s', (name) => {
    const input: unknown = JSON.parse(`{"id":"019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77","positions":[],"${name}":{"polluted":true}}`);
    expect(refusal(Schema, input).details.errors).toEqual([{ path: name, message: 'is not a known field' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

it('input that is valid is given back parsed', () => {
  expect(parseInput(z.strictObject({ n: z.coerce.number(), d: z.string().default('x') }), { n: '5' })).toEqual({ n: 5, d: 'x' });
});
