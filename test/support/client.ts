import { io, type Socket } from 'socket.io-client';
import { expect } from 'vitest';
import type { z } from 'zod';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { Problem, SocketError } from '../../src/protocol/errors.js';
import type { ServerEvent } from '../../src/protocol/events.js';
import type { User } from '../../src/protocol/users.js';

/** How long an answer or event may take on a busy machine before the test says what it was waiting for. */
const PATIENCE_MS = 15_000;
export const PASSWORD = 'correct horse battery';

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** REST as one user (or, without a token, as nobody). Paths are below /api/v1. */
export class Api {
  constructor(
    readonly origin: string,
    readonly token?: string,
  ) {}

  /** Any answer. A string body is sent as it is, everything else as JSON. */
  async call<T = unknown>(method: string, path: string, { body, headers }: CallOptions = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? undefined : parse(text)) as T };
  }

  get<T>(path: string): Promise<T> {
    return this.succeed<T>('GET', path);
  }
  post<T>(path: string, body?: unknown): Promise<T> {
    return this.succeed<T>('POST', path, body);
  }
  put<T>(path: string, body?: unknown): Promise<T> {
    return this.succeed<T>('PUT', path, body);
  }
  patch<T>(path: string, body?: unknown): Promise<T> {
    return this.succeed<T>('PATCH', path, body);
  }
  delete<T>(path: string): Promise<T> {
    return this.succeed<T>('DELETE', path);
  }

  /** The code of the refusal; fails when it was none. */
  async refusal(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await this.call<Problem>(method, path, { body });
    if (answer.status < 400) throw new Error(`${method} ${path} was not refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.code;
  }

  private async succeed<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, { body });
    if (answer.status >= 400) throw new Error(`${method} ${path} was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export type Ack<T = unknown> = { data: T; error?: undefined } | { data?: undefined; error: SocketError };

export interface Received {
  name: string;
  body: Record<string, unknown>;
}

/** A stock socket.io client that remembers every event, so that none can be missed between two awaits. */
export class TestSocket {
  readonly received: Received[] = [];
  private readonly waiting = new Set<() => void>();
  private reason: string | undefined;

  private constructor(readonly socket: Socket) {
    socket.onAny((name: string, body: Record<string, unknown>) => {
      this.received.push({ name, body });
      for (const look of this.waiting) look();
    });
    socket.on('disconnect', (reason) => {
      this.reason = reason;
      for (const look of this.waiting) look();
    });
  }

  /** Connected, and greeted with `session`. */
  static async open(url: string, token: string, transports: string[] = ['websocket'], extraHeaders: Record<string, string> = {}): Promise<TestSocket> {
    const socket = new TestSocket(io(url, { auth: { token }, transports, extraHeaders, forceNew: true, reconnection: false, autoConnect: false }));
    const refused = new Promise<never>((_resolve, reject) => socket.socket.once('connect_error', reject));
    socket.socket.connect();
    await Promise.race([socket.event('session'), refused]);
    return socket;
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  /** Sends an event and waits for its ack, whatever it says. */
  async emit<T = unknown>(name: string, ...args: unknown[]): Promise<Ack<T>> {
    try {
      return (await this.socket.timeout(PATIENCE_MS).emitWithAck(name, ...args)) as Ack<T>;
    } catch (cause) {
      throw new Error(`no ack for ${name} ${JSON.stringify(args).slice(0, 300)} (${this.reason ?? 'connected'})`, { cause });
    }
  }

  /** The data of the ack; fails when it was an error. */
  async ask<T = Record<string, unknown>>(name: string, body: unknown): Promise<T> {
    const { data, error } = await this.emit<T>(name, body);
    if (error) throw new Error(`${name} was refused: ${JSON.stringify(error)}`);
    return data;
  }

  /** The code of the refusal; fails when it was none. */
  async refusal(name: string, body: unknown): Promise<string> {
    const { data, error } = await this.emit(name, body);
    if (!error) throw new Error(`${name} was not refused: ${JSON.stringify(data)}`);
    return error.code;
  }

  /** The first event of this name (that matches), past or to come. */
  async event<T = Record<string, unknown>>(name: string, matches: (body: T) => boolean = () => true): Promise<T> {
    const find = () => this.received.find((event) => event.name === name && matches(event.body as T))?.body as T | undefined;
    await this.until(() => find() !== undefined, `event ${name}`);
    return find()!;
  }

  /** All events of this name so far (that match). */
  events<T = Record<string, unknown>>(name: string, matches: (body: T) => boolean = () => true): T[] {
    return this.received.filter((event) => event.name === name && matches(event.body as T)).map((event) => event.body as T);
  }

  /** Everything that the server sent before it got this has arrived when it resolves: a question that any server answers. */
  async fence(): Promise<void> {
    await this.emit('fence');
  }

  /** Waits for a condition over what was received; looks again after every event and at the disconnection. */
  until(isMet: () => boolean, label: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        const last = this.received.slice(-5).map(({ name, body }) => `${name} ${JSON.stringify(body)}`.slice(0, 200));
        reject(new Error(`waited in vain for ${label} (${this.reason ?? 'connected'}); the last events: ${last.join(' | ')}`));
      }, PATIENCE_MS);
      const look = () => {
        if (!isMet()) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Resolves when the server has ended the connection. */
  closed(): Promise<void> {
    return this.until(() => !this.socket.connected, 'the disconnection');
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Somebody signed in, with as many sockets as they like. */
export class Person extends Api {
  readonly sockets: TestSocket[] = [];

  constructor(
    origin: string,
    readonly user: User,
    override readonly token: string,
  ) {
    super(origin, token);
  }

  get id(): string {
    return this.user.id;
  }

  async connect(transports?: string[]): Promise<TestSocket> {
    const socket = await TestSocket.open(this.origin, this.token, transports);
    this.sockets.push(socket);
    return socket;
  }
}

/** The people of one spec; names are made unique, and all their sockets closed together. */
export class Crowd {
  private readonly people: Person[] = [];
  private count = 0;

  constructor(private readonly origin: string) {}

  async person(name = 'person', displayName?: string): Promise<Person> {
    const username = `${name}-${++this.count}`;
    const body = { email: `${encodeURIComponent(username).replaceAll('%', '')}@example.org`, username, password: PASSWORD, ...(displayName && { displayName }) };
    const { user, accessToken } = await new Api(this.origin).post<Tokens>('/auth/register', body);
    const person = new Person(this.origin, user, accessToken);
    this.people.push(person);
    return person;
  }

  /** Several at once. */
  async group<const N extends readonly string[]>(...names: N): Promise<{ [K in keyof N]: Person }> {
    const people: Person[] = [];
    for (const name of names) people.push(await this.person(name));
    return people as { [K in keyof N]: Person };
  }

  disperse(): void {
    for (const person of this.people) for (const socket of person.sockets.splice(0)) socket.close();
  }
}

/** The event has exactly the fields of the protocol (of one alternative, where it has several), no more and no fewer. */
export function expectEvent(event: ServerEvent, body: unknown): void {
  const alternatives = 'options' in event.body ? (event.body.options as z.ZodObject[]) : [event.body as z.ZodObject];
  const issues = alternatives.map((alternative) => alternative.strict().safeParse(body).error?.issues ?? []);
  expect(issues.some((found) => found.length === 0) ? [] : issues, `${event.name} ${JSON.stringify(body)}`).toEqual([]);
}

/** The value has exactly the fields of the schema, no more and no fewer. */
export function expectShape(schema: z.ZodType, value: unknown): void {
  expect((schema as z.ZodObject).strict().safeParse(value).error?.issues ?? [], JSON.stringify(value)).toEqual([]);
}
