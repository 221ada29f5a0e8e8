/** The yardstick as a server under test: plain Socket.IO, no storage, no REST, so its world is made of names alone. */

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { freePort, ServerProcess } from './process.mjs';

const SCRIPT = fileURLToPath(new URL('../../yardstick.mjs', import.meta.url));

export class Yardstick {
  name = 'yardstick';
  postmasterPid = null;

  async start({ nodeOptions }) {
    this.process = new ServerProcess(SCRIPT, { port: await freePort(), nodeOptions });
    await this.process.ready();
  }

  async createWorld({ rooms = 0, members = 0 }) {
    const tokens = ['none'];
    return { rooms: Array.from({ length: rooms }, () => ({ id: randomUUID(), tokens: Array(members).fill('none') })), tokens };
  }

  async stop() {
    await this.process.stop();
  }
}
