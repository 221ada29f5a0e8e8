import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FanOut } from '../../journal/fan-out.js';
import type { JournalRepository } from '../../journal/journal.repository.js';
import { LocalBus } from '../../platform/bus/local.bus.js';
import type { Sql } from '../../platform/database/database.js';
import { RightsCache, rightsKey, type RightsQuestion, type VersionedRights } from './rights-cache.js';

interface Role extends VersionedRights {
  readonly role: string;
}

/** A query, as it reaches the database. */
class Query {
  readonly answers = Promise.withResolvers<Map<string, Role>>();
  constructor(
    readonly questions: readonly RightsQuestion[],
    readonly sql: Sql | undefined,
  ) {}

  /** Who is a member of what, as channel and user; the others have no rights. */
  answer(version: number, ...members: [channelId: string, userId: string][]): void {
    this.answers.resolve(new Map(members.map(([channelId, userId]) => [rightsKey(channelId, userId), { role: 'member', version }])));
  }
  get users(): string[] {
    return this.questions.map(({ userId }) => userId);
  }
}

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(36)) as [string, string, string];
const MEMBER = { role: 'member', version: 1 };

let fanOut: FanOut;
let queries: Query[];
let cache: RightsCache<Role>;

beforeEach(() => {
  const bus = new LocalBus();
  // Nothing is watched, so nothing is read.
  fanOut = new FanOut(bus, {} as JournalRepository);
  queries = [];
  const fetch = (questions: readonly RightsQuestion[], sql?: Sql) => {
    const query = new Query(questions, sql);
    queries.push(query);
    return query.answers.promise;
  };
  cache = new RightsCache<Role>({ name: 'test', changes: new Set(['member-joined', 'member-left', 'closed']), revocations: new Set(['member-left']), fetch }, fanOut, bus);
});
afterEach(() => fanOut.onApplicationShutdown());

const ask = async (userId: string, channelId = A) => cache.get(channelId, userId);
const see = (type: string, fields: Record<string, unknown> = {}) => fanOut.publish([{ channelId: A, seq: 1, type, actorId: null, at: '', ...fields }]);
/** What is asked in one turn is on its way. */
const turn = () => new Promise(setImmediate);

/** Makes the cache know the users as members of the channel, and says whom it had to ask for. */
async function know(users: string[], channelId = A, version = 1): Promise<string[]> {
  const before = queries.length;
  const asked = users.map((userId) => ask(userId, channelId));
  await turn();
  const sent = queries.slice(before);
  for (const query of sent) query.answer(version, ...users.map((userId): [string, string] => [channelId, userId]));
  await Promise.all(asked);
  return sent.flatMap((query) => query.users);
}

describe('rights', () => {
  it('are asked once by all who ask at once, and then remembered, also that there are none', async () => {
    const asked = [ask('ada'), ask('ada'), ask('bob')];
    await turn();
    expect(queries.map(({ users }) => users)).toEqual([['ada', 'bob']]);
    asked.push(ask('ada'));
    queries[0]!.answer(1, [A, 'ada']);
    expect(await Promise.all(asked)).toEqual([MEMBER, MEMBER, 'none', MEMBER]);
    expect([cache.get(A, 'ada'), cache.get(A, 'bob')]).toEqual([MEMBER, 'none']);
    expect(queries).toHaveLength(1);
  });

  it('are asked by no query that is larger than it may be', async () => {
    const asked = Array.from({ length: 2_500 }, (_, i) => ask(`user${i}`));
    await turn();
    expect(queries.map(({ users }) => users.length)).toEqual([1_000, 1_000, 500]);
    for (const query of queries) query.answer(1);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['none']));
  });

  it('are forgotten by entries that change them: of one user, or of all when they are taken away or the channel changes', async () => {
    const users = ['ada', 'bob'];
    expect(await know(users)).toEqual(users);
    see('new-message');
    expect(await know(users)).toEqual([]);
    see('member-joined', { userId: 'bob' });
    expect(await know(users)).toEqual(['bob']);
    see('member-left', { userId: 'bob' });
    expect(await know(users), 'the others’ are of another version').toEqual(users);
    see('closed');
    expect(await know(users)).toEqual(users);
  });

  it('on one channel are forgotten without those on the others, again and again', async () => {
    for (let round = 0; round < 3; round++) {
      expect([await know(['ada'], A), await know(['ada'], B)], `round ${round}`).toEqual([['ada'], round === 0 ? ['ada'] : []]);
      see('closed');
    }
  });

  it('that change while they are asked for are not kept', async () => {
    const early = ask('ada');
    await turn();
    see('member-left', { userId: 'ada' });
    const late = ask('ada');
    await turn();
    expect(queries).toHaveLength(2);
    queries[1]!.answer(2);
    expect(await late).toBe('none');
    queries[0]!.answer(1, [A, 'ada']);
    expect(await early).toEqual(MEMBER);
    expect(cache.get(A, 'ada')).toBe('none');
  });

  it('that could not be asked for are asked for again', async () => {
    const asked = ask('ada');
    await turn();
    queries[0]!.answers.reject(new Error('away'));
    await expect(asked).rejects.toThrow('away');
    expect(await know(['ada'])).toEqual(['ada']);
  });

  it('on many channels are asked only where they are not known', async () => {
    await know(['ada']);
    const readable = cache.readable('ada', [A, B, C]);
    expect(queries[1]!.questions).toEqual([B, C].map((channelId) => ({ channelId, userId: 'ada' })));
    queries[1]!.answer(1, [C, 'ada']);
    expect(await readable).toEqual(new Set([A, C]));
  });
});

describe('a "no"', () => {
  /** As a caller does who is not content with a no. */
  const insist = async (userId: string) => {
    const since = cache.now;
    const first = await cache.get(A, userId);
    return first === 'none' ? cache.confirm(A, userId, since) : first;
  };
  const answerNext = async (...members: [string, string][]) => {
    await turn();
    queries.at(-1)!.answer(1, ...members);
  };

  it('that is remembered is asked again, and a yes is not', async () => {
    const first = insist('ada');
    await answerNext();
    expect(await first).toBe('none');
    expect(queries, 'what was asked just now is not asked twice').toHaveLength(1);
    const second = insist('ada');
    await answerNext([A, 'ada']);
    expect(await second).toEqual(MEMBER);
    expect([await insist('ada'), queries.length]).toEqual([MEMBER, 2]);
  });

  it('of a query that was under way before is asked again', async () => {
    const early = insist('ada');
    await turn();
    // Here she is let in, elsewhere.
    const late = insist('ada');
    queries[0]!.answer(1);
    expect(await early).toBe('none');
    await answerNext([A, 'ada']);
    expect(await late).toEqual(MEMBER);
    expect(queries).toHaveLength(2);
  });

  it('to somebody who hammers costs a few queries, and then one a second, until a right changes', async () => {
    const hammer = async () => {
      for (let i = 0; i < 200; i++) {
        const asked = insist('stranger');
        await turn();
        for (const query of queries) query.answer(1);
        expect(await asked).toBe('none');
      }
      return queries.length;
    };
    const burst = await hammer();
    expect(burst).toBeLessThan(20);
    see('member-joined', { userId: 'stranger' });
    const asked = insist('stranger');
    await answerNext([A, 'stranger']);
    expect(await asked).toEqual(MEMBER);
  });
});

describe('rights with the channel locked', () => {
  const sql: Sql = { rows: () => Promise.reject(new Error('is only passed on')) };
  const atVersion = async (version: number, userId: string) => cache.at(version, A, userId, sql);

  it('are those that are remembered, when these are of that version', async () => {
    await know(['ada'], A, 3);
    expect([await atVersion(3, 'ada'), queries.length]).toEqual([{ role: 'member', version: 3 }, 1]);
  });

  it('are read over that connection, by one query for all, and by the others when they need them', async () => {
    await know(['ada', 'bob', 'cleo'], A, 1);
    await know(['ada'], B, 1);
    const [renewed, elsewhere] = [[atVersion(2, 'ada'), atVersion(2, 'bob'), atVersion(2, 'ada')], ask('dan')];
    await turn();
    expect(queries.slice(2).map(({ users, sql: over }) => [users, over])).toEqual([[['ada', 'bob', 'ada'], sql], [['dan'], undefined]]);
    queries[2]!.answer(2, [A, 'ada']);
    queries[3]!.answer(2);
    expect(await Promise.all(renewed)).toEqual([{ role: 'member', version: 2 }, 'none', { role: 'member', version: 2 }]);
    expect(await elsewhere).toBe('none');
    expect(await know(['cleo'], A, 2), 'hers was as old').toEqual(['cleo']);
    expect(await know(['ada'], B), 'another channel is another matter').toEqual([]);
  });
});
