/** ShareDB as a server under test, in memory or with every operation in a PostgreSQL like the product's. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { samplePage } from '../../pages/sample-page.mjs';
import { requestAll } from '../wire/http-client.mjs';
import { findPostmaster, requireDurableAt } from './database.mjs';
import { freePort, ServerProcess } from './process.mjs';

const SCRIPT = fileURLToPath(new URL('../../pages/sharedb/server.mjs', import.meta.url));
const EMBEDDED_POSTGRES = new URL('../../../dist/src/platform/database/embedded-postgres.js', import.meta.url);

export class ShareDbServer {
  postmasterPid = null;
  #isStoring;
  #postgres = null;
  #worlds = 0;

  constructor({ isStoring }) {
    this.#isStoring = isStoring;
  }

  async start({ nodeOptions }) {
    const env = this.#isStoring ? { DATABASE_URL: await this.#startPostgres() } : {};
    this.process = new ServerProcess(SCRIPT, { port: await freePort(), nodeOptions, env });
    await this.process.ready();
  }

  async #startPostgres() {
    this.dataDir = mkdtempSync(join(tmpdir(), 'atrium-bench-'));
    const { EmbeddedPostgres } = await import(EMBEDDED_POSTGRES);
    this.#postgres = await EmbeddedPostgres.start({ dataDir: this.dataDir, log: () => {} });
    this.postmasterPid = findPostmaster(this.dataDir);
    await requireDurableAt(this.#postgres.url);
    return this.#postgres.url;
  }

  async createWorld({ pages = 0, components = 0, sockets = 0 }) {
    const world = ++this.#worlds;
    const ids = Array.from({ length: pages }, (_, i) => `page-${world}-${i}`);
    const schema = pages > 0 ? samplePage(components) : null;
    await requestAll(this.process.port, ids.map((id) => (http) => http.request('POST', `/pages/${id}`, { json: schema })), { status: 200 });
    return { pages: ids.map((id) => ({ id, components, tokens: Array(sockets).fill('none') })) };
  }

  async stop() {
    await this.process?.stop();
    await this.#postgres?.stop();
    if (this.dataDir) rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
