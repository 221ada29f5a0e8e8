import { expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.js';

it('says whose bytes are too many, until they are taken off, and forgets who has none', () => {
  const budget = new ByteBudget({ name: 'test', perKey: 10, inAll: 15 });
  const off = budget.add('ada', 8);
  expect([budget.findLack('ada', 2), budget.findLack('ada', 3), budget.findLack('bob', 7), budget.findLack('bob', 8)]).toEqual([undefined, 'key', undefined, 'all']);
  const offToo = budget.add('ada', 5);
  expect([budget.findLack('ada', 0), budget.bytes]).toEqual(['key', 13]);
  off();
  off();
  expect([budget.findLack('ada', 5), budget.bytes]).toEqual([undefined, 5]);
  offToo();
  expect([budget.bytes, (budget as unknown as { keys: Map<string, number> }).keys.size]).toEqual([0, 0]);
});
