/** For scenarios that measure a library: all of it happens in the load generator's process. */

export class NoServer {
  process = { port: 0, pid: process.pid, output: '' };
  postmasterPid = null;

  async start() {}

  async createWorld() {
    return {};
  }

  async stop() {}
}
