import type { User } from '../../../src/protocol/users.js';
import { withTabLease } from './tab-lease.js';

/** One signed-in device. */
export interface StoredTokens {
  readonly user: User;
  readonly accessToken: string;
  /** Absent when the browser keeps it in a cookie. */
  readonly refreshToken?: string | undefined;
  /** By this machine's clock. */
  readonly expiresAtMs: number;
}

/** What outlives a sign-in: the token by which the server knows the device, and whether the server has yet to hear of a sign-out. */
export type SignInNote = 'device' | 'sign-out';

/** Where a client keeps its sign-in. */
export interface TokenStorage {
  load(): StoredTokens | null;
  save(tokens: StoredTokens | null): void;
  /** Calls back when another tab has signed in or out, or refreshed. Returns what ends that. */
  onChange?(listener: () => void): () => void;
  /** Runs `work` while no other tab does. Without it, work runs at once. */
  exclusively?<T>(work: () => Promise<T>): Promise<T>;
  /** Without these, notes end with the client. */
  loadNote?(name: SignInNote): string | null;
  saveNote?(name: SignInNote, note: string | null): void;
}

/** For Node, and for browsers that should forget with the tab. */
export function memoryTokens(): TokenStorage {
  let kept: StoredTokens | null = null;
  const notes = new Map<SignInNote, string | null>();
  return {
    load: () => kept,
    save: (tokens) => void (kept = tokens),
    loadNote: (name) => notes.get(name) ?? null,
    saveNote: (name, note) => void notes.set(name, note),
  };
}

/** In `localStorage`, shared by all tabs of the origin. Keep foreign scripts out by a Content-Security-Policy. */
export function browserTokens(key = 'atrium:session'): TokenStorage {
  return {
    load: () => JSON.parse(localStorage.getItem(key) ?? 'null') as StoredTokens | null,
    save: (tokens) => keep(key, tokens && JSON.stringify(tokens)),
    loadNote: (name) => localStorage.getItem(`${key}:${name}`),
    saveNote: (name, note) => keep(`${key}:${name}`, note),
    onChange(listener) {
      const heard = (event: StorageEvent): void => {
        if (event.key === key || event.key === null) listener();
      };
      addEventListener('storage', heard);
      return () => removeEventListener('storage', heard);
    },
    // Web Locks are absent on plain http. Without any turns a tab could present a token of which another one uses the successor already.
    exclusively: <T>(work: () => Promise<T>): Promise<T> =>
      typeof navigator !== 'undefined' && 'locks' in navigator ? (navigator.locks.request(key, work)) : withTabLease(`${key}:lease`, work),
  };
}

function keep(key: string, value: string | null): void {
  if (value === null) localStorage.removeItem(key);
  else localStorage.setItem(key, value);
}
