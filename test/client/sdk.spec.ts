import { afterAll, beforeAll, expect, it } from 'vitest';
import { AtriumClient } from '../../client/src/index.js';
import { startProduct, type Product } from '../support/product.js';
import { eventually } from '../support/eventually.js';

let product: Product;
beforeAll(async () => { product = await startProduct(); });
afterAll(async () => { await product.stop(); });

it('smoke', async () => {
  const a = new AtriumClient(product.url);
  const b = new AtriumClient(product.url);
  await a.auth.register({ email: 'a@example.org', username: 'ada', password: 'correct horse battery' });
  await b.auth.register({ email: 'b@example.org', username: 'bob', password: 'correct horse battery' });
  await a.connect(); await b.connect();
  const room = await a.rooms.create({ name: 'x' });
  await room.open();
  await b.rooms.join(room.id);
  await b.room(room.id).open();
  await room.send('hello');
  await eventually('b has it', () => b.room(room.id).timeline.view.get().items.length === 1);
  expect(b.room(room.id).state.get()).toMatchObject({ unread: 1, memberCount: 2 });
  await a.close(); await b.close();
});
