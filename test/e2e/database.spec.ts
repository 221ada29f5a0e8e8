import { afterEach, describe, expect, it } from 'vitest';
import type { EntriesAnswer } from '../../src/protocol/entries.js';
import type { History } from '../../src/protocol/messages.js';
import { Crowd, type Person } from '../support/client.js';
import { createDatabase, execute, type TestDatabase } from '../support/database.js';
import { query } from '../support/journal-node.js';
import { endPrograms, JWT_SECRET, type Program, runProgram } from '../support/program.js';

/** Legal, and other than what PostgreSQL comes with. */
const DEFAULTS = {
  datestyle: `'SQL, DMY'`,
  intervalstyle: 'sql_standard',
  timezone: `'Asia/Kolkata'`,
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  default_transaction_isolation: `'repeatable read'`,
  default_transaction_deferrable: 'on',
  synchronous_commit: 'off',
  statement_timeout: `'200ms'`,
  lock_timeout: `'10ms'`,
  idle_in_transaction_session_timeout: `'200ms'`,
  idle_session_timeout: `'1s'`,
};
const JOINS = 72;

const databases: TestDatabase[] = [];

async function freshDatabase(options = ''): Promise<TestDatabase & { name: string }> {
  const database = await createDatabase(options);
  databases.push(database);
  return { ...database, name: /\/(\w+)(?:\?|$)/.exec(database.url)![1]! };
}

afterEach(async () => {
  await endPrograms();
  for (const database of databases.splice(0)) await database.drop();
});

const start = (url: string, more: Record<string, string> = {}) => runProgram({ NODE_ENV: 'test', DATABASE_URL: url, JWT_SECRET, RATE_LIMITS: 'off', ...more });

async function refusal(program: Program, exitCode: number): Promise<string> {
  expect(await program.ended, program.output()).toBe(exitCode);
  expect(program.output()).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return program.output();
}

/** Told by the database as a moment within this test, whatever its time zone and the order of days and months. */
const isNow = (time: string | null | undefined) => Math.abs(Date.parse(time ?? '') - Date.now()) < 5 * 60_000;

describe('a database with other defaults', () => {
  it('serves accounts, conversations and pages as any other, on every node', async () => {
    const { url, name } = await freshDatabase();
    await execute(url, Object.entries(DEFAULTS).map(([setting, value]) => `ALTER DATABASE ${name} SET ${setting} = ${value}`).join('; '));
    const programs = [start(url, { BUS: 'postgres' }), start(url, { BUS: 'postgres' })];
    const [here, there] = [new Crowd(await programs[0]!.ready), await programs[1]!.ready];
    const [ada, bob] = await here.group('ada', 'bob');
    const sessions = await ada.get<{ items: { createdAt: string }[] }>('/auth/sessions');
    expect(sessions.items.map(({ createdAt }) => isNow(createdAt))).toEqual([true]);

    await expectConversation(ada, bob, there);
    await expectPage(ada);
    for (const program of programs) expect(program.log().filter(({ level }) => (level as number) >= 50)).toEqual([]);
  });
});

async function expectConversation(ada: Person, bob: Person, otherNode: string): Promise<void> {
  const { id: roomId } = await ada.post<{ id: string }>('/rooms', { name: 'Defaults' });
  const crowd = new Crowd(otherNode);
  const joining = await Promise.all(Array.from({ length: JOINS }, (_, i) => crowd.person(`joins-${i}`)));
  const joined = await Promise.all(joining.map((person) => person.call('POST', `/rooms/${roomId}/join`, { body: {} })));
  expect(joined.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  await bob.post(`/rooms/${roomId}/join`, {});
  const socket = await bob.connect();
  await socket.ask('room-join', { roomId });
  const text = String.raw`a \ backslash, a 'quote', NULL, {NULL}, 你好 é`;
  await ada.post(`/rooms/${roomId}/messages`, { clientMsgId: 'one', content: text });
  const arrived = await socket.event<{ content: string; at: string }>('new-message');
  expect([arrived.content, isNow(arrived.at)]).toEqual([text, true]);
  const { items } = await bob.get<History>(`/rooms/${roomId}/messages`);
  expect(items.map(({ content, createdAt }) => [content, isNow(createdAt)])).toEqual([[text, true]]);
  await bob.post(`/rooms/${roomId}/read`, { seq: items[0]!.seq });
  const { items: receipts } = await ada.get<{ items: { userId: string; readAt: string }[] }>(`/rooms/${roomId}/messages/${items[0]!.seq}/receipts`);
  expect(receipts.filter(({ userId }) => userId === bob.id).map(({ readAt }) => isNow(readAt))).toEqual([true]);
  const entries = await ada.get<EntriesAnswer>(`/rooms/${roomId}/entries?after=0&limit=200`);
  expect('entries' in entries && entries.entries.every(({ at }) => isNow(at))).toBe(true);
  socket.close();
}

async function expectPage(ada: Person): Promise<void> {
  const { pageId, schema } = await ada.post<{ pageId: string; schema: { rootId: string } }>('/pages', { title: 'Défauts 你好' });
  const body = [{ op: 'add', path: `/components/${schema.rootId}/props/size`, value: 0.1 + 0.2 }];
  const patched = await ada.call<{ version: number }>('PATCH', `/pages/${pageId}`, { body, headers: { 'content-type': 'application/json-patch+json' } });
  expect(patched).toMatchObject({ status: 200, body: { version: 1 } });
  const page = await ada.get<{ schema: { components: Record<string, { props: { size: number } }> }; updatedAt: string }>(`/pages/${pageId}`);
  expect([page.schema.components[schema.rootId]!.props.size, isNow(page.updatedAt)]).toEqual([0.1 + 0.2, true]);
  const { items } = await ada.get<{ items: { at: string }[] }>(`/pages/${pageId}/history`);
  expect(items.length).toBeGreaterThan(0);
  expect(items.every(({ at }) => isNow(at))).toBe(true);
}

describe('a database that cannot be worked with is refused with a sentence', () => {
  it('when it stores text as something other than UTF-8', async () => {
    const { url, name } = await freshDatabase(`ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'`);
    const said = await refusal(start(url), 78);
    expect(said).toContain(`The database ${name} stores text as LATIN1`);
    expect(said).toContain(`ENCODING 'UTF8'`);
  });

  it('when its role looks into schemas that do not exist', async () => {
    const { url, name } = await freshDatabase();
    await execute(url, `ALTER DATABASE ${name} SET search_path = nowhere`);
    expect(await refusal(start(url), 78)).toMatch(/None of the schemas[^]*search_path: nowhere/);
  });

  it('when its role may not create tables', async () => {
    const { url, name } = await freshDatabase();
    const role = `role_${name}`;
    await execute(url, `CREATE ROLE ${role} LOGIN PASSWORD 'x'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    try {
      const said = await refusal(start(url.replace(/\/\/[^@]*@/, `//${role}:x@`)), 78);
      expect(said).toMatch(/could not be set up: permission denied[^]*GRANT CREATE/);
    } finally {
      await execute(url, `DROP ROLE ${role}`);
    }
  });

  it('when it is read-only, which may pass', async () => {
    const { url, name } = await freshDatabase();
    await execute(url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    expect(await refusal(start(url), 1)).toMatch(/is read-only[^]*default_transaction_read_only/);
    expect(await query(url, `SELECT to_regclass('migrations') AS found`)).toEqual([{ found: null }]);
  });
});

it('a schema of its own, asked for in the URL or by the role, holds everything', async () => {
  const { url } = await freshDatabase();
  await execute(url, 'CREATE SCHEMA atrium');
  const own = `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c search_path=atrium')}`;
  const program = start(own, { BUS: 'postgres' });
  const ada = await new Crowd(await program.ready).person('ada');
  const { id: roomId } = await ada.post<{ id: string }>('/rooms', { name: 'Schema' });
  await ada.post(`/rooms/${roomId}/messages`, { clientMsgId: 'one', content: 'here' });
  expect(await query(url, `SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname IN ('public', 'atrium')`)).toEqual([{ schemaname: 'atrium' }]);
});
