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

it('the chat of the README runs as it stands', async () => {
  const code = /```js\n([\s\S]*?)```/.exec(readFileSync(README, 'utf8'))![1]!;
  expect(code.trim().split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(15);
  const printed: string[] = [];
  const body = code.replace(/^import .*$/m, '').replace('http://localhost:3000', product.url);
  const AsyncFunction = (async () => await Promise.resolve()).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction('AtriumClient', 'console', body)(AtriumClient, { log: (line: string) => printed.push(line) });
  await vi.waitFor(() => expect(printed).toContain('sent: Hello, 世界'));
  expect(printed[0]).toBe('pending: Hello, 世界');
  expect(printed.filter((line) => /^stored as #\d+$/.test(line))).toHaveLength(1);
});
