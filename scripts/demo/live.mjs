import { setTimeout as delay } from 'node:timers/promises';
import { composeRoom } from './conversation.mjs';
import { ROOMS } from './workspace.mjs';

const PAUSE_MS = [2_000, 9_000];
const TYPING_MS = [1_200, 4_000];
/** One in so many reads what was just written. */
const READ_SHARE = 0.6;
const HAN = /\p{Script=Han}/u;
const ANSWERS = {
  en: ['Good point. I will have a look this afternoon.', 'Thanks, that helps.', 'Could you say a bit more about that?', 'Agreed. Shall we decide it in the next stand-up?', 'Noted, I will add it to the list.', 'Oh nice, I had not thought of that.'],
  zh: ['好的，我下午看一下。', '谢谢，这很有帮助。', '可以再说得具体一点吗？', '同意，下次站会上定下来吧。', '记下了，我加到清单里。', '这个想法不错，我之前没想到。'],
};

/**
 * Keeps the people of the demonstration online: they type, write, read, and answer whoever writes to them, until `signal` aborts.
 * @param {Map<string, import('./server.mjs').Person>} people by username
 * @param {Map<string, string>} roomIds by the rooms' keys
 */
export async function stayAlive(people, roomIds, signal) {
  const own = new Set([...people.values()].map(({ user }) => user.id));
  // Everybody listens before anybody looks around: a room that is made meanwhile is heard of.
  for (const follow of [...people.values()].map((person) => listen(person, own, signal))) await follow();
  const talks = ROOMS.map((room) => withoutAbsent(room, people)).filter(({ members }) => members.length > 1).map((room) => ({ room, roomId: roomIds.get(room.key), lines: [] }));
  while (!signal.aborted) {
    const talk = talks[Math.floor(Math.random() * talks.length)];
    if (talk.lines.length === 0) talk.lines = composeRoom({ ...talk.room, key: `${talk.room.key}-${Date.now().toString(36)}`, messages: 30 }).filter(({ deleted }) => !deleted);
    const { sender, content, edited } = talk.lines.shift();
    await write(people.get(sender), talk.roomId, edited ?? content, signal);
    for (const username of talk.room.members) if (Math.random() < READ_SHARE) await readAll(people.get(username), talk.roomId);
    await pause(PAUSE_MS, signal);
  }
}

/** The room as those see it who are here: nobody else speaks in it or reads. */
function withoutAbsent(room, people) {
  const isHere = (username) => people.has(username);
  return { ...room, members: room.members.filter(isHere), ...(room.speakers && { speakers: room.speakers.filter(isHere) }) };
}

/**
 * Answers strangers: at once in direct rooms, else if this person is the first to see them; also in rooms that are new.
 * @returns what follows all rooms that are there
 */
function listen(person, own, signal) {
  const { socket } = person;
  const answered = new Set();
  const followAll = async () => {
    for (const { id, kind } of await person.rooms()) await follow(person, id, kind);
  };
  // Again after the server was away.
  socket.on('session', () => report(followAll()));
  // In a new room somebody may have written before we are there.
  socket.on('room-added', ({ roomId, kind }) => report(follow(person, roomId, kind, 0).then(({ entries = [] }) => entries.filter(({ type }) => type === 'new-message').forEach(hear))));
  socket.on('new-message', hear);
  return followAll;

  function hear(message) {
    if (own.has(message.senderId) || answered.has(message.id) || message.messageType === 'system') return;
    answered.add(message.id);
    const isMine = person.direct?.has(message.roomId) || isFirst(message.id);
    if (isMine && !signal.aborted) report(answer(person, message, signal));
  }
}

/** What one person could not do is said, and does not end the demonstration. */
function report(work) {
  work.catch((error) => console.error(`✗ ${error.message}`));
}

const claimed = new Set();

/** In a group one of the people answers, not all of them. */
function isFirst(messageId) {
  if (claimed.has(messageId)) return false;
  claimed.add(messageId);
  return true;
}

function follow(person, roomId, kind, after) {
  if (kind === 'direct') (person.direct ??= new Set()).add(roomId);
  return person.send('room-join', { roomId, ...(after !== undefined && { after }) });
}

async function answer(person, { id, roomId, seq, content }, signal) {
  const wordings = ANSWERS[HAN.test(content) ? 'zh' : 'en'];
  await person.send('mark-read', { roomId, seq });
  await write(person, roomId, wordings[Math.floor(Math.random() * wordings.length)], signal, person.direct?.has(roomId) ? undefined : id);
}

async function write(person, roomId, content, signal, replyTo) {
  await person.send('typing', { roomId, on: true });
  await pause(TYPING_MS, signal);
  await person.send('send-message', { roomId, clientMsgId: `live-${crypto.randomUUID()}`, content, ...(replyTo && { replyTo }) });
}

async function readAll(person, roomId) {
  const room = (await person.rooms()).find(({ id }) => id === roomId);
  if (room?.unread) await person.send('mark-read', { roomId, seq: room.lastMessage.seq });
}

async function pause([least, most], signal) {
  await delay(least + Math.random() * (most - least), undefined, { signal }).catch(() => undefined);
}
