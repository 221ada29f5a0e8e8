import { type IDBPDatabase, openDB } from 'idb';

/** An IndexedDB with one store, opened by whoever asks first; again where that failed, or where the browser has closed it. */
export function databaseOf(name: string, store: string): () => Promise<IDBPDatabase> {
  let database: Promise<IDBPDatabase> | undefined;
  const forget = (): void => (database = undefined);
  return () => {
    if (!database) {
      database = openDB(name, 1, { upgrade: (db) => void db.createObjectStore(store), terminated: forget });
      database.catch(forget);
    }
    return database;
  };
}
