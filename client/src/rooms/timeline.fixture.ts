import type { History } from '../../../src/protocol/messages.js';
import { AtriumError } from '../errors.js';
import type { Journal } from '../wire.fixture.js';

type Query = Parameters<Journal['page']>[0];

/** Pages that are answered by hand. */
export class Pages {
  readonly asked: Query[] = [];
  private readonly pending: { query: Query; resolve: (page: History) => void; reject: (error: Error) => void }[] = [];

  readonly read = (query: Query): Promise<History> => {
    this.asked.push(query);
    return new Promise((resolve, reject) => this.pending.push({ query, resolve, reject }));
  };

  get isAsked(): boolean {
    return this.pending.length > 0;
  }

  async answer(page: History | ((query: Query) => History)): Promise<void> {
    const { query, resolve } = this.pending.shift()!;
    resolve(typeof page === 'function' ? page(query) : page);
    await settled();
  }

  async fail(error = AtriumError.network()): Promise<void> {
    this.pending.shift()!.reject(error);
    await settled();
  }
}

/** Whatever follows of what is known by now has happened: no chain of promises here is longer. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
