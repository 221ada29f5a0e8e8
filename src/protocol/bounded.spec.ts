import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listOf, MAX_ISSUES, mapOf } from './bounded.js';

/** A schema that counts how often it is asked. */
function counting() {
  let asked = 0;
  const schema = z.unknown().superRefine((value, context) => {
    asked += 1;
    if (value !== 'good') context.addIssue({ code: 'custom', message: 'is bad' });
  });
  return { schema, asked: () => asked };
}

describe('a bounded list', () => {
  it('reads what is not too long, and says where elements are wrong', () => {
    const schema = listOf(z.int(), 3).min(1);
    expect(schema.parse([1, 2, 3])).toEqual([1, 2, 3]);
    expect(schema.safeParse([1, 'x', null]).error?.issues.map(({ path }) => path)).toEqual([[1], [2]]);
    expect(schema.safeParse([]).error?.issues[0]).toMatchObject({ code: 'too_small', minimum: 1 });
    expect(schema.safeParse({}).error?.issues[0]).toMatchObject({ code: 'invalid_type', expected: 'array' });
  });

  it('looks at no element of one that is too long', () => {
    const { schema, asked } = counting();
    const { error } = listOf(schema, 10).meta({ description: 'copied by Zod' }).safeParse(Array(100_000).fill('bad'));
    expect(error?.issues).toEqual([expect.objectContaining({ code: 'too_big', maximum: 10, origin: 'array' })]);
    expect(asked()).toBe(0);
  });

  it('stops where enough is wrong', () => {
    const { schema, asked } = counting();
    const { error } = z.object({ list: listOf(schema, 1_000_000) }).safeParse({ list: Array(400_000).fill('bad') });
    expect(error?.issues).toHaveLength(MAX_ISSUES);
    expect(asked()).toBe(MAX_ISSUES);
  });

  it('is described like any other', () => {
    expect(z.toJSONSchema(listOf(z.int(), 3).min(1))).toMatchObject({ type: 'array', minItems: 1, maxItems: 3, items: { type: 'integer' } });
  });
});

describe('a bounded map', () => {
  it('reads members of any names, and says which are wrong', () => {
    const schema = mapOf(z.int(), 3);
    expect(schema.parse({ a: 1, constructor: 2 })).toEqual({ a: 1, constructor: 2 });
    expect(schema.safeParse({ a: 1, b: 'x' }).error?.issues.map(({ path }) => path)).toEqual([['b']]);
    for (const none of [[], null, 'x', new Date()]) expect(schema.safeParse(none).error?.issues[0]).toMatchObject({ code: 'invalid_type', expected: 'record' });
  });

  it('looks at no member of one that has too many', () => {
    const { schema, asked } = counting();
    const { error } = mapOf(schema, 10).safeParse(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, 'bad'])));
    expect(error?.issues).toEqual([expect.objectContaining({ code: 'too_big', maximum: 10, origin: 'object' })]);
    expect(asked()).toBe(0);
  });

  it('stops where enough is wrong', () => {
    const { schema, asked } = counting();
    expect(mapOf(schema, 1_000_000).safeParse(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, 'bad']))).error?.issues).toHaveLength(MAX_ISSUES);
    expect(asked()).toBe(MAX_ISSUES);
  });

  it('leaves alone what may be anything', () => {
    const props = { deep: { a: [1] } };
    expect(mapOf(z.unknown(), 3).parse(props)).toBe(props);
  });

  it('is described like any other', () => {
    expect(z.toJSONSchema(mapOf(z.int(), 3))).toMatchObject({ type: 'object', additionalProperties: { type: 'integer' } });
  });
});
