import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/protocol/errors.js';
import type { User } from '../../src/protocol/users.js';
import { Crowd, type Person } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { query } from '../support/journal-node.js';
import { type Product, startProduct } from '../support/product.js';
import { Server } from '../support/server.js';

const COMMAND = join(import.meta.dirname, '..', '..', 'dist', 'src', 'admin.js');
const SECRET = 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA';
const LINK = /(http:\/\/\S+)\/setup#([A-Za-z0-9_-]{43})$/m;

const claim = (person: Person, token: string) => person.call<Problem | undefined>('POST', '/auth/claim-admin', { body: { token } });
const isAdmin = async (person: Person) => (await person.get<User>('/auth/me')).isAdmin;
const refusalOf = ({ status, body }: { status: number; body: Problem | undefined }) => [status, body?.code, body?.errors?.[0]?.message];

async function runCommand(env: Record<string, string>, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  return { code, output: output + errors };
}

function expectFailure({ code, output }: { code: number; output: string }, expected: number, text: string): void {
  expect(code, output).toBe(expected);
  expect(output).toContain(text);
}

describe('a server without an administrator', () => {
  let database: TestDatabase;
  let here: Server;
  let there: Server;
  let crowd: Crowd;
  const tokenOf = (server: Server) => LINK.exec(server.output)![2]!;
  beforeAll(async () => {
    database = await createDatabase();
    const env = { DATABASE_URL: database.url, BUS: 'postgres', JWT_SECRET: SECRET };
    [here, there] = await Promise.all([Server.start(env), Server.start({ ...env, PUBLIC_URL: 'http://atrium.test/team/' })]);
    crowd = new Crowd(here.url);
    // Printed right after what the start is waited for.
    for (const server of [here, there]) await eventually('the link', () => LINK.test(server.output));
  });
  afterAll(async () => {
    await Promise.all([here, there].map((server) => server?.remove()));
    await database.drop();
  });

  it('prints a link at the start, on each node; only the hash of its token is stored', async () => {
    expect(LINK.exec(here.output)![1]).toBe(`http://localhost:${here.port}`);
    expect(LINK.exec(there.output)![1]).toBe('http://atrium.test/team');
    const rows = await query<{ row: string; length: number; hours: number }>(database.url, `SELECT c::text AS row, octet_length(token_hash) AS length, extract(epoch FROM expires_at - created_at)::int / 3600 AS hours FROM admin_claims c`);
    expect(rows.map(({ length, hours }) => [length, hours])).toEqual([[32, 24], [32, 24]]);
    for (const token of [tokenOf(here), tokenOf(there)]) expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('takes the first to come, of many at once by the links of both nodes', async () => {
    const ada = await crowd.person('ada');
    expect(refusalOf(await claim(ada, 'x'.repeat(43)))).toEqual([404, 'NOT_FOUND', undefined]);
    await query(database.url, `UPDATE admin_claims SET expires_at = now() - interval '1 minute'`, []);
    expect(refusalOf(await claim(ada, tokenOf(here)))).toEqual([403, 'PERMISSION_DENIED', 'has expired']);
    await query(database.url, `UPDATE admin_claims SET expires_at = now() + interval '1 day'`, []);
    expect(await isAdmin(ada)).toBe(false);

    const people = await crowd.group('b', 'c', 'd', 'e', 'f', 'g');
    const answers = await Promise.all(people.map((person, i) => claim(person, tokenOf(i % 2 ? here : there))));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403, 403, 409, 409, 409]);
    const admins = await query<{ id: string }>(database.url, 'SELECT id FROM users WHERE is_admin', []);
    const winner = people[answers.findIndex(({ status }) => status === 204)]!;
    expect(admins).toEqual([{ id: winner.id }]);
    expect(await query(database.url, `SELECT actor_id, target_id, detail FROM audit_events WHERE action = 'user.admin-changed'`, [])).toEqual([{ actor_id: winner.id, target_id: winner.id, detail: { from: false, to: true } }]);
    // Whoever has used one link is told so, and nothing is open any more.
    const wonBy = people.indexOf(winner) % 2 ? here : there;
    expect((await claim(winner, tokenOf(wonBy))).status).toBe(204);
    expect(refusalOf(await claim(ada, tokenOf(wonBy)))).toEqual([403, 'PERMISSION_DENIED', 'has been used']);
    expect(refusalOf(await claim(ada, tokenOf(wonBy === here ? there : here)))).toEqual([409, 'ALREADY_EXISTS', undefined]);
    expect(await query(database.url, 'SELECT id FROM users WHERE is_admin', [])).toEqual(admins);
  });

  it('prints none once there is one', async () => {
    const third = await Server.start({ DATABASE_URL: database.url, BUS: 'postgres', JWT_SECRET: SECRET });
    expect(third.output).not.toContain('/setup#');
    await third.remove();
  });
});

describe('a claim', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ RATE_LIMITS: 'on' });
  });
  afterAll(() => product.stop());

  it('needs a sign-in, a body that is one, and is not tried again and again', async () => {
    const ada = await new Crowd(product.url).person('ada');
    expect((await fetch(`${product.url}/api/v1/auth/claim-admin`, { method: 'POST', body: JSON.stringify({ token: await product.adminToken() }), headers: { 'content-type': 'application/json' } })).status).toBe(401);
    for (const body of [{}, { token: '' }, { token: 'x'.repeat(513) }, { token: 1 }, { token: 'x', more: 1 }]) expect((await ada.call('POST', '/auth/claim-admin', { body })).status).toBe(400);
    const codes = [];
    for (let i = 0; i < 12; i++) codes.push((await claim(ada, 'x'.repeat(43))).body?.code);
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('NOT_FOUND'));
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });
});

describe('npm run admin', () => {
  let server: Server;
  let ada: Person;
  let bob: Person;
  const run = (...args: string[]) => runCommand({ DATA_DIR: server.dataDir }, ...args);
  beforeAll(async () => {
    server = await Server.start();
    [ada, bob] = await new Crowd(server.url).group('ada', 'bob');
  });
  afterAll(() => server.remove());

  it('makes and unmakes administrators beside a running server, by username or e-mail address, but not the last one', async () => {
    expect(await run(ada.user.username.toUpperCase())).toEqual({ code: 0, output: 'ADA-1 is an administrator now.\n' });
    expect(await isAdmin(ada)).toBe(true);
    expect(await run('ada-1')).toEqual({ code: 0, output: 'ada-1 is an administrator already.\n' });
    expectFailure(await run('ada-1', '--revoke'), 1, 'the only active administrator');
    expect((await run(bob.user.email)).code).toBe(0);
    expect(await run('--revoke', 'ada-1')).toEqual({ code: 0, output: 'ada-1 is no administrator any more.\n' });
    expect([await isAdmin(ada), await isAdmin(bob)]).toEqual([false, true]);
  });

  it('says what is wrong', async () => {
    expectFailure(await run('nobody'), 1, 'There is no user nobody');
    await bob.patch(`/admin/users/${ada.id}`, { status: 'suspended' });
    expectFailure(await run('ada-1'), 1, 'not active');
    for (const args of [[], ['a', 'b'], ['--force', 'a']]) expectFailure(await run(...args), 64, 'Usage: npm run admin');
    expectFailure(await runCommand({ DATA_DIR: join(server.dataDir, 'nothing') }, 'ada-1'), 1, 'Start the server once');
    expectFailure(await runCommand({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }, 'ada-1'), 1, 'cannot be reached');
    expect(await runCommand({ DATABASE_URL: 'nonsense' }, 'ada-1')).toMatchObject({ code: 78 });
  });

  it('works while the server is stopped, and with a database of its own', async () => {
    await server.end('SIGTERM');
    expect((await run('bob-2', '--revoke')).code).toBe(1);
    expect(await run('bob-2')).toEqual({ code: 0, output: 'bob-2 is an administrator already.\n' });
    await server.launch();
    expect(await isAdmin(bob)).toBe(true);

    const product = await startProduct();
    const cleo = await new Crowd(product.url).person('cleo');
    expect((await runCommand({ DATABASE_URL: product.databaseUrl }, 'cleo-1')).code).toBe(0);
    expect(await isAdmin(cleo)).toBe(true);
    await product.stop();
  });

  it('says so when the database is not set up', async () => {
    const empty = await createDatabase();
    expectFailure(await runCommand({ DATABASE_URL: empty.url }, 'ada-1'), 1, 'not set up for this version');
    await empty.drop();
  });
});
