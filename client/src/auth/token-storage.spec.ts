import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { patientTokens } from './patient-tokens.js';
import { browserTokens, memoryTokens, type StoredTokens } from './token-storage.js';

const tokens = (accessToken: string): StoredTokens => ({ user: { id: 'ada' } as StoredTokens['user'], accessToken, refreshToken: 'r', expiresAtMs: 1 });

/** As much of a browser as the storage needs. */
class FakeWindow {
  readonly values = new Map<string, string>();
  readonly listeners = new Set<(event: { key: string | null }) => void>();
  isFull = false;
  isForbidden = false;

  readonly localStorage = {
    getItem: (key: string) => (this.check(false), this.values.get(key) ?? null),
    setItem: (key: string, value: string) => (this.check(this.isFull), void this.values.set(key, value)),
    removeItem: (key: string) => (this.check(false), void this.values.delete(key)),
  };

  private check(fails: boolean): void {
    if (fails || this.isForbidden) throw new DOMException('no', fails ? 'QuotaExceededError' : 'SecurityError');
  }
}

let window: FakeWindow;
beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue();
  window = new FakeWindow();
  vi.stubGlobal('localStorage', window.localStorage);
  vi.stubGlobal('addEventListener', (_type: string, listener: () => void) => window.listeners.add(listener));
  vi.stubGlobal('removeEventListener', (_type: string, listener: () => void) => window.listeners.delete(listener));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each([
  ['in memory', memoryTokens],
  ['in a browser', () => browserTokens()],
])('tokens %s', (_where, create) => {
  it('are kept until others are, or none', () => {
    const storage = create();
    expect(storage.load()).toBeNull();
    for (const kept of [tokens('one'), tokens('two'), null]) {
      storage.save(kept);
      expect(storage.load()).toEqual(kept);
    }
  });
});

describe.each([
  ['in memory', memoryTokens],
  ['in a browser', () => browserTokens()],
  ['that keep no notes', () => patientTokens({ load: () => null, save: () => undefined })],
  ['where nothing can be stored', () => (window.isForbidden = true) && patientTokens(browserTokens())],
])('notes beside tokens %s', (_where, create) => {
  it('outlive the sign-in', () => {
    const storage = create();
    expect(storage.loadNote!('device')).toBeNull();
    storage.saveNote!('device', 'd1');
    storage.save(tokens('one'));
    storage.save(null);
    expect([storage.loadNote!('device'), storage.loadNote!('sign-out')]).toEqual(['d1', null]);
    storage.saveNote!('device', null);
    expect(storage.loadNote!('device')).toBeNull();
  });
});

describe('tokens in a browser', () => {
  it('are shared by all tabs, and changes are told', () => {
    const [one, two] = [browserTokens(), browserTokens()];
    one.save(tokens('one'));
    expect(two.load()).toEqual(tokens('one'));
    let told = 0;
    const stop = two.onChange!(() => told++);
    for (const key of ['atrium:session', 'another', null]) for (const listener of window.listeners) listener({ key });
    expect(told).toBe(2);
    stop();
    expect(window.listeners.size).toBe(0);
  });

  it.each(['{"user":', 'null', ''])('are none when the value is %j', (value) => {
    window.values.set('atrium:session', value);
    expect(patientTokens(browserTokens()).load()).toBeNull();
  });

  it('stay with the tab where nothing can be stored', () => {
    for (const trouble of ['isFull', 'isForbidden'] as const) {
      const storage = patientTokens(browserTokens());
      storage.save(null);
      window[trouble] = true;
      storage.save(tokens('one'));
      expect(storage.load()).toEqual(tokens('one'));
      storage.save(null);
      expect(storage.load()).toBeNull();
      window[trouble] = false;
    }
  });

  it('that are new count, not the old ones that could not be replaced', () => {
    const storage = patientTokens(browserTokens());
    storage.save(tokens('old'));
    window.isFull = true;
    storage.save(tokens('new'));
    expect(storage.load()).toEqual(tokens('new'));
    window.isFull = false;
    storage.save(tokens('newer'));
    expect([storage.load(), browserTokens().load()]).toEqual([tokens('newer'), tokens('newer')]);
  });

  it('are refreshed by one tab at a time where the browser has locks', async () => {
    vi.stubGlobal('navigator', { locks: { request: (key: string, work: () => Promise<string>) => work().then((done) => `${key}: ${done}`) } });
    expect(await browserTokens('session').exclusively!(() => Promise.resolve('done'))).toBe('session: done');
  });

  describe('are refreshed by one tab at a time where it has none', () => {
    beforeEach(() => {
      vi.stubGlobal('navigator', {});
      vi.useFakeTimers();
      return () => vi.useRealTimers();
    });

    /** Work of that many tabs, and the most that was under way at once. */
    async function race(tabs: number): Promise<{ done: string[]; most: number }> {
      const done: string[] = [];
      let running = 0;
      let most = 0;
      const work = (name: string) => async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 500));
        running -= 1;
        done.push(name);
      };
      const all = Promise.all(Array.from({ length: tabs }, (_, i) => browserTokens().exclusively!(work(`tab ${i}`))));
      await vi.advanceTimersByTimeAsync(tabs * 1_000);
      await all;
      return { done, most };
    }

    it('however many ask at once', async () => {
      const { done, most } = await race(4);
      expect([done.sort(), most]).toEqual([['tab 0', 'tab 1', 'tab 2', 'tab 3'], 1]);
      expect(window.values.size).toBe(0);
    });

    it('also after one that failed, or was closed in the middle', async () => {
      const failing = browserTokens().exclusively!(() => Promise.reject(new Error('no'))).catch((error: Error) => error.message);
      await vi.advanceTimersByTimeAsync(100);
      expect(await failing).toBe('no');
      for (const lease of [{ holder: 'closed', endsAtMs: Date.now() + 15_000 }, { holder: 'of a clock that was ahead', endsAtMs: Date.now() + 9e9 }]) {
        window.values.set('atrium:session:lease', JSON.stringify(lease));
        const next = browserTokens().exclusively!(() => Promise.resolve('done'));
        await vi.advanceTimersByTimeAsync(16_000);
        expect(await next).toBe('done');
      }
      window.values.set('atrium:session:lease', '{"half');
      const next = browserTokens().exclusively!(() => Promise.resolve('done'));
      await vi.advanceTimersByTimeAsync(100);
      expect(await next).toBe('done');
    });

    it('and at once where nothing can be kept', async () => {
      window.isForbidden = true;
      expect(await browserTokens().exclusively!(() => Promise.resolve('done'))).toBe('done');
    });
  });
});
