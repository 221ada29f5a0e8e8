/** The product as a server under test: its built code, embedded PostgreSQL with fsync on, a fresh data folder. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { samplePage } from '../../pages/sample-page.mjs';
import { CONTENT_BYTES } from '../load-shape.mjs';
import { requestAll } from '../wire/http-client.mjs';
import { fillRoom, findPostmaster, requireDurable } from './database.mjs';
import { freePort, ServerProcess } from './process.mjs';

export const PRODUCT_SCRIPT = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));
/** For the server's metrics. */
export const OPS_TOKEN = randomBytes(48).toString('base64url');
const PASSWORD = 'benchmark-Passw0rd-of-length';
/** 46 users have 1,035 pairs: enough for 1,000 direct rooms. Few, because each registration costs a password hash. */
const USER_COUNT = 46;
const API = '/api/v1';

export class Product {
  name = 'product';
  #users = [];
  #launch;
  #worlds = 0;

  async start({ nodeOptions }) {
    if (!existsSync(PRODUCT_SCRIPT)) throw new Error('dist/src/main.js is missing: run `npm run build`');
    this.dataDir = mkdtempSync(join(tmpdir(), 'atrium-bench-'));
    const env = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      DATA_DIR: this.dataDir,
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      JWT_SECRET: randomBytes(48).toString('base64url'),
      OPS_TOKEN,
    };
    this.#launch = { nodeOptions, env };
    await this.#run();
    this.database = await requireDurable(this.dataDir);
  }

  async #run() {
    this.process = new ServerProcess(PRODUCT_SCRIPT, { port: await freePort(), ...this.#launch });
    await this.process.ready();
    this.postmasterPid = findPostmaster(this.dataDir);
  }

  /**
   * Rooms with their members' access tokens, one token per socket to open; `members` above the number of users gives users
   * several sockets each. `direct` rooms have two members, a different pair each. Pages likewise, for as many `sockets` each;
   * with `isCold` the server has been started anew after they were made.
   */
  async createWorld({ rooms = 0, members = 0, direct = false, messages = 0, pages = 0, components = 0, sockets = 0, isCold = false }) {
    await this.#registerUsers();
    if (pages > 0) return { pages: await this.#createPages({ pages, components, sockets, isCold }) };
    const created = direct ? await this.#createDirectRooms(rooms) : await this.#createGroups(rooms, members);
    if (messages > 0) {
      for (const { id } of created) await this.fill(id, messages);
    }
    return { rooms: created, tokens: this.#users.map(({ token }) => token), login: { login: this.#users[0].username, password: PASSWORD } };
  }

  /** More messages in a room that nobody follows, from the first user. */
  fill(roomId, count) {
    return fillRoom(this.dataDir, { roomId, senderId: this.#users[0].id, count, contentBytes: CONTENT_BYTES });
  }

  async #registerUsers() {
    if (this.#users.length > 0) return;
    const names = Array.from({ length: USER_COUNT }, (_, i) => `bench${i}`);
    const answers = await requestAll(
      this.process.port,
      names.map((username) => (http) => http.request('POST', `${API}/auth/register`, { json: { email: `${username}@example.com`, username, password: PASSWORD } })),
    );
    this.#users = answers.map(({ user, accessToken }, i) => ({ id: user.id, token: accessToken, username: names[i] }));
  }

  async #createDirectRooms(count) {
    const pairs = [];
    for (let i = 0; i < USER_COUNT; i++) for (let j = i + 1; j < USER_COUNT; j++) pairs.push([this.#users[i], this.#users[j]]);
    if (count > pairs.length) throw new Error(`at most ${pairs.length} direct rooms`);
    const chosen = pairs.slice(0, count);
    const rooms = await requestAll(
      this.process.port,
      chosen.map(([from, to]) => (http) => http.request('POST', `${API}/rooms/direct`, { token: from.token, json: { userId: to.id } })),
      { status: [200, 201] },
    );
    return rooms.map(({ id }, i) => ({ id, tokens: chosen[i].map(({ token }) => token) }));
  }

  async #createGroups(count, members) {
    const userAt = (room, member) => this.#users[(room + member) % USER_COUNT];
    const rooms = await requestAll(
      this.process.port,
      Array.from({ length: count }, (_, r) => (http) => http.request('POST', `${API}/rooms`, { token: userAt(r, 0).token, json: { name: `Benchmark ${members}/${r}`, kind: 'group' } })),
    );
    const joins = rooms.flatMap(({ id }, r) =>
      Array.from({ length: Math.min(members, USER_COUNT) - 1 }, (_, m) => (http) => http.request('POST', `${API}/rooms/${id}/join`, { token: userAt(r, m + 1).token, json: {} })),
    );
    await requestAll(this.process.port, joins, { status: [200, 201, 204] });
    return rooms.map(({ id }, r) => ({ id, tokens: Array.from({ length: members }, (_, m) => userAt(r, m).token) }));
  }

  async #createPages({ pages, components, sockets, isCold }) {
    const schema = samplePage(components);
    const world = ++this.#worlds;
    const ids = Array.from({ length: pages }, (_, i) => `page-${world}-${i}`);
    const userAt = (page, seat) => this.#users[(page + seat) % USER_COUNT];
    await requestAll(this.process.port, ids.map((pageId, p) => (http) => http.request('POST', `${API}/pages`, { token: userAt(p, 0).token, json: { pageId, schema } })));
    const grants = ids.flatMap((pageId, p) =>
      Array.from({ length: Math.max(0, Math.min(sockets, USER_COUNT) - 1) }, (_, i) => {
        const path = `${API}/pages/${pageId}/members/${userAt(p, i + 1).id}`;
        return (http) => http.request('PUT', path, { token: userAt(p, 0).token, json: { role: 'editor' } });
      }),
    );
    await requestAll(this.process.port, grants, { status: 204 });
    if (isCold) {
      await this.process.stop();
      await this.#run();
    }
    return ids.map((id, p) => ({ id, components, tokens: Array.from({ length: sockets }, (_, seat) => userAt(p, seat).token) }));
  }

  async stop() {
    const endedByItself = await this.process.stop();
    if (!endedByItself) console.warn('the product had to be killed: it did not end within its time');
    this.#killLeftPostmaster();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** Only after the server was killed: PostgreSQL must not outlive it, and the pid is the one read at its start. */
  #killLeftPostmaster() {
    try {
      const command = readFileSync(`/proc/${this.postmasterPid}/cmdline`, 'latin1');
      if (command.includes(this.dataDir)) process.kill(this.postmasterPid, 'SIGQUIT');
    } catch {
      // It has ended, as it should.
    }
  }
}
