import type { Operation } from '../../../src/modules/pages/document/json-document.js';
import { databaseOf } from '../database.js';

/** One's own edits of one page that are not on disk yet, as one device has made them. */
export interface KeptEdits {
  readonly pageId: string;
  /** The server's version of the page that they were made on. */
  readonly version: number;
  /** Each was made on the state with those before it. */
  readonly edits: readonly (readonly Operation[])[];
  /** What was sent, and perhaps stored: the first `count` edits, in the form that they had then. */
  readonly sent?: { readonly opId: string; readonly version: number; readonly patches: readonly Operation[]; readonly count: number };
}

/** Where edits wait. Each device of a user, and each tab, keeps those of a page under a key of its own. */
export interface EditStorage {
  list(userId: string): Promise<{ readonly key: string; readonly kept: KeptEdits }[]>;
  put(userId: string, key: string, kept: KeptEdits): Promise<void>;
  remove(userId: string, key: string): Promise<void>;
}

/** Gone with the process. */
export function memoryEdits(): EditStorage {
  const users = new Map<string, Map<string, KeptEdits>>();
  const of = (userId: string): Map<string, KeptEdits> => {
    let all = users.get(userId);
    if (!all) users.set(userId, (all = new Map<string, KeptEdits>()));
    return all;
  };
  return {
    list: (userId) => Promise.resolve([...of(userId)].map(([key, kept]) => ({ key, kept }))),
    put: (userId, key, kept) => Promise.resolve(void of(userId).set(key, kept)),
    remove: (userId, key) => Promise.resolve(void of(userId).delete(key)),
  };
}

/** In IndexedDB: survives reloads and crashes of the browser. */
export function browserEdits(name = 'atrium-pages'): EditStorage {
  const open = databaseOf(name, 'edits');
  return {
    list: async (userId) => {
      const store = (await open()).transaction('edits').store;
      const range = IDBKeyRange.bound([userId, ''], [userId, '\uffff']);
      const [keys, all] = await Promise.all([store.getAllKeys(range), store.getAll(range) as Promise<KeptEdits[]>]);
      return all.map((kept, index) => ({ key: (keys[index] as [string, string])[1], kept }));
    },
    put: async (userId, key, kept) => void (await (await open()).put('edits', kept, [userId, key])),
    remove: async (userId, key) => (await open()).delete('edits', [userId, key]),
  };
}
