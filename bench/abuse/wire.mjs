/** HTTP, WebSocket and bare TCP from a chosen address of this machine, for attackers and the prober alike. */

import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import WebSocket from 'ws';

const HOST = '127.0.0.1';
const TIMEOUT_MS = 15_000;
const API = '/api/v1';
const BESIDE_API = /^\/(?:$|socket\.io|docs|openapi|asyncapi|livez|readyz|health|metrics)/;

/** A client at one address. Whatever it asks, a refusal or a lost connection is an answer, too: `{status, body}`, `status` 0 for none. */
export class Client {
  #port;
  #address;
  #agent;

  constructor(port, address, { maxSockets = 256 } = {}) {
    this.#port = port;
    this.#address = address;
    this.#agent = new Agent({ keepAlive: true, maxSockets, localAddress: address });
  }

  /** `body` is sent as it is when it is text or bytes, else as JSON. */
  call(method, path, { token, body, type = 'application/json', headers = {} } = {}) {
    const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return new Promise((resolve) => {
      const outgoing = request(
        {
          host: HOST,
          port: this.#port,
          localAddress: this.#address,
          agent: this.#agent,
          method,
          path: BESIDE_API.test(path) ? path : API + path,
          timeout: TIMEOUT_MS,
          headers: {
            ...(token && { authorization: `Bearer ${token}` }),
            ...(bytes !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(bytes) }),
            ...headers,
          },
        },
        (answer) => {
          const chunks = [];
          answer.on('data', (chunk) => chunks.push(chunk));
          answer.on('end', () => resolve({ status: answer.statusCode, body: parse(Buffer.concat(chunks)) }));
          answer.on('error', () => resolve({ status: 0 }));
        },
      );
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => resolve({ status: 0 }));
      outgoing.end(bytes);
    });
  }

  /** A new account, or that of this name, signed in: `{id, token, username}`. */
  async signIn(username, password) {
    const registered = await this.call('POST', '/auth/register', { body: { email: `${username}@example.org`, username, password } });
    const { status, body } = registered.status === 201 ? registered : await this.call('POST', '/auth/login', { body: { login: username, password } });
    if (status !== 200 && status !== 201) throw new Error(`${username} could not sign in: ${status} ${JSON.stringify(body)}`);
    return { id: body.user.id, token: body.accessToken, username };
  }

  /** A bare connection that has said `text`. */
  say(text) {
    const socket = connect({ host: HOST, port: this.#port, localAddress: this.#address });
    socket.on('error', () => undefined);
    if (text) socket.write(text);
    return socket;
  }

  /** A Socket.IO connection in the namespace; rejects when it does not get there. */
  socket(token) {
    return EventSocket.open(this.#port, this.#address, token);
  }

  close() {
    this.#agent.destroy();
  }
}

function parse(bytes) {
  try {
    return JSON.parse(bytes);
  } catch {
    return undefined;
  }
}

/** Socket.IO over WebSocket, by hand: it sends whatever it is told to. */
export class EventSocket {
  #socket;
  #acks = new Map();
  #nextId = 0;
  isOpen = false;

  static open(port, address, token) {
    return new Promise((resolve, reject) => {
      const socket = new EventSocket();
      const webSocket = new WebSocket(`ws://${HOST}:${port}/socket.io/?EIO=4&transport=websocket`, { localAddress: address });
      socket.#socket = webSocket;
      webSocket.on('error', reject);
      webSocket.on('close', () => {
        socket.isOpen = false;
        for (const settle of socket.#acks.values()) settle({ error: { code: 'CLOSED' } });
        socket.#acks.clear();
        reject(new Error('closed'));
      });
      webSocket.on('message', (data) => {
        const text = data.toString();
        if (text.startsWith('0')) webSocket.send(`40${JSON.stringify({ token })}`);
        else if (text === '2') webSocket.send('3');
        else if (text.startsWith('40')) {
          socket.isOpen = true;
          resolve(socket);
        } else if (text.startsWith('44')) reject(new Error(text));
        else socket.#hear(text);
      });
    });
  }

  #hear(text) {
    const start = text.indexOf('[');
    if (text.startsWith('43')) {
      const id = Number(text.slice(2, start));
      this.#acks.get(id)?.(JSON.parse(text.slice(start))[0]);
      this.#acks.delete(id);
    }
  }

  /** Resolves with the ack, `{data}` or `{error}`. */
  ask(name, body) {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#acks.set(id, resolve);
      this.#socket.send(`42${id}${JSON.stringify([name, body])}`);
    });
  }

  /** Sends a frame, and waits for nothing. */
  say(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Bytes that have not been handed to the system yet. */
  get backlog() {
    return this.#socket.bufferedAmount;
  }

  /** Stops reading. */
  pause() {
    this.#socket.pause();
  }

  close() {
    this.#socket.terminate();
  }
}
