import { describe, expect, it } from 'vitest';
import { BodyFingerprints, isOfAnotherBody } from './body-fingerprints.js';

const made = (secret: string) => new BodyFingerprints({ get: () => secret } as never);
const SECRET = 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L';
const fingerprints = made(SECRET);
const ada = { actorId: '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a78', opId: 'a' };
const print = fingerprints.of(ada, 'text', '', 'hello');

describe('the fingerprint of a body', () => {
  it('is the same for the same body, sent by the same person under the same id, on any node', () => {
    expect(made(SECRET).of({ ...ada }, 'text', '', 'hello')).toBe(print);
    expect(Number.isInteger(print) && print >= -(2 ** 31) && print < 2 ** 31).toBe(true);
  });

  it.each([
    ['text', fingerprints.of(ada, 'text', '', 'hello!')],
    ['parts', fingerprints.of(ada, 'text', 'hello', '')],
    ['sender', fingerprints.of({ ...ada, actorId: ada.actorId.replace('8', '9') }, 'text', '', 'hello')],
    ['id', fingerprints.of({ ...ada, opId: 'b' }, 'text', '', 'hello')],
    ['border between id and text', fingerprints.of({ ...ada, opId: 'atext' }, '', '', 'hello')],
  ])('differs with the %s', (_what, other) => {
    expect(other).not.toBe(print);
    expect(isOfAnotherBody(print, other)).toBe(true);
  });

  it('cannot be made without the secret: nobody finds what an erased message said by trying', () => {
    const secrets = ['another secret of the server, as long', 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA', ''];
    for (const secret of secrets) expect(made(secret).of(ada, 'text', '', 'hello')).not.toBe(print);
  });

  it('spreads over all its bits', () => {
    const seen = new Set(Array.from({ length: 10_000 }, (_, index) => fingerprints.of(ada, String(index))));
    // Of 2^24, three in ten thousand are expected to meet.
    expect(seen.size).toBeGreaterThan(9_980);
  });
});

describe('what was stored', () => {
  it('is of another body only when it can be compared', () => {
    expect(isOfAnotherBody(print, print)).toBe(false);
    // From before fingerprints were keyed.
    expect(isOfAnotherBody(null, print)).toBe(false);
    // By a server whose secret was another one: eight bits say so.
    const others = Array.from({ length: 20 }, (_, index) => made(`secret ${index}`).of(ada, 'text', '', 'hello'));
    expect(others.filter((other) => isOfAnotherBody(other, print)).length).toBeLessThan(3);
    expect(isOfAnotherBody(null, undefined)).toBe(false);
    expect(isOfAnotherBody(print, undefined)).toBe(true);
  });
});
