import { JwtService } from '@nestjs/jwt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AccessTokens } from '../../src/modules/auth/access-tokens.js';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { Problem } from '../../src/protocol/errors.js';
import { SessionsRepository } from '../../src/modules/auth/sessions.repository.js';
import { SocketAuthenticator } from '../../src/platform/realtime/identity.js';
import { JWT_SECRET, startApp, type TestApp } from '../support/module.js';

/** Refresh tokens (docs: Security, "refresh"). */
describe('refresh', () => {
  let t: TestApp;
  let users = 0;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
  });
  afterAll(() => t.close());

  const signIn = () => t.register(`user${users++}`);
  const refresh = (refreshToken: string) => t.request<Tokens & Problem>('POST', '/auth/refresh', { body: { refreshToken } });
  const me = async ({ accessToken }: Tokens) => (await t.request('GET', '/auth/me', { token: accessToken })).status;
  const sessionOf = ({ refreshToken }: Tokens) => refreshToken.split('.')[0]!;
  /** As if the last rotation had happened earlier. */
  const age = (tokens: Tokens, seconds: number) =>
    t.db.rows(`UPDATE sessions SET rotated_at = rotated_at - $2 * interval '1 second' WHERE id = $1`, [sessionOf(tokens), seconds]);
  const revokedReason = async (tokens: Tokens) =>
    (await t.db.rows<{ revoked_reason: string | null }>('SELECT revoked_reason FROM sessions WHERE id = $1', [sessionOf(tokens)]))[0]!.revoked_reason;

  it('rotates: every answer has a new token, and the session goes on', async () => {
    const first = await signIn();
    let current = first;
    const seen = new Set([first.refreshToken]);
    for (let n = 0; n < 4; n++) {
      const { status, body } = await refresh(current.refreshToken);
      expect(status).toBe(200);
      expect(body.user).toEqual(first.user);
      expect(sessionOf(body)).toBe(sessionOf(first));
      expect(seen.has(body.refreshToken)).toBe(false);
      seen.add(body.refreshToken);
      current = body;
    }
    expect(await me(current)).toBe(200);
  });

  it('gives the same again when the answer was lost, however late it is asked for', async () => {
    const first = await signIn();
    const lost = (await refresh(first.refreshToken)).body;
    for (const seconds of [11, 3_600, 86_400]) {
      await age(lost, seconds);
      const again = await refresh(first.refreshToken);
      expect([again.status, again.body.refreshToken]).toEqual([200, lost.refreshToken]);
    }
    // The old access token is no sign that the answer has arrived.
    expect(await me(first)).toBe(200);
    const { status, body } = await refresh(first.refreshToken);
    expect([status, await me(body)]).toEqual([200, 200]);
    expect((await refresh(body.refreshToken)).status).toBe(200);
    expect(await revokedReason(first)).toBeNull();
  });

  it.each<[string, (second: Tokens) => Promise<unknown>]>([
    ['the access token that came with its successor has been used', async (second) => expect(await me(second)).toBe(200)],
    ['that access token has been used on a socket', (second) => t.app.get(SocketAuthenticator).authenticate(second.accessToken)],
    ['its successor has been used', async ({ refreshToken }) => expect((await refresh(refreshToken)).status).toBe(200)],
  ])('revokes the session when a token is presented again after %s', async (_, use) => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    await use(second);
    const before = t.revocations.length;
    expect(await refresh(first.refreshToken)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await revokedReason(first)).toBe('reuse');
    expect(t.revocations.slice(before)).toEqual([{ userId: first.user.id, sessionId: sessionOf(first), reason: 'reuse' }]);
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect(await me(second)).toBe(401);
  });

  it('counts the use of any access token that came with the successor, the first as well as a repeated one', async () => {
    for (const pick of [0, 1]) {
      const first = await signIn();
      const answers = [(await refresh(first.refreshToken)).body, (await refresh(first.refreshToken)).body];
      expect(await me(answers[pick]!)).toBe(200);
      expect((await refresh(first.refreshToken)).status).toBe(401);
      expect(await revokedReason(first)).toBe('reuse');
    }
  });

  it('notes the use of an access token once for each refresh, and not for each request', async () => {
    const first = await signIn();
    const noteUse = vi.spyOn(t.app.get(SessionsRepository), 'noteUse');
    await Promise.all(Array.from({ length: 5 }, () => me(first)));
    expect(noteUse).not.toHaveBeenCalled();
    const second = (await refresh(first.refreshToken)).body;
    await Promise.all(Array.from({ length: 5 }, () => me(second)));
    await me(second);
    expect(noteUse).toHaveBeenCalledTimes(1);
    noteUse.mockRestore();
  });

  it('is the same on every node, and after a restart', async () => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    const other = await startApp({ imports: [AuthModule] }, {}, t.databaseUrl);
    try {
      const elsewhere = (refreshToken: string) => other.request<Tokens & Problem>('POST', '/auth/refresh', { body: { refreshToken } });
      // That node remembers the session as it was before the refresh.
      expect((await other.request('GET', '/auth/me', { token: first.accessToken })).status).toBe(200);
      expect((await elsewhere(first.refreshToken)).body.refreshToken).toBe(second.refreshToken);
      const third = (await refresh(second.refreshToken)).body;
      expect((await elsewhere(second.refreshToken)).body.refreshToken).toBe(third.refreshToken);
      expect((await other.request('GET', '/auth/me', { token: third.accessToken })).status).toBe(200);
      expect((await refresh(second.refreshToken)).status).toBe(401);
      expect(await revokedReason(first)).toBe('reuse');
    } finally {
      await other.close();
    }
  });

  it('goes on for whoever holds tokens of before there were generations', async () => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    const { iat: _iat, gen: _gen, ...claims } = t.app.get(AccessTokens).verify(second.accessToken) as Record<string, unknown>;
    const old = { ...second, accessToken: new JwtService().sign(claims, { secret: JWT_SECRET, algorithm: 'HS256' }) };
    expect(await me(old)).toBe(200);
    expect((await refresh(first.refreshToken)).body.refreshToken).toBe(second.refreshToken);
  });

  it('revokes the session when any older token is used', async () => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    const third = (await refresh(second.refreshToken)).body;
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect(await revokedReason(first)).toBe('reuse');
    expect((await refresh(third.refreshToken)).status).toBe(401);
  });

  it('gives two who ask one after the other the same, and both go on', async () => {
    const first = await signIn();
    const tabA = (await refresh(first.refreshToken)).body;
    const tabB = (await refresh(first.refreshToken)).body;
    expect(tabB.refreshToken).toBe(tabA.refreshToken);
    expect([await me(tabA), await me(tabB)]).toEqual([200, 200]);
    const next = (await refresh(tabA.refreshToken)).body;
    expect((await refresh(tabB.refreshToken)).body.refreshToken).toBe(next.refreshToken);
    expect(await revokedReason(first)).toBeNull();
  });

  it('leaves everyone with a working session when many refresh at once', async () => {
    const first = await signIn();
    let current = [first.refreshToken];
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => refresh(current[n % current.length]!)));
      expect(answers.map((a) => a.status)).toEqual(Array(8).fill(200));
      current = [...new Set(answers.map((a) => a.body.refreshToken))];
    }
    for (const token of current) expect((await refresh(token)).status).toBe(200);
  });

  it('is not burnt by a wrong secret', async () => {
    const tokens = await signIn();
    const [id, secret, proof] = tokens.refreshToken.split('.') as [string, string, string];
    const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    const other = await signIn();
    const [otherId, otherSecret, otherProof] = other.refreshToken.split('.') as [string, string, string];
    const guesses = [
      `${id}.${flip(secret)}.${proof}`,
      `${id}.${flip(secret)}.${flip(proof)}`,
      `${id}.${otherSecret}.${otherProof}`,
      `${otherId}.${secret}.${proof}`,
      `${id}.${secret}`,
      `${id}..`,
      id,
      secret,
      `00000000-0000-7000-8000-000000000000.${secret}.${proof}`,
      'x',
      tokens.accessToken.slice(0, 512),
    ];
    for (const guess of guesses) {
      expect(await refresh(guess), guess).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED', detail: 'The refresh token is not valid' } });
    }
    expect(await revokedReason(tokens)).toBeNull();
    expect(await revokedReason(other)).toBeNull();
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
  });

  it.each([[{}], [{ refreshToken: '' }], [{ refreshToken: ['x'] }], [{ refreshToken: 'x'.repeat(513) }], [{ refreshToken: 'x', more: 1 }]])(
    'refuses the body %j',
    async (body) => {
      expect((await t.request('POST', '/auth/refresh', { body })).status).toBe(400);
    },
  );

  it('ends with the session: expired, by age, suspended, deleted', async () => {
    for (const [change, reason] of [
      [`UPDATE sessions SET expires_at = now() WHERE id = $1`, null],
      [`UPDATE users SET status = 'suspended' WHERE id = (SELECT user_id FROM sessions WHERE id = $1)`, 'suspended'],
      [`UPDATE users SET deleted_at = now() WHERE id = (SELECT user_id FROM sessions WHERE id = $1)`, 'deleted'],
    ] as const) {
      const tokens = await signIn();
      await t.db.rows(change, [sessionOf(tokens)]);
      expect((await refresh(tokens.refreshToken)).status, change).toBe(401);
      expect(await me(tokens), change).toBe(401);
      expect(await revokedReason(tokens), change).toBe(reason);
    }
  });

  it('slides its expiry with use, but never beyond the absolute one', async () => {
    const tokens = await signIn();
    const id = sessionOf(tokens);
    const left = async () =>
      (await t.db.rows<{ days: number }>(`SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM sessions WHERE id = $1`, [id]))[0]!.days;
    expect(await left()).toBe(30);
    await t.db.rows(`UPDATE sessions SET expires_at = now() + interval '1 day' WHERE id = $1`, [id]);
    const second = (await refresh(tokens.refreshToken)).body;
    expect(await left()).toBe(30);
    await t.db.rows(`UPDATE sessions SET absolute_expires_at = now() + interval '2 days' WHERE id = $1`, [id]);
    await refresh(second.refreshToken);
    expect(await left()).toBe(2);
  });

  it('keeps the session of a user when the signing secret changes, although tokens cannot be proven any more', async () => {
    const tokens = await signIn();
    const other = await startApp({ imports: [AuthModule] }, { JWT_SECRET: 'another-s3cr3t-of-at-least-32-bytes!' }, t.databaseUrl);
    try {
      const { status, body } = await other.request<Tokens>('POST', '/auth/refresh', { body: { refreshToken: tokens.refreshToken } });
      expect(status).toBe(200);
      expect((await other.request('GET', '/auth/me', { token: body.accessToken })).status).toBe(200);
      expect((await other.request('GET', '/auth/me', { token: tokens.accessToken })).status).toBe(401);
    } finally {
      await other.close();
    }
  });
});
