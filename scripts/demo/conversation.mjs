import * as chinese from './chinese.mjs';
import { speaks } from './workspace.mjs';

/** One in so many messages is written with a slip of the finger and corrected; one in so many was meant for another room. */
const EDIT_EVERY = 28;
const SLIP_EVERY = 90;
/** And after one in so many somebody says a word from the side. */
const ASIDE_EVERY = 6;

/**
 * What is said in a room, the same on every run: who, in which words, answering which message.
 * @returns {{ id: string, sender: string, content: string, replyTo?: string, edited?: string, deleted?: true }[]}
 */
export function composeRoom(room) {
  const random = seeded(room.key);
  const messages = [];
  const recent = new Set();
  while (messages.length < room.messages) {
    const { language, threads } = pick(room.talks, random);
    const thread = pickNew(threads, recent, random);
    const cast = castOf(room, language, random);
    // The wordings of a thread are parallel: the second answer fits the second question.
    const line = pickNew(thread[0][1].map((_wording, i) => `${threads.indexOf(thread)}/${i}`), recent, random).split('/')[1];
    const slots = Object.fromEntries(Object.entries(language.SLOTS).map(([name, values]) => [name, shuffled(values, random)]));
    const turnIds = [];
    for (const [place, wordings, { reply } = {}] of thread) {
      if (Math.floor(random() * SLIP_EVERY) === 0) messages.push(slip(room, messages.length, cast, language, random));
      if (turnIds.length > 1 && Math.floor(random() * ASIDE_EVERY) === 0) messages.push(aside(room, messages.length, cast, language, recent, random));
      const content = fill(wordings[line % wordings.length], slots);
      const message = { id: `demo-${room.key}-${messages.length}`, sender: cast[place % cast.length], content };
      if (reply !== undefined) message.replyTo = turnIds[reply];
      if (Math.floor(random() * EDIT_EVERY) === 0) mistype(message, language, random);
      turnIds.push(message.id);
      messages.push(message);
    }
  }
  return messages.slice(0, room.messages);
}

/** People of the room who speak the language; in a conversation of two, both. */
function castOf({ members, speakers = members, talks }, language, random) {
  const able = talks.length > 1 ? speakers.filter((username) => speaks(username, language)) : speakers;
  return shuffled(able.length > 1 ? able : speakers, random);
}

function slip(room, index, cast, language, random) {
  return { id: `demo-${room.key}-${index}`, sender: pick(cast, random), content: pick(language.SLIPS, random), deleted: true };
}

function aside(room, index, cast, language, recent, random) {
  return { id: `demo-${room.key}-${index}`, sender: cast.at(-1), content: pickNew(language.ASIDES, recent, random) };
}

/** The message as it was first typed, and as it was meant. */
function mistype(message, language, random) {
  const { content } = message;
  if (content.includes('\n')) return;
  const wrong = language === chinese ? content.replace(/[，。！？]/, '') : swapLetters(content, random);
  if (wrong === content || wrong === '') return;
  message.content = wrong;
  message.edited = content;
}

function swapLetters(text, random) {
  const words = [...text.matchAll(/[a-z]{5,}/g)];
  if (words.length === 0) return text;
  const { index } = pick(words, random);
  return text.slice(0, index + 1) + text[index + 2] + text[index + 1] + text.slice(index + 3);
}

/** Each use of a slot in a thread takes the same value; a second use within one text takes the next. */
function fill(text, slots) {
  const used = {};
  return text.replace(/\{(\w+)\}/g, (_match, name) => slots[name][(used[name] = (used[name] ?? -1) + 1) % slots[name].length]);
}

const KEPT = 24;

/** Not what was picked a moment ago. */
function pickNew(values, recent, random) {
  const fresh = values.filter((value) => !recent.has(value));
  const value = pick(fresh.length > 0 ? fresh : values, random);
  recent.add(value);
  if (recent.size > KEPT) recent.delete(recent.values().next().value);
  return value;
}

const pick = (values, random) => values[Math.floor(random() * values.length)];

function shuffled(values, random) {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** mulberry32 (Tommy Ettinger), seeded with the FNV-1a hash of a text. */
function seeded(text) {
  let state = 0x811c9dc5;
  for (const unit of Buffer.from(text)) state = Math.imul(state ^ unit, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
