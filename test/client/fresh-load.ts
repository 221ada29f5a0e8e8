import type { History, Message } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import type { AtriumClient, TimelineView } from '../../client/src/index.js';
import { expect } from 'vitest';
import type { Api } from '../support/client.js';
import { eventually } from '../support/eventually.js';

const PAGE = 200;

/** Every message of a room, as REST tells it to a member. */
export async function readHistory(api: Api, roomId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (let hasAfter = true; hasAfter; ) {
    const page: History = await api.get<History>(`/rooms/${roomId}/messages?after=${messages.at(-1)?.seq ?? 0}&limit=${PAGE}`);
    messages.push(...page.items);
    hasAfter = page.hasAfter;
  }
  return messages;
}

/**
 * Where a client's state differs from what a fresh load gives: its rooms, and the timelines of those that it has opened. Empty when it is
 * the same. `histories` keeps what was read, for the next client.
 */
export async function differences(client: AtriumClient, api: Api, opened: ReadonlySet<string>, histories: Map<string, Message[]>): Promise<string[]> {
  const { items: rooms } = await api.get<Page<MyRoom>>('/rooms?limit=200');
  const found = compare('rooms', (client.rooms.mine.get() ?? []).map(comparable), rooms.map(comparable), ({ id }) => id);
  for (const { id } of rooms.filter((room) => opened.has(room.id))) {
    if (!histories.has(id)) histories.set(id, await readHistory(api, id));
    found.push(...compareTimeline(id, client.room(id).timeline.view.get(), histories.get(id)!));
  }
  return found;
}

/** Waits until a client has what a fresh load gives; `opened` are the rooms that it has opened. */
export async function expectFresh(client: AtriumClient, api: Api, ...opened: string[]): Promise<void> {
  let found: string[] = [];
  const look = async (): Promise<boolean> => {
    found = await differences(client, api, new Set(opened), new Map());
    return found.length === 0;
  };
  await eventually('the client has what a fresh load gives', look).catch((error: unknown) => {
    expect(found).toEqual([]);
    throw error;
  });
}

/** The world counts whoever has looked at it, without an entry: its number is as old as the last load. */
function comparable(room: MyRoom): MyRoom {
  return room.kind === 'world' ? { ...room, memberCount: 0 } : room;
}

/** The window must be a section of the history, and tell the truth about what is before and after it. */
function compareTimeline(roomId: string, view: TimelineView, history: readonly Message[]): string[] {
  const [first, last] = [view.items[0]?.seq ?? 0, view.items.at(-1)?.seq ?? 0];
  const expected = history.filter(({ seq }) => seq >= first && (seq <= last || !view.hasAfter));
  const shown = view.items.map(({ key: _key, status: _status, ...message }) => message);
  const found = compare(`timeline ${roomId}`, shown, expected, ({ seq }) => String(seq));
  if (view.items.some(({ status }) => status !== 'sent')) found.push(`timeline ${roomId} has pending items`);
  const hasBefore = history.some(({ seq }) => seq < first);
  const hasAfter = history.some(({ seq }) => seq > last);
  if (view.items.length === 0 && history.length > 0) found.push(`timeline ${roomId} is empty: ${view.error?.message}`);
  if (view.items.length > 0 && view.hasBefore !== hasBefore) found.push(`timeline ${roomId}: hasBefore is ${view.hasBefore}`);
  if (view.hasAfter && !hasAfter) found.push(`timeline ${roomId}: hasAfter is true`);
  return found;
}

function compare<T>(name: string, actual: readonly T[], expected: readonly T[], nameOf: (item: T) => string): string[] {
  const found: string[] = [];
  const [have, want] = [actual.map(nameOf), expected.map(nameOf)];
  if (have.join() !== want.join()) {
    const missing = want.filter((key) => !have.includes(key));
    const extra = have.filter((key) => !want.includes(key));
    found.push(`${name}: missing [${missing.join()}], extra [${extra.join()}]${missing.length + extra.length === 0 ? ', in another order' : ''}`);
  }
  const byName = new Map(actual.map((item) => [nameOf(item), item]));
  for (const item of expected) {
    const other = byName.get(nameOf(item));
    if (other !== undefined && canonical(other) !== canonical(item)) found.push(`${name} ${nameOf(item)}: ${canonical(other)} instead of ${canonical(item)}`);
  }
  return found;
}

/** JSON with its keys in order, all levels. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
