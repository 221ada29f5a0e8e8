import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FanOut } from '../../journal/fan-out.js';
import type { JournalRepository } from '../../journal/journal.repository.js';
import { LocalBus } from '../../platform/bus/local.bus.js';
import { RightsCache } from './rights-cache.js';

interface Question {
  userId: string;
  channelIds: readonly string[];
  answer(...channelIds: string[]): void;
  fail(): void;
}

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(36)) as [string, string, string];

let fanOut: FanOut;
let questions: Question[];
let cache: RightsCache<{ role: string }>;

beforeEach(() => {
  const bus = new LocalBus();
  // Nothing is watched, so nothing is read.
  fanOut = new FanOut(bus, {} as JournalRepository);
  questions = [];
  const fetch = (userId: string, channelIds: readonly string[]) =>
    new Promise<Map<string, { role: string }>>((resolve, reject) => {
      const answer = (...ids: string[]) => resolve(new Map(ids.map((id) => [id, { role: 'member' }])));
      questions.push({ userId, channelIds, answer, fail: () => reject(new Error('away')) });
    });
  cache = new RightsCache({ name: 'test', changes: new Set(['member-left', 'closed']), fetch }, fanOut, bus);
});
afterEach(() => fanOut.onApplicationShutdown());

const ask = async (userId: string) => cache.get(A, userId);
const see = (type: string, fields: Record<string, unknown> = {}) => fanOut.publish([{ channelId: A, seq: 1, type, actorId: null, at: '', ...fields }]);

describe('rights', () => {
  it('are asked once by all who ask at once, and then remembered, also that there are none', async () => {
    const asked = [ask('ada'), ask('ada'), ask('bob')];
    expect(questions.map(({ userId }) => userId)).toEqual(['ada', 'bob']);
    questions[0]!.answer(A);
    questions[1]!.answer();
    expect(await Promise.all(asked)).toEqual([{ role: 'member' }, { role: 'member' }, 'none']);
    expect([cache.get(A, 'ada'), cache.get(A, 'bob')]).toEqual([{ role: 'member' }, 'none']);
    expect(questions).toHaveLength(2);
  });

  it('are forgotten by entries that change them, of one user or of all', async () => {
    const know = async () => {
      questions.length = 0;
      const asked = [ask('ada'), ask('bob')];
      for (const question of questions) question.answer(A);
      await Promise.all(asked);
      return questions.map(({ userId }) => userId);
    };
    expect(await know()).toEqual(['ada', 'bob']);
    see('new-message');
    expect(await know()).toEqual([]);
    see('member-left', { userId: 'bob' });
    expect(await know()).toEqual(['bob']);
    see('closed');
    expect(await know()).toEqual(['ada', 'bob']);
  });

  it('on one channel are forgotten without those on the others, again and again', async () => {
    const know = async (channelId: string) => {
      const asked = cache.get(channelId, 'ada');
      const isAsked = asked instanceof Promise;
      questions.at(-1)!.answer(channelId);
      await asked;
      return isAsked;
    };
    for (let round = 0; round < 3; round++) {
      expect([await know(A), await know(B)], `round ${round}`).toEqual([true, round === 0]);
      see('closed');
    }
  });

  it('that change while they are asked for are not kept', async () => {
    const early = cache.get(A, 'ada');
    see('member-left', { userId: 'ada' });
    const late = cache.get(A, 'ada');
    expect(questions).toHaveLength(2);
    questions[1]!.answer();
    expect(await late).toBe('none');
    questions[0]!.answer(A);
    expect(await early).toEqual({ role: 'member' });
    expect(cache.get(A, 'ada')).toBe('none');
  });

  it('that could not be asked for are asked for again', async () => {
    const asked = cache.get(A, 'ada');
    questions[0]!.fail();
    await expect(asked).rejects.toThrow('away');
    void cache.get(A, 'ada');
    expect(questions).toHaveLength(2);
  });

  it('on many channels are asked only where they are not known', async () => {
    const asked = cache.get(A, 'ada');
    questions[0]!.answer(A);
    await asked;
    const readable = cache.readable('ada', [A, B, C]);
    expect(questions[1]!.channelIds).toEqual([B, C]);
    questions[1]!.answer(C);
    expect(await readable).toEqual(new Set([A, C]));
  });
});
