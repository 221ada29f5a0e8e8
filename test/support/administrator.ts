import { eventually } from './eventually.js';
import type { Api } from './client.js';
import type { Product } from './product.js';

/** Makes the person the administrator of a product that has none, by the link that it has printed. */
export async function makeAdministrator(product: Product, person: Api): Promise<void> {
  await person.post('/auth/claim-admin', { token: await product.adminToken() });
  await eventually('the server knows its administrator', async () => (await person.call('GET', '/admin/users?limit=1')).status === 200);
}
