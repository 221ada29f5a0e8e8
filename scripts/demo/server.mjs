import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from '../lib/setup-error.mjs';
import { PASSWORD } from './workspace.mjs';

const ACK_TIMEOUT_MS = 10_000;
/** A server that is busy says when to come back; one that is busy for so long is given up. */
const PATIENCE_MS = 60_000;

/** A running server, reached as any client reaches it: REST and Socket.IO. */
export class Server {
  constructor(url, io) {
    this.url = url.replace(/\/+$/, '');
    this.io = io;
  }

  /** @throws SetupError when nothing answers, or something else does */
  async requireUp() {
    const hint = 'Start one with `npm start`, or say where it is: npm run demo -- --url http://host:port';
    let answer;
    try {
      answer = await fetch(`${this.url}/openapi.json`, { signal: AbortSignal.timeout(10_000) });
    } catch (error) {
      throw new SetupError(`No server answers at ${this.url} (${error.cause?.code ?? error.message}).`, hint);
    }
    const document = await answer.json().catch(() => undefined);
    if (document?.info?.title !== 'Atrium') throw new SetupError(`What answers at ${this.url} is not Atrium.`, hint);
  }

  /** Registers the person, or signs in who registered on an earlier run. */
  async enter({ username, displayName, email }) {
    let answer = await this.request('POST', '/auth/register', { body: { username, displayName, email, password: PASSWORD } });
    if (answer.status === 409) answer = await this.request('POST', '/auth/login', { body: { login: username, password: PASSWORD } });
    if (answer.status === 401) {
      throw new SetupError(`There is a user “${username}” already, with another password.`, 'The demonstration wants a server of its own: start one with an empty DATA_DIR.');
    }
    const { user, accessToken } = requireOk(answer, `sign in ${username}`);
    return new Person(this, user, accessToken);
  }

  /** One request; waits and tries again while the server is busy. */
  async request(method, path, { body, token } = {}) {
    for (const givenUpAt = Date.now() + PATIENCE_MS; ; ) {
      const response = await fetch(`${this.url}/api/v1${path}`, {
        method,
        headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
      });
      const text = await response.text();
      if ((response.status !== 429 && response.status !== 503) || Date.now() > givenUpAt) {
        return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
      }
      await delay(1000 * Math.max(1, Number(response.headers.get('retry-after')) || 1));
    }
  }
}

/** Somebody signed in, who does one thing after the other: limits are a person's, and rooms are filled side by side. */
export class Person {
  #turn = Promise.resolve();

  constructor(server, user, token) {
    this.server = server;
    this.user = user;
    this.token = token;
  }

  /** A token lasts for minutes, a demonstration perhaps for hours. */
  async renew() {
    const answer = await this.server.request('POST', '/auth/login', { body: { login: this.user.username, password: PASSWORD } });
    this.token = requireOk(answer, `sign in ${this.user.username} again`).accessToken;
    this.socket.auth = { token: this.token };
    await this.send('auth-refresh', { token: this.token });
  }

  async call(method, path, body) {
    return requireOk(await this.server.request(method, path, { body, token: this.token }), `${method} ${path} as ${this.user.username}`);
  }

  connect() {
    this.socket = this.server.io(this.server.url, { auth: { token: this.token }, transports: ['websocket'], forceNew: true });
    this.socket.on('token-expiring', () => this.renew().catch((error) => console.error(`✗ ${error.message}`)));
    return new Promise((resolve, reject) => {
      this.socket.once('session', resolve);
      this.socket.once('connect_error', (error) => reject(new SetupError(`The socket of ${this.user.username} was refused: ${error.message}`, 'Look at the log of the server.')));
    });
  }

  /** An event and its answer, when those before it have theirs. */
  send(event, body) {
    const answer = this.#turn.then(() => this.#sendNow(event, body));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** A lost answer is asked for again: every event of ours may be repeated. */
  async #sendNow(event, body) {
    for (const givenUpAt = Date.now() + PATIENCE_MS; ; ) {
      const answer = await this.socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, body).catch(() => ({ error: { code: 'UNAVAILABLE', message: 'no answer' } }));
      if (!answer.error) return answer.data;
      const { code, message, retryAfterMs = 1000 } = answer.error;
      if ((code !== 'RATE_LIMITED' && code !== 'UNAVAILABLE') || Date.now() > givenUpAt) {
        throw new SetupError(`${event} as ${this.user.username} was refused: ${code} ${message}`, 'Is this the server’s first demonstration? It wants a server of its own.');
      }
      await delay(retryAfterMs);
    }
  }

  /** All rooms that this person is in. */
  async rooms() {
    const rooms = [];
    for (let cursor = ''; cursor !== null; ) {
      const page = await this.call('GET', `/rooms?limit=200${cursor && `&cursor=${cursor}`}`);
      rooms.push(...page.items);
      cursor = page.nextCursor;
    }
    return rooms;
  }
}

function requireOk({ status, body }, what) {
  if (status < 400) return body;
  throw new SetupError(`Could not ${what}: ${status} ${body?.code ?? ''} ${body?.detail ?? ''}`, 'Look at the log of the server.');
}
