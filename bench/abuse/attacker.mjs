/** The attacker's process: runs one attack for a time, at the lowest priority, because on another machine it would not take our cores. */

import { setPriority } from 'node:os';
import { ACCOUNTS } from './attacks/accounts.mjs';
import { STRANGERS } from './attacks/strangers.mjs';
import { Client } from './wire.mjs';

const LOWEST_PRIORITY = 19;

process.once('message', async ({ name, port, address, seconds, me, others }) => {
  setPriority(LOWEST_PRIORITY);
  const attack = [...STRANGERS, ...ACCOUNTS].find((each) => each.name === name);
  const endsAt = performance.now() + seconds * 1_000;
  const client = new Client(port, address, { maxSockets: 2_000 });
  const failure = await attack.run({ client, me, others, isOver: () => performance.now() >= endsAt }).then(
    () => undefined,
    (error) => String(error.message),
  );
  client.close();
  process.send({ failure }, () => process.exit(0));
});
