/**
 * The cheapest database ShareDB can have that still stores every operation before it is acknowledged: pages stay in memory, each
 * operation is one INSERT. The adapters on npm also write the whole page with each operation, and read it back for the next one.
 */

import pg from 'pg';
import ShareDB from 'sharedb';

const CONNECTIONS = 10;
const UNIQUE_VIOLATION = '23505';

export class StoredOps extends ShareDB.MemoryDB {
  #pool;
  /** The version of each page that is being written. */
  #writing = new Map();

  static async open(connectionString) {
    const pool = new pg.Pool({ connectionString, max: CONNECTIONS });
    await pool.query('CREATE TABLE ops (page_id text NOT NULL, version bigint NOT NULL, op jsonb NOT NULL, PRIMARY KEY (page_id, version))');
    return new StoredOps(pool);
  }

  constructor(pool) {
    super();
    this.#pool = pool;
  }

  /** Calls back with false when somebody else has made this version, or is making it. */
  commit(collection, id, op, snapshot, options, callback) {
    const writing = this.#writing.get(id);
    if (writing !== undefined) return void writing.then(() => callback(null, false));
    if (snapshot.v !== this._getVersionSync(collection, id) + 1) return void process.nextTick(callback, null, false);
    const written = this.#insert(id, op);
    this.#writing.set(id, written);
    written.then((error) => {
      this.#writing.delete(id);
      if (error) return callback(error.code === UNIQUE_VIOLATION ? null : error, false);
      super.commit(collection, id, op, snapshot, options, callback);
    });
  }

  /** Resolves with the error, if there is one. */
  #insert(id, op) {
    const insert = { name: 'insert-op', text: 'INSERT INTO ops VALUES ($1, $2, $3)', values: [id, op.v, JSON.stringify(op)] };
    return this.#pool.query(insert).then(() => undefined, (error) => error);
  }
}
