import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PostMessage } from './messages.js';
import { countCodePoints, Id, OpId, PageQuery, Seq, text, Timestamp } from './primitives.js';

const isOk = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success;

describe('code points', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['漢字', 2],
    ['😀', 1],
    ['👨‍👩‍👧', 5],
    ['é', 1],
    ['e\u0301', 2],
    ['🇨🇭', 2],
    ['a😀b', 3],
  ])('%j has %i', (value, count) => expect(countCodePoints(value)).toBe(count));

  it('are what JavaScript iterates over, for all well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(countCodePoints(value)).toBe([...value].length);
      }),
    );
  });
});

describe('text', () => {
  const Text = text(1, 5);

  it.each(['a', 'abcde', '漢字漢字漢', '😀😀😀😀😀', 'a\tb', 'a\nb', 'a\r\nb', ' a ', 'שלום', '\u202eabc', 'a\u200bb', '<b>'])('may be %j', (value) => {
    expect(Text.parse(value)).toBe(value);
  });

  it.each([
    ['', 'must not be blank'],
    ['  \t\n ', 'must not be blank'],
    ['\u3000', 'must not be blank'],
    ['abcdef', 'must have at most 5 characters'],
    ['😀😀😀😀😀😀', 'must have at most 5 characters'],
    ['a\u0000', 'must not contain control characters'],
    ['a\u0007', 'must not contain control characters'],
    ['\u001b[31m', 'must not contain control characters'],
    ['a\u007f', 'must not contain control characters'],
    ['a\u0085', 'must not contain control characters'],
    ['a\ud800', 'must be well-formed Unicode'],
    ['\udc00a', 'must be well-formed Unicode'],
    ['\ude00\ud83d', 'must be well-formed Unicode'],
  ])('may not be %j', (value, message) => {
    expect(Text.safeParse(value).error?.issues[0]?.message).toBe(message);
  });

  it.each([5, null, undefined, {}, ['a'], { length: 1 }, true])('is text: not %j', (value) => expect(isOk(Text, value)).toBe(false));

  it('counts code points at both ends', () => {
    expect(isOk(text(3, 4), '😀😀')).toBe(false);
    expect(isOk(text(3, 4), '😀😀😀')).toBe(true);
    expect(isOk(text(0, 4), '')).toBe(true);
    expect(isOk(text(0, 4), '  ')).toBe(true);
  });

  it('survives UTF-8 whenever it is accepted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), { maxLength: 12 }).map((units) => units.join('')), (value) => {
        if (isOk(text(0, 12), value)) expect(Buffer.from(value, 'utf8').toString('utf8')).toBe(value);
      }),
    );
  });

  it('allows 16,000 characters of any script in a message, and not one more', () => {
    for (const letter of ['a', '漢', '😀']) {
      expect(isOk(PostMessage, { clientMsgId: 'x', content: letter.repeat(16_000) })).toBe(true);
      expect(isOk(PostMessage, { clientMsgId: 'x', content: letter.repeat(16_001) })).toBe(false);
    }
  });
});

describe('ids', () => {
  const id = '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77';

  it('are UUIDs, in lower case whatever was sent', () => {
    expect(Id.parse(id.toUpperCase())).toBe(id);
    for (const value of ['', 'x', id.slice(1), `${id}0`, ` ${id}`, `{${id}}`, `${id}\n`, "' OR 1=1 --", null, 5, {}]) expect(isOk(Id, value)).toBe(false);
  });

  it('of operations are printable ASCII without spaces, up to 64', () => {
    for (const value of ['a', 'b7e2f0c4-1', '~!@#', 'x'.repeat(64)]) expect(isOk(OpId, value)).toBe(true);
    for (const value of ['', 'a b', 'a\n', 'é', '漢', 'x'.repeat(65), '\u0000', 7]) expect(isOk(OpId, value)).toBe(false);
  });
});

describe('numbers and times', () => {
  it('a seq is a whole number from 0 that JavaScript can hold', () => {
    for (const value of [0, 1, Number.MAX_SAFE_INTEGER]) expect(isOk(Seq, value)).toBe(true);
    for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null]) expect(isOk(Seq, value)).toBe(false);
  });

  it('a time is ISO 8601 in UTC', () => {
    for (const value of ['2026-11-21T06:00:00Z', '2026-11-21T06:00:00.123Z', '2024-02-29T00:00:00.000Z']) expect(isOk(Timestamp, value)).toBe(true);
    for (const value of ['2026-11-21', '2026-11-21T06:00:00', '2026-11-21T06:00:00+01:00', '2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '21.11.2026', 0]) expect(isOk(Timestamp, value)).toBe(false);
  });
});

describe('the query of a list', () => {
  it('has 50 items by default, and 200 at most', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 50 });
    expect(PageQuery.parse({ limit: '200', cursor: 'x' })).toEqual({ limit: 200, cursor: 'x' });
    for (const limit of ['0', '201', '-1', '1.5', 'x', '']) expect(isOk(PageQuery, { limit })).toBe(false);
    expect(isOk(PageQuery, { cursor: 'x'.repeat(513) })).toBe(false);
    expect(isOk(PageQuery, { offset: '5' })).toBe(false);
    expect(isOk(PageQuery, JSON.parse('{"__proto__":{"limit":5}}'))).toBe(false);
  });
});
