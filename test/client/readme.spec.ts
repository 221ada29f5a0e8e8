import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AtriumClient } from '../../client/src/index.js';
import { type Product, startProduct } from '../support/product.js';

const README = join(import.meta.dirname, '..', '..', 'client', 'README.md');

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

const [CHAT, PAGE] = [...readFileSync(README, 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);

/** Runs code as it stands in the README, with what was imported or made before. @returns what it prints */
async function run(code: string, known: Record<string, unknown>): Promise<string[]> {
  const printed: string[] = [];
  const body = code.replace(/^import .*$/m, '').replace('http://localhost:3000', product.url);
  const AsyncFunction = (async () => await Promise.resolve()).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(known), 'console', body)(...Object.values(known), { log: (line: string) => printed.push(line) });
  return printed;
}

it('the chat of the README runs as it stands', async () => {
  expect(CHAT!.trim().split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(15);
  const printed = await run(CHAT!, { AtriumClient });
  await vi.waitFor(() => expect(printed).toContain('sent: Hello, 世界'));
  expect(printed[0]).toBe('pending: Hello, 世界');
  expect(printed.filter((line) => /^stored as #\d+$/.test(line))).toHaveLength(1);
});

it('the page of the README does, too', async () => {
  const client = new AtriumClient(product.url);
  await client.auth.register({ username: 'bob', email: 'bob@example.org', password: 'correct horse battery' });
  await client.connect();
  expect(await run(PAGE!, { client })).toEqual(['red', expect.stringMatching(/^saved, version \d+$/)]);
  await client.close();
});
