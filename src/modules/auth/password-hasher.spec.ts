import { availableParallelism } from 'node:os';
import type * as Argon2 from '@node-rs/argon2';
import { parseOptions } from '@node-rs/argon2';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PasswordHasher } from './password-hasher.js';

const compared = vi.hoisted(() => [] as string[]);
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof Argon2>();
  return { ...argon2, verify: (hash: string, password: string) => (compared.push(hash), argon2.verify(hash, password)) };
});

/** A core is left to everybody else. */
const atOnce = Math.min(4, Math.max(1, availableParallelism() - 1));

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();
  let hash: string;
  beforeAll(async () => {
    await hasher.onModuleInit();
    hash = await hasher.hash('correct horse', 'ada');
  });
  beforeEach(() => {
    compared.length = 0;
  });

  it('makes Argon2id hashes that only their password opens', async () => {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.hash('correct horse', 'ada')).not.toBe(hash);
    expect(await hasher.verify(hash, 'correct horse', 'ada')).toBe(true);
    expect(await hasher.verify(hash, 'Correct horse', 'ada')).toBe(false);
  });

  it('does the same work where there is no hash, and says no', async () => {
    expect(await hasher.verify(null, 'correct horse', 'ada')).toBe(false);
    expect(compared).toHaveLength(1);
    expect(parseOptions(compared[0]!)).toEqual(parseOptions(hash));
  });

  it('takes any composition of the same letters', async () => {
    const composed = await hasher.hash('caf\u00e9', 'ada');
    expect(await hasher.verify(composed, 'cafe\u0301', 'ada')).toBe(true);
  });

  it('refuses the flood of one client instead of queueing it without end', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 1_200 }, () => hasher.verify(hash, 'x', 'ada')));
    const refused = outcomes.filter((o) => o.status === 'rejected');
    expect(refused).toHaveLength(1_200 - 1_024 - atOnce);
    expect(refused[0]!.reason).toMatchObject({ code: 'RATE_LIMITED' });
  });
});
