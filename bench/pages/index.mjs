/** The benchmark of live page editing: its scenarios, in the order they run, the servers they run against, and how the result is to be read. */

import { NoServer } from '../lib/servers/no-server.mjs';
import { Product } from '../lib/servers/product.mjs';
import { ShareDbServer } from '../lib/servers/sharedb.mjs';
import { AIMS } from './aims.mjs';
import { apply } from './apply.mjs';
import { manyEditors } from './editors.mjs';
import { hot } from './hot.mjs';
import { manyPages } from './many.mjs';
import { memory } from './memory.mjs';
import { open } from './open.mjs';
import { storage } from './storage.mjs';

export const suite = {
  name: 'pages',
  title: 'Pages benchmark',
  scenarios: [apply, hot, manyPages, manyEditors, open, storage, memory],
  servers: {
    product: () => new Product(),
    sharedb: () => new ShareDbServer({ isStoring: false }),
    'sharedb-stored': () => new ShareDbServer({ isStoring: true }),
    'fast-json-patch': () => new NoServer(),
  },
  /** The server that the product's figures are divided by. */
  yardstick: 'sharedb',
  aims: AIMS,
  packages: ['socket.io', 'sharedb', 'ot-json0', 'fast-json-patch', 'ws'],
  validity: 'in every run each socket received exactly the edits acknowledged on its page, and what a watcher received makes the page that the server has',
  notes: [
    'Server, PostgreSQL and load generator share this machine.',
    'sharedb is ShareDB with json0 over `ws`, in memory: it stores nothing. sharedb-stored also inserts each op into the same PostgreSQL before its ack (`pages/sharedb/stored-ops.mjs`).',
    'Neither checks rights, schemas or the tree of components; the product does.',
  ],
};
