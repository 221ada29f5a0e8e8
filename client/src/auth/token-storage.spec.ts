import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  window = new FakeWindow();
  vi.stubGlobal('localStorage', window.localStorage);
  vi.stubGlobal('addEventListener', (_type: string, listener: () => void) => window.listeners.add(listener));
  vi.stubGlobal('removeEventListener', (_type: string, listener: () => void) => window.listeners.delete(listener));
});
afterEach(() => vi.unstubAllGlobals());

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
    expect(browserTokens().load()).toBeNull();
  });

  it('stay with the tab where nothing can be stored', () => {
    for (const trouble of ['isFull', 'isForbidden'] as const) {
      const storage = browserTokens();
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
    const storage = browserTokens();
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
    vi.stubGlobal('navigator', {});
    expect('exclusively' in browserTokens()).toBe(false);
  });
});
