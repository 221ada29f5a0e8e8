import type { Message } from '../../../src/protocol/messages.js';
import { databaseOf } from '../database.js';

/** Something that the user did and the server has not confirmed yet. It is repeated until the server says yes or no. */
export type Operation = {
  /** For a send the `clientMsgId`: the server stores it once, however often it arrives. */
  readonly id: string;
  readonly roomId: string;
  readonly createdAt: string;
} & (
  | { readonly kind: 'send'; readonly content: string; readonly type: Message['type']; readonly replyTo: string | null }
  | { readonly kind: 'edit'; readonly messageId: string; readonly content: string }
  | { readonly kind: 'delete'; readonly messageId: string }
);

/** Where operations wait. Ids ascend with time, so that order is kept. */
export interface OutboxStorage {
  list(userId: string): Promise<Operation[]>;
  put(userId: string, operation: Operation): Promise<void>;
  remove(userId: string, id: string): Promise<void>;
}

/** Gone with the process. */
export function memoryOutbox(): OutboxStorage {
  const users = new Map<string, Map<string, Operation>>();
  const of = (userId: string): Map<string, Operation> => {
    let operations = users.get(userId);
    if (!operations) users.set(userId, (operations = new Map<string, Operation>()));
    return operations;
  };
  return {
    list: (userId) => Promise.resolve([...of(userId).values()]),
    put: (userId, operation) => Promise.resolve(void of(userId).set(operation.id, operation)),
    remove: (userId, id) => Promise.resolve(void of(userId).delete(id)),
  };
}

/** In IndexedDB: survives reloads and crashes of the browser. */
export function browserOutbox(name = 'atrium'): OutboxStorage {
  const open = databaseOf(name, 'outbox');
  return {
    list: async (userId) => (await open()).getAll('outbox', IDBKeyRange.bound([userId, ''], [userId, '\uffff'])) as Promise<Operation[]>,
    put: async (userId, operation) => void (await (await open()).put('outbox', operation, [userId, operation.id])),
    remove: async (userId, id) => (await open()).delete('outbox', [userId, id]),
  };
}
