/** A keep-alive HTTP/1.1 connection with one request in flight: a `fetch` would cost more than the page it measures. */

import net from 'node:net';

const HEADER_END = Buffer.from('\r\n\r\n');
const REQUEST_TIMEOUT_MS = 30_000;

export class HttpConnection {
  #socket;
  #chunks = [];
  #receivedBytes = 0;
  #expectedBytes = -1;
  #pending = null;

  constructor(port) {
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
    this.port = port;
  }

  /** Sends one request; resolves with the status, the head and the body's bytes. */
  request(method, path, { token, json, headers = [] } = {}) {
    const body = json === undefined ? '' : JSON.stringify(json);
    const head = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${this.port}`, ...headers];
    if (token) head.push(`Authorization: Bearer ${token}`);
    if (json !== undefined) head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
    const { promise, resolve, reject } = Promise.withResolvers();
    const timeout = setTimeout(() => this.#fail(new Error(`${method} ${path}: no answer`)), REQUEST_TIMEOUT_MS);
    this.#pending = { resolve, reject, timeout };
    this.#socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    return promise;
  }

  close() {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#chunks.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#expectedBytes === -1) this.#readHead();
    if (this.#expectedBytes !== -1 && this.#receivedBytes >= this.#expectedBytes) this.#finish();
  }

  #readHead() {
    const received = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const end = received.indexOf(HEADER_END);
    if (end === -1) return;
    this.#chunks = [received];
    const head = received.latin1Slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    const hasBody = !/^HTTP\/1\.1 (204|304)/.test(head);
    if (length === null && hasBody) return this.#fail(new Error(`an answer without content-length: ${head}`));
    this.status = Number(head.slice(9, 12));
    this.head = head;
    this.headBytes = end + HEADER_END.length;
    this.#expectedBytes = this.headBytes + (hasBody ? Number(length[1]) : 0);
  }

  #finish() {
    const body = (this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks)).subarray(this.headBytes);
    const { resolve, timeout } = this.#pending;
    clearTimeout(timeout);
    this.#chunks = [];
    this.#receivedBytes = 0;
    this.#expectedBytes = -1;
    this.#pending = null;
    resolve({ status: this.status, head: this.head, body });
  }

  #fail(error) {
    if (this.#pending === null) return;
    clearTimeout(this.#pending.timeout);
    this.#pending.reject(error);
    this.#pending = null;
  }
}

/** Runs `requests` (functions of a connection) over a few connections; every answer must have `status`. Returns the parsed bodies in order. */
export async function requestAll(port, requests, { connections = 8, status = 201 } = {}) {
  const bodies = new Array(requests.length);
  let next = 0;
  const worker = async () => {
    const connection = new HttpConnection(port);
    try {
      while (next < requests.length) {
        const index = next++;
        const answer = await requests[index](connection);
        const accepted = Array.isArray(status) ? status.includes(answer.status) : answer.status === status;
        if (!accepted) throw new Error(`unexpected status ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
        bodies[index] = answer.body.length > 0 ? JSON.parse(answer.body.toString()) : undefined;
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, requests.length) }, worker));
  return bodies;
}
