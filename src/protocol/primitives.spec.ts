import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Register } from './auth.js';
import { PostMessage } from './messages.js';
import { CreatePage } from './pages.js';
import { checkedString, Id, name, OpId, PageQuery, query, Seq, text, Timestamp } from './primitives.js';
import { CreateRoom } from './rooms.js';
import { UpdateMe, UsersQuery } from './users.js';

const isOk = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success;

describe('texts', () => {
  const messageOf = (schema: ReturnType<typeof text>, value: unknown) => schema.safeParse(value).error?.issues.map((issue) => issue.message);

  it('have at most so many code points', () => {
    expect(messageOf(text(5), '😀😀😀😀😀')).toBeUndefined();
    expect(messageOf(name(5), '漢字漢字漢')).toBeUndefined();
    expect(messageOf(query(5), '')).toBeUndefined();
    for (const schema of [text(5), name(5), query(5)]) for (const value of ['abcdef', '😀😀😀😀😀😀']) expect(messageOf(schema, value)).toEqual(['must have at most 5 characters']);
  });

  it.each([5, null, undefined, {}, ['a'], { length: 1 }, true])('are texts: not %j', (value) => {
    for (const schema of [text(5), name(5), query(5)]) expect(isOk(schema, value)).toBe(false);
  });

  it('follow the rule of messages, of names, or that of what nobody else sees', () => {
    for (const [value, isMessage, isName] of [['a\nb', true, false], ['a\u200bb', true, false], ['a\u202eb', false, false], ['  ', false, false]] as const) {
      expect([isOk(text(5), value), isOk(name(5), value), isOk(query(5), value)]).toEqual([isMessage, isName, true]);
    }
    for (const value of ['a\u0000', 'a\ud800']) expect([isOk(text(5), value), isOk(name(5), value), isOk(query(5), value)]).toEqual([false, false, false]);
  });

  it('survive UTF-8 whenever they are accepted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), { maxLength: 12 }).map((units) => units.join('')), (value) => {
        if (isOk(query(12), value)) expect(Buffer.from(value, 'utf8').toString('utf8')).toBe(value);
      }),
    );
  });

  it('of messages are 16,000 characters of any script, and not one more', () => {
    for (const letter of ['a', '漢', '😀']) {
      expect(isOk(PostMessage, { clientMsgId: 'x', content: letter.repeat(16_000) })).toBe(true);
      expect(isOk(PostMessage, { clientMsgId: 'x', content: letter.repeat(16_001) })).toBe(false);
    }
  });

  /** Work is counted by what is read: a rule that looked at a string that is too long would read it, or ask for its normal form. */
  it.each(['\u0301', 'a', '.', '\ud800', '\u200d', 'e\u0301'])('are not looked at when they are megabytes of %j', (unit) => {
    const flood = unit.repeat(1_000_000 / unit.length);
    let rulesAsked = 0;
    const counting = checkedString(1, 64, () => void rulesAsked++);
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt');
    const isWellFormed = vi.spyOn(String.prototype, 'isWellFormed');
    const answers = [
      counting.safeParse(flood),
      PostMessage.safeParse({ clientMsgId: 'x', content: flood }),
      CreateRoom.safeParse({ name: flood }),
      CreatePage.safeParse({ title: flood }),
      UpdateMe.safeParse({ displayName: flood }),
      Register.safeParse({ email: 'ada@example.org', password: 'correct horse', username: flood }),
      UsersQuery.safeParse({ q: flood }),
    ];
    const reads = [normalize, charCodeAt, isWellFormed].map((spy) => spy.mock.contexts.filter((read) => String(read).length > 1_000).length);
    vi.restoreAllMocks();
    expect(answers.map(({ error }) => error?.issues.map(({ message }) => message.replace(/\d+/, 'n')))).toEqual(answers.map(() => ['must have at most n characters']));
    expect([rulesAsked, ...reads]).toEqual([0, 0, 0, 0]);
  });

  it('that are addresses are measured first too', () => {
    const parse = vi.spyOn(globalThis, 'URL');
    const answers = [UpdateMe.safeParse({ avatarUrl: `https://${'\u0301'.repeat(500_000)}` }), Register.safeParse({ email: `a@${'a.'.repeat(500_000)}`, password: 'correct horse', username: 'ada' })];
    const parsed = parse.mock.calls.length;
    vi.restoreAllMocks();
    expect(answers.map(({ error }) => error?.issues.map(({ code }) => code))).toEqual([['too_big'], ['too_big']]);
    expect(parsed).toBe(0);
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
