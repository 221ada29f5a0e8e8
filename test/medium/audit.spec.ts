import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { SessionsService } from '../../src/modules/auth/sessions.service.js';
import { UsersService } from '../../src/modules/users/users.service.js';
import { Audit } from '../../src/platform/audit/audit.js';
import { Refusals } from '../../src/platform/audit/refusals.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { asCaller, type Caller } from '../../src/platform/identity/caller.js';
import { AUDIT, type AuditAction, type AuditEvent, AuditQuery } from '../../src/protocol/audit.js';
import { createDatabase, execute } from '../support/database.js';
import { query } from '../support/journal-node.js';
import { startApp, type TestApp } from '../support/module.js';

let t: TestApp;
let audit: Audit;
let users = 0;

beforeAll(async () => {
  t = await startApp({ imports: [AuthModule] });
  audit = t.app.get(Audit);
});
afterAll(() => t.close());

const list = async (filters: object = {}): Promise<AuditEvent[]> => (await audit.list(AuditQuery.parse({ limit: '200', ...filters }))).items;
const actionsOn = async (target: string): Promise<AuditAction[]> => (await list({ target })).map(({ action }) => action);
const caller = (userId: string | null, more: Partial<Caller> = {}): Caller => ({ userId, requestId: randomUUID(), address: '203.0.113.7', userAgent: 'Tester/1', ...more });
const register = () => t.register(`user${users++}`);

describe('an event', () => {
  it('says who, what, to whom, in which request, and from where', async () => {
    const [admin, { user }] = [await register(), await register()];
    const by = caller(admin.user.id);
    await asCaller(by, () => t.app.get(UsersService).updateAsAdmin(user.id, { status: 'suspended', isAdmin: false }));
    const [event, ...others] = await list({ target: user.id, action: 'user.status-changed' });
    expect(others).toEqual([]);
    expect(event).toEqual({
      id: expect.any(String) as string,
      at: expect.any(String) as string,
      action: 'user.status-changed',
      actorKind: 'user',
      actorId: admin.user.id,
      target: { kind: 'user', id: user.id },
      channelId: null,
      requestId: by.requestId,
      detail: { from: 'active', to: 'suspended' },
      device: { address: by.address, userAgent: by.userAgent },
      deviceErased: false,
    });
    // What stays as it was is no change.
    expect(await actionsOn(user.id)).toEqual(['user.status-changed', 'user.registered']);
  });

  it('is there exactly if the change is: none of what was rolled back or refused', async () => {
    const name = `user${users++}`;
    const id = await t.db
      .transaction(async (tx) => {
        const user = await t.app.get(UsersService).create({ email: `${name}@example.org`, username: name, passwordHash: null }, tx);
        expect(await tx.rows('SELECT action FROM audit_events WHERE target_id = $1', [user.id])).toEqual([{ action: 'user.registered' }]);
        throw Object.assign(new Error('the commit does not come'), { id: user.id });
      })
      .catch((error: { id: string }) => error.id);
    expect(await actionsOn(id)).toEqual([]);

    const { user, refreshToken } = await t.register(name);
    expect((await t.request('POST', '/auth/login', { body: { login: name, password: 'wrong' } })).status).toBe(401);
    const sessions = () => list({ actor: user.id, action: 'session.created' });
    expect((await sessions()).map(({ target }) => target!.id)).toEqual([refreshToken.split('.')[0]]);
    await expect(t.app.get(SessionsService).revoke(randomUUID(), user.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await list({ actor: user.id, action: 'session.ended' })).toEqual([]);
  });

  it('of a session: how it begins and ends, once', async () => {
    const { user, refreshToken } = await register();
    const sessionId = refreshToken.split('.')[0]!;
    for (let n = 0; n < 2; n++) await t.request('POST', '/auth/logout', { body: { refreshToken } });
    const events = await list({ target: sessionId });
    expect(events.map(({ action, actorId, detail }) => ({ action, actorId, detail }))).toEqual([
      { action: 'session.ended', actorId: user.id, detail: { reason: 'logout' } },
      { action: 'session.created', actorId: user.id, detail: {} },
    ]);
    expect(events[0]!.device).toEqual({ address: '127.0.0.1', userAgent: 'lightMyRequest' });
  });

  it('of a refresh token that is used twice: nobody knows by whom, but from where', async () => {
    const { user, refreshToken } = await register();
    const refresh = (token: string, agent: string) => t.request<{ refreshToken: string }>('POST', '/auth/refresh', { body: { refreshToken: token }, headers: { 'user-agent': agent }, ip: '198.51.100.9' });
    const { body: next } = await refresh(refreshToken, 'Owner');
    await refresh(next.refreshToken, 'Owner');
    expect((await refresh(refreshToken, 'Thief')).status).toBe(401);
    expect((await list({ target: user.id, action: 'session.reuse-detected' })).map(({ actorKind, actorId, detail, device }) => ({ actorKind, actorId, detail, device }))).toEqual([
      { actorKind: 'anonymous', actorId: null, detail: { sessionId: refreshToken.split('.')[0] }, device: { address: '198.51.100.9', userAgent: 'Thief' } },
    ]);
  });

  it('of the server itself has no actor and no device, whoever has given occasion', async () => {
    const { user } = await register();
    await asCaller(caller(user.id), () => t.db.transaction((tx) => audit.record(tx, 'room.member.role-changed', { actorId: null, targetId: user.id, detail: { from: 'admin', to: 'owner' } })));
    expect((await list({ target: user.id, action: 'room.member.role-changed' })).map(({ actorKind, actorId, device }) => ({ actorKind, actorId, device }))).toEqual([{ actorKind: 'server', actorId: null, device: null }]);
  });

  it('has details of its kind and no others, and a bounded size', async () => {
    for (const { action, detail } of await list()) expect(AUDIT[action].detail.safeParse(detail).error?.issues ?? [], action).toEqual([]);
    const { user } = await register();
    const long = { reason: 'x'.repeat(3_000), count: 1 };
    await expect(t.db.transaction((tx) => audit.record(tx, 'login.refused' as never, { targetId: user.id, detail: long as never }))).rejects.toThrow(/check constraint/);
  });
});

describe('the list', () => {
  it('is in order, newest first, and every filter and page of it is complete', async () => {
    const [one, other] = [await register(), await register()];
    const channelId = randomUUID();
    for (const actor of [one, other, one, other, one]) {
      await asCaller(caller(actor.user.id), () => t.db.transaction((tx) => audit.record(tx, 'room.member.kicked', { targetId: other.user.id, channelId })));
    }
    const inChannel = await list({ channel: channelId });
    expect(inChannel.map(({ actorId }) => actorId)).toEqual([one, other, one, other, one].map(({ user }) => user.id));
    expect(inChannel.map(({ at }) => at)).toEqual([...inChannel.map(({ at }) => at)].sort().reverse());
    const pages: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await audit.list(AuditQuery.parse({ channel: channelId, actor: one.user.id, limit: '2', ...(cursor && { cursor }) }));
      pages.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(inChannel.filter(({ actorId }) => actorId === one.user.id).map(({ id }) => id));
    const { at } = inChannel[2]!;
    const [since, until] = [await list({ channel: channelId, since: at }), await list({ channel: channelId, until: at })];
    expect([...since, ...until].map(({ id }) => id)).toEqual(inChannel.map(({ id }) => id));
    expect(until.every((event) => event.at < at)).toBe(true);
  });

  it('finds the page of each filter by an index, in order', async () => {
    const filters = { actor: randomUUID(), target: randomUUID(), channel: randomUUID(), action: 'room.created' };
    const client = new pg.Client(t.databaseUrl);
    await client.connect();
    try {
      // What the planner would do with many rows.
      await client.query('SET enable_seqscan = off; SET enable_sort = off');
      for (const [filter, value] of Object.entries(filters)) {
        const column = filter === 'action' ? 'action' : `${filter}_id`;
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN SELECT * FROM audit_events WHERE ${column} = '${value}' AND at < now() ORDER BY at DESC, id DESC LIMIT 51`);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toContain(`Index Scan Backward using audit_events_by_${filter}`);
        expect(plan).not.toContain('Sort');
      }
    } finally {
      await client.end();
    }
  });
});

describe('a person who is erased', () => {
  it('leaves the events, without from where; another one keeps theirs', async () => {
    const [{ user }, other] = [await register(), await register()];
    await t.db.transaction((tx) => audit.erasePerson(tx, user.id));
    expect(await query(t.databaseUrl, 'SELECT 1 FROM audit_keys WHERE user_id = $1', [user.id])).toEqual([]);
    const events = await list({ actor: user.id });
    expect(events.map(({ action, device, deviceErased }) => ({ action, device, deviceErased }))).toEqual([
      { action: 'session.created', device: null, deviceErased: true },
      { action: 'user.registered', device: null, deviceErased: true },
    ]);
    expect((await list({ actor: other.user.id })).map(({ device, deviceErased }) => [device?.address, deviceErased])).toEqual([['127.0.0.1', false], ['127.0.0.1', false]]);
  });

  it('cannot be read out of the table: neither address nor device stands there in plain', async () => {
    const { user } = await register();
    const [row] = await query<{ text: string; device: Buffer }>(t.databaseUrl, `SELECT e::text AS text, device FROM audit_events e WHERE actor_id = $1 AND action = 'session.created'`, [user.id]);
    expect(row!.text).not.toContain('127.0.0.1');
    for (const plain of ['127.0.0.1', 'lightMyRequest']) expect(row!.device.includes(plain)).toBe(false);
  });

  it('gets a new key when something is recorded of them after all, which opens nothing of before', async () => {
    const { user } = await register();
    await t.db.transaction((tx) => audit.erasePerson(tx, user.id));
    await asCaller(caller(user.id), () => t.db.transaction((tx) => audit.record(tx, 'room.deleted', { targetId: randomUUID() })));
    expect((await list({ actor: user.id })).map(({ action, device, deviceErased }) => [action, device?.address, deviceErased])).toEqual([
      ['room.deleted', '203.0.113.7', false],
      ['session.created', undefined, true],
      ['user.registered', undefined, true],
    ]);
  });
});

describe('what is recorded', () => {
  const changes = [`UPDATE audit_events SET action = 'forged'`, 'DELETE FROM audit_events', 'TRUNCATE audit_events'];

  it.each(changes)('stays, whoever asks for %s, a superuser too', async (change) => {
    await register();
    const before = await list();
    expect(before.length).toBeGreaterThan(0);
    await expect(query(t.databaseUrl, change)).rejects.toThrow('the audit log is append-only');
    await expect(query(t.databaseUrl, `SET session_replication_role = replica; ${change}`)).rejects.toThrow('the audit log is append-only');
    expect(await list()).toEqual(before);
  });

  it('may not be changed by the role of the application, though it owns the table; nor by one that default privileges would let', async () => {
    const [owner, reader] = [`owner_${users}`, `reader_${users++}`];
    await execute(inject('postgresUrl'), `CREATE ROLE ${owner} LOGIN PASSWORD 'x'; CREATE ROLE ${reader} LOGIN PASSWORD 'x'`);
    const database = await createDatabase(`OWNER ${owner}`);
    try {
      const urlOf = (role: string) => database.url.replace(/\/\/[^@]*@/, `//${role}:x@`);
      await execute(urlOf(owner), `ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${reader}`);
      await migrate(urlOf(owner), { log: () => undefined });
      for (const role of [owner, reader]) for (const change of changes) await expect(query(urlOf(role), change)).rejects.toThrow(/permission denied for table audit_events/);
      const rights = await query(database.url, `SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege WHERE has_table_privilege($1, 'audit_events', privilege)`, [owner]);
      expect(rights).toEqual([{ privilege: 'SELECT' }, { privilege: 'INSERT' }]);
      // The owner can take the right back, and then meets the trigger.
      await query(urlOf(owner), `GRANT ALL ON audit_events TO ${owner}`);
      for (const change of changes) await expect(query(urlOf(owner), change)).rejects.toThrow('the audit log is append-only');
    } finally {
      await database.drop();
      await execute(inject('postgresUrl'), `DROP ROLE ${owner}; DROP ROLE ${reader}`);
    }
  });
});

describe('refusals of strangers', () => {
  const refusals = () => list({ action: 'login.refused' });

  it('become one event for each reason, however many there are', async () => {
    const { user } = await register();
    await t.app.get(Refusals).record();
    const before = await refusals();
    const login = (name: string) => t.request('POST', '/auth/login', { body: { login: name, password: 'wrong' } });
    for (const name of ['nobody', user.username, user.username, 'no-one', user.username]) expect((await login(name)).status).toBe(401);
    await Promise.all([t.app.get(Refusals).record(), t.app.get(Refusals).record()]);
    const found = (await refusals()).slice(0, -before.length || undefined);
    expect(found.map(({ detail }) => detail).sort((a, b) => Number(a['count']) - Number(b['count']))).toEqual([{ reason: 'unknown-user', count: 2 }, { reason: 'wrong-password', count: 3 }]);
    expect(found.every(({ actorKind, actorId, target, device }) => actorKind === 'anonymous' && actorId === null && target === null && device === null)).toBe(true);
    await t.app.get(Refusals).record();
    expect(await refusals()).toHaveLength(before.length + 2);
  });

  it('are recorded later when the database did not take them, and at the end of the process', async () => {
    const other = await startApp({ imports: [AuthModule] });
    try {
      const login = () => other.request('POST', '/auth/login', { body: { login: 'nobody', password: 'wrong' } });
      await login();
      await query(other.databaseUrl, 'ALTER TABLE audit_events RENAME TO away');
      await other.app.get(Refusals).record();
      await login();
      await query(other.databaseUrl, 'ALTER TABLE away RENAME TO audit_events');
      await other.app.close();
      expect(await query(other.databaseUrl, `SELECT detail FROM audit_events WHERE action = 'login.refused'`)).toEqual([{ detail: { reason: 'unknown-user', count: 2 } }]);
    } finally {
      await other.close();
    }
  });
});
