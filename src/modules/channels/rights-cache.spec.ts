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

const ask = async (userId: string) => cache.get('a', userId);
const see = (type: string, fields: Record<string, unknown> = {}) => fanOut.publish([{ channelId: 'a', seq: 1, type, actorId: null, at: '', ...fields }]);

describe('rights', () => {
  it('are asked once by all who ask at once, and then remembered, also that there are none', async () => {
    const asked = [ask('ada'), ask('ada'), ask('bob')];
    expect(questions.map(({ userId }) => userId)).toEqual(['ada', 'bob']);
    questions[0]!.answer('a');
    questions[1]!.answer();
    expect(await Promise.all(asked)).toEqual([{ role: 'member' }, { role: 'member' }, 'none']);
    expect([cache.get('a', 'ada'), cache.get('a', 'bob')]).toEqual([{ role: 'member' }, 'none']);
    expect(questions).toHaveLength(2);
  });

  it('are forgotten by entries that change them, of one user or of all', async () => {
    const know = async () => {
      questions.length = 0;
      const asked = [ask('ada'), ask('bob')];
      for (const question of questions) question.answer('a');
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

  it('that change while they are asked for are not kept', async () => {
    const early = cache.get('a', 'ada');
    see('member-left', { userId: 'ada' });
    const late = cache.get('a', 'ada');
    expect(questions).toHaveLength(2);
    questions[1]!.answer();
    expect(await late).toBe('none');
    questions[0]!.answer('a');
    expect(await early).toEqual({ role: 'member' });
    expect(cache.get('a', 'ada')).toBe('none');
  });

  it('that could not be asked for are asked for again', async () => {
    const asked = cache.get('a', 'ada');
    questions[0]!.fail();
    await expect(asked).rejects.toThrow('away');
    void cache.get('a', 'ada');
    expect(questions).toHaveLength(2);
  });

  it('on many channels are asked only where they are not known', async () => {
    const asked = cache.get('a', 'ada');
    questions[0]!.answer('a');
    await asked;
    const readable = cache.readable('ada', ['a', 'b', 'c']);
    expect(questions[1]!.channelIds).toEqual(['b', 'c']);
    questions[1]!.answer('c');
    expect(await readable).toEqual(new Set(['a', 'c']));
  });
});
