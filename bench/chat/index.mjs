/** The chat benchmark: its scenarios, in the order they run, the servers they run against, and how the result is to be read. */

import { Product } from '../lib/servers/product.mjs';
import { Yardstick } from '../lib/servers/yardstick.mjs';
import { AIMS } from './aims.mjs';
import { deliveries } from './deliveries.mjs';
import { history } from './history.mjs';
import { idle } from './idle.mjs';
import { ingest } from './ingest.mjs';
import { latency } from './latency.mjs';
import { login } from './login.mjs';
import { resume } from './resume.mjs';
import { sends } from './sends.mjs';

export const suite = {
  name: 'chat',
  title: 'Chat benchmark',
  scenarios: [sends, deliveries, latency, ingest, idle, history, resume, login],
  servers: { product: () => new Product(), yardstick: () => new Yardstick() },
  /** The server that the product's figures are divided by. */
  yardstick: 'yardstick',
  aims: AIMS,
  packages: ['socket.io'],
  validity: 'in every run each socket received exactly the messages acknowledged in its room',
  notes: ['Server, PostgreSQL and load generator share this machine. The yardstick is plain Socket.IO that stores nothing and checks nothing.'],
};
