import { describe, expect, it } from 'vitest';

const SCRIPT = '../scripts/lib/server-flags.mjs';
const { serverFlags } = (await import(SCRIPT)) as { serverFlags: (memoryBytes?: number) => string[] };
const GIGABYTE = 2 ** 30;

describe('the flags that Node runs the server with', () => {
  it.each([
    [24 * GIGABYTE, 64],
    [GIGABYTE, 64],
    [GIGABYTE - 1, 32],
    [GIGABYTE / 2, 32],
    [GIGABYTE / 4, 16],
    [GIGABYTE / 16, 16],
  ])('give a machine of %i bytes a young generation of %i MB a half', (memoryBytes, megabytes) => {
    expect(serverFlags(memoryBytes)[0]).toBe(`--max-semi-space-size=${megabytes}`);
  });

  it('fit this machine without being told its size', () => {
    expect(serverFlags()[0]).toMatch(/^--max-semi-space-size=(16|32|64)$/);
  });
});
