import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { estimateBits, isWeakSecret } from './secret-strength.js';

describe('a secret that could be guessed', () => {
  it.each([
    ['one letter', 'x'.repeat(40)],
    ['two letters', '12'.repeat(20)],
    ['an alphabet', 'abcdefghijklmnopqrstuvwxyz012345'],
    ['an alphabet backwards', 'ZYXWVUTSRQPONMLKJIHGFEDCBA987654'],
    ['a repeated block', 'abcd1234abcd1234abcd1234abcd1234'],
    ['a repeated name', 'MyCompanyMyCompanyMyCompany12345!'],
    ['a repeated phrase', 'test-jwt-key-test-jwt-key-test-jwt-key'],
    ['a repeated word of hexadecimal digits', 'deadbeef'.repeat(8)],
    ['letters that take turns', 'aaaaaaaabbbbbbbbccccccccdddddddd'],
    ['rows of a keyboard', 'qwertyuiopasdfghjklzxcvbnm123456'],
    ['rows of a German keyboard', 'qwertzuiopasdfghjklyxcvbnm123456'],
    ['columns of a keyboard', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol'],
    ['two rows, key by key', '1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t6y'],
    ['dates', '2024-01-01-2024-01-02-2024-01-03'],
    ['hexadecimal digits in order', '0123456789abcdef0123456789abcdef'],
    ['an example', 'please-change-me-v3Kq8ZtR5nWm2XyB7cLp'],
    ['nothing', ''],
  ])('is %s', (_what, secret) => {
    expect(isWeakSecret(secret), `${estimateBits(secret)} bits`).toBe(true);
  });
});

describe('a secret that was made of random bytes', () => {
  it.each([
    ['base64', 32],
    ['base64url', 32],
    ['hex', 32],
    ['base64', 48],
    ['base64url', 24],
    ['hex', 16],
  ] as const)('passes, in %s of %i bytes', (encoding, length) => {
    for (let n = 0; n < 5_000; n++) {
      const secret = randomBytes(length).toString(encoding);
      expect(isWeakSecret(secret), `${secret} has ${estimateBits(secret)} bits`).toBe(false);
    }
  });

  it('has more bits the longer it is', () => {
    expect(estimateBits(Buffer.from('k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L').toString('hex'))).toBeGreaterThan(estimateBits('k7Q2mZ9xV4bN8rT1'));
  });
});
