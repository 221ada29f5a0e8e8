import { composeRoom } from './conversation.mjs';
import { Progress } from './progress.mjs';
import { PEOPLE, ROOMS } from './workspace.mjs';

/** How many of the last messages the n-th member of a room has not read yet. */
const UNREAD = [0, 3, 0, 12, 1, 27, 0, 5];

/** The people of the demonstration, signed in and connected, by username. */
export async function gatherPeople(server) {
  const people = new Map();
  for (const person of PEOPLE) people.set(person.username, await server.enter(person));
  await Promise.all([...people.values()].map((person) => person.connect()));
  return people;
}

/**
 * Fills the server with the workspace, as its people would: they make rooms and talk. What is there already stays as it is.
 * @returns {Promise<{ messages: number, added: number, roomIds: Map<string, string> }>} added: messages that were not there before
 */
export async function fillServer(people) {
  const messages = ROOMS.reduce((sum, room) => sum + room.messages, 0);
  const progress = new Progress('Messages', messages);
  const roomIds = new Map();
  const added = await Promise.all(
    ROOMS.map(async (room) => {
      roomIds.set(room.key, room.direct ? await openDirect(room, people) : await openGroup(room, people));
      return fillRoom(room, roomIds.get(room.key), people, progress);
    }),
  );
  await announce(people);
  progress.finish();
  return { messages, added: added.reduce((sum, count) => sum + count, 0), roomIds };
}

async function fillRoom(room, roomId, people, progress) {
  const ids = new Map();
  const seqs = [];
  let added = 0;
  for (const { id, sender, content, replyTo, edited, deleted } of composeRoom(room)) {
    const person = people.get(sender);
    // In turn, since a conversation has an order.
    const sent = await person.send('send-message', { roomId, clientMsgId: id, content, ...(replyTo && { replyTo: ids.get(replyTo) }) });
    if (!sent.duplicate) added++;
    ids.set(id, sent.messageId);
    seqs.push(sent.seq);
    if (edited) await person.send('edit-message', { messageId: sent.messageId, content: edited });
    if (deleted) await person.send('delete-message', { messageId: sent.messageId });
    progress.advance();
  }
  await markRead(room, roomId, seqs, people);
  return added;
}

async function openDirect({ members: [first, second] }, people) {
  const { id } = await people.get(first).call('POST', '/rooms/direct', { userId: people.get(second).user.id });
  return id;
}

/** The owner's room of this name, or a new one; then everyone is brought in. */
async function openGroup({ name, isPrivate = false, password, members: [ownerName, adminName, ...others] }, people) {
  const owner = people.get(ownerName);
  const known = (await owner.rooms()).find((room) => room.name === name && room.ownerId === owner.user.id);
  const { id } = known ?? (await owner.call('POST', '/rooms', { name, isPrivate, ...(password && { password }) }));
  if (!known) {
    await owner.call('PUT', `/rooms/${id}/members/${people.get(adminName).user.id}`, { role: 'admin' });
    for (const username of others) await owner.call('PUT', `/rooms/${id}/members/${people.get(username).user.id}`, { role: 'member' });
  }
  return id;
}

/** Some have read everything, some have some catching up to do; positions only move forwards, so a second run changes none. */
async function markRead({ members }, roomId, seqs, people) {
  for (const [i, username] of members.entries()) {
    const seq = seqs.at(-1 - UNREAD[i % UNREAD.length]);
    if (seq !== undefined) await people.get(username).send('mark-read', { roomId, seq });
  }
}

/** System messages are an administrator's, and there may be none. */
async function announce(people) {
  const admin = [...people.values()].find(({ user }) => user.isAdmin);
  if (!admin) return;
  const { id: roomId } = (await people.get('maya').rooms()).find(({ kind }) => kind === 'world');
  await admin.send('send-message', { roomId, clientMsgId: 'demo-welcome', type: 'system', content: 'Welcome to the demonstration workspace. 欢迎来到演示空间。' });
}
