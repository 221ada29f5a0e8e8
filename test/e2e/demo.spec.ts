import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History, Message } from '../../src/protocol/messages.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Api, Crowd } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { makeAdministrator } from '../support/administrator.js';
import { freePort, type Product, startProduct } from '../support/product.js';

/** Whoever has just talked a lot has to wait for the rate limit like everybody. */
const LIVE_TIMEOUT_MS = 60_000;
const script = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'scripts', 'demo.mjs');

let product: Product;
let database: pg.Client;

/** With limits, as the server is for those who try the demonstration, and with an administrator. */
beforeAll(async () => {
  product = await startProduct({ RATE_LIMITS: 'on' });
  const maya = { email: 'maya@demo.example', username: 'maya', displayName: 'Maya Okafor', password: 'demo-harbour-2026' };
  const { accessToken } = await new Api(product.url).post<{ accessToken: string }>('/auth/register', maya);
  await makeAdministrator(product, new Api(product.url, accessToken));
  database = new pg.Client(product.databaseUrl);
  await database.connect();
});
afterAll(async () => {
  await database.end();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

async function runDemo(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  return { code, output: output + errors };
}

async function count(): Promise<Record<string, number>> {
  const { rows } = await database.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM rooms) AS rooms, (SELECT count(*)::int FROM room_members) AS members,
       (SELECT count(*)::int FROM messages) AS messages, (SELECT count(*)::int FROM pages) AS pages, (SELECT count(*)::int FROM journal) AS entries`,
  );
  return rows[0]!;
}

describe('npm run demo', () => {
  it('says what is missing when there is no server, or another one', async () => {
    const port = await freePort();
    const nobody = await runDemo('--url', `http://127.0.0.1:${port}`);
    expect(nobody.code).toBe(1);
    expect(nobody.output).toContain(`No server answers at http://127.0.0.1:${port}`);
    expect(nobody.output).toContain('npm start');
    expect(nobody.output).not.toContain('    at ');
    for (const args of [['--url', 'nonsense'], ['--ur', 'x'], ['--url', 'ftp://x']]) {
      const { code, output } = await runDemo(...args);
      expect(code).toBe(1);
      expect(output).toContain('Usage: npm run demo');
    }
  });

  it('fills a workspace in which one can look around', async () => {
    const { code, output } = await runDemo('--url', product.url);
    expect(output).toContain('Added 3000 messages');
    expect(code).toBe(0);
    expect([...output.matchAll(/ as (\w+)/g)].map(([, name]) => name).filter((name) => !['maya', 'priya', 'linwei'].includes(name!))).toEqual([]);
    const password = /with the password {2}(\S+)/.exec(output)![1]!;
    const { accessToken } = await new Api(product.url).post<{ accessToken: string }>('/auth/login', { login: 'maya', password });
    const maya = new Api(product.url, accessToken);
    const { items: rooms } = await maya.get<Page<MyRoom>>('/rooms');
    expect(rooms.map(({ name }) => name)).toEqual(expect.arrayContaining(['Announcements 公告', 'Product', '产品讨论', 'Launch room', 'World']));
    expect(rooms.filter(({ kind }) => kind === 'direct').map(({ peer }) => peer?.displayName).sort()).toEqual(['Tom Becker', '林伟']);
    expect(rooms.find(({ name }) => name === 'Launch room')).toMatchObject({ isPrivate: true, hasPassword: true, role: 'owner', memberCount: 5 });
    const { items: pages } = await maya.get<Page<PageSummary>>('/pages');
    expect(pages.map(({ title, role }) => [title, role]).sort()).toEqual([
      ['Harbour 3.0 launch page', 'owner'],
      ['开放日报名 Open day', 'viewer'],
    ]);
    const messages: Message[] = [];
    for (const { id } of rooms) messages.push(...(await maya.get<History>(`/rooms/${id}/messages?limit=200`)).items);
    for (const kind of [(m: Message) => m.replyTo, (m: Message) => m.editedAt, (m: Message) => m.deletedAt, (m: Message) => m.type === 'system', (m: Message) => /\p{Script=Han}/u.test(m.content ?? '')]) {
      expect(messages.some(kind)).toBe(true);
    }
    expect(messages.filter(({ content }) => /[{}]|undefined/.test((content ?? '').replace(/`+[^`]*`+/g, '')))).toEqual([]);
    const { rows } = await database.query<{ behind: number }>('SELECT count(*)::int AS behind FROM room_members m JOIN channels c ON c.id = m.room_id WHERE c.last_ordinal > m.last_read_ordinal AND m.last_read_seq > m.joined_seq');
    expect(rows[0]!.behind).toBeGreaterThan(10);
  });

  it('adds nothing when it runs again', async () => {
    const before = await count();
    const { code, output } = await runDemo('--url', `${product.url}/`);
    expect(output).toContain('nothing was added');
    expect(code).toBe(0);
    expect(await count()).toEqual(before);
  });

  it('with --live, stays: people come online, talk, and answer who writes to them', async () => {
    const child = spawn(process.execPath, [script, '--url', product.url, '--live'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const errors = text(child.stderr);
    const closed = once(child, 'close') as Promise<[number]>;
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('are online')) break;
    const actsOfGuests = async () => (await database.query(`SELECT count(*)::int AS acts FROM journal j JOIN users u ON u.id = j.actor_id WHERE u.username IN ('maya', 'priya', 'linwei')`)).rows as unknown;
    const before = await actsOfGuests();
    const stranger = await new Crowd(product.url).person('zoe');
    const { items } = await stranger.get<Page<{ id: string }>>('/users?q=tom');
    const { id } = await stranger.post<MyRoom>('/rooms/direct', { userId: items[0]!.id });
    await stranger.post(`/rooms/${id}/messages`, { clientMsgId: 'hello', content: 'Are you there' });
    const answered = await eventually('an answer', async () => (await stranger.get<History>(`/rooms/${id}/messages`)).items.find(({ senderId }) => senderId === items[0]!.id), LIVE_TIMEOUT_MS);
    expect(answered!.content).toMatch(/^\w/);
    const edits = async () => (await database.query<{ edits: number }>(`SELECT count(*)::int AS edits FROM journal WHERE type = 'op-patch'`)).rows[0]!.edits;
    await eventually('somebody edits a page', async () => (await edits()) > 0, LIVE_TIMEOUT_MS);
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);
    expect(await actsOfGuests(), 'of whom visitors are told to be').toEqual(before);
    expect(await errors).toBe('');
  });

  it('does not touch the account of somebody else who has one of the names', async () => {
    const other = await startProduct();
    try {
      await new Api(other.url).post('/auth/register', { email: 'tom@example.org', username: 'Tom', password: 'another password' });
      const { code, output } = await runDemo('--url', other.url);
      expect(code).toBe(1);
      expect(output).toContain('with another password');
    } finally {
      await other.stop();
    }
  });
});
