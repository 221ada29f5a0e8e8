import * as chinese from './chinese.mjs';
import * as english from './english.mjs';

/** Everyone's. It is printed at the end, and good for nothing but the demonstration. */
export const PASSWORD = 'demo-harbour-2026';
const LAUNCH_PASSWORD = 'lighthouse';

const person = (username, displayName) => ({ username, displayName, email: `${username}@demo.example` });

export const PEOPLE = [
  person('maya', 'Maya Okafor'),
  person('tom', 'Tom Becker'),
  person('priya', 'Priya Raman'),
  person('jonas', 'Jonas Lindqvist'),
  person('elena', 'Elena Rossi'),
  person('sam', 'Sam Whitaker'),
  person('aiko', 'Aiko Tanaka'),
  person('linwei', '林伟'),
  person('haoran', '王浩然'),
  person('xiaoyu', '陈晓雨'),
  person('lijing', '李静'),
  person('zhangmin', '张敏'),
];

/** Whom visitors are told to sign in as: while the others stay and talk, nothing is done in the name of these. */
export const GUESTS = ['maya', 'priya', 'linwei'];

const EVERYONE = PEOPLE.map(({ username }) => username);
const ENGLISH = ['maya', 'tom', 'priya', 'jonas', 'elena', 'sam', 'aiko'];
const CHINESE = ['linwei', 'haoran', 'xiaoyu', 'lijing', 'zhangmin'];

/** What is talked about, in which language. */
const talk = (language, ...topics) => ({ language, threads: topics.flatMap((topic) => language.THREADS[topic]) });

/**
 * Rooms, their members (the first is the owner, the second an admin), what they talk about, and how many messages they get.
 * A key never changes: the messages' ids are made of it, so that a second run finds everything there.
 */
export const ROOMS = [
  { key: 'announcements', name: 'Announcements 公告', members: ['maya', 'linwei', ...EVERYONE], messages: 140, talks: [talk(english, 'announcements'), talk(chinese, 'announcements')] },
  { key: 'product', name: 'Product', members: ['maya', 'sam', 'tom', 'elena', 'priya', 'aiko', 'linwei'], messages: 420, talks: [talk(english, 'product')] },
  { key: 'design', name: 'Design review', members: ['elena', 'priya', 'maya', 'sam', 'aiko', 'xiaoyu'], messages: 320, talks: [talk(english, 'design')] },
  { key: 'engineering', name: 'Engineering', members: ['tom', 'jonas', 'priya', 'aiko', 'haoran', 'linwei'], messages: 480, talks: [talk(english, 'engineering')] },
  { key: 'on-call', name: 'On-call', isPrivate: true, members: ['jonas', 'tom', 'sam', 'haoran', 'zhangmin'], messages: 300, talks: [talk(english, 'oncall'), talk(chinese, 'oncall')] },
  { key: 'product-zh', name: '产品讨论', members: ['linwei', 'xiaoyu', 'haoran', 'lijing', 'zhangmin', 'maya'], speakers: CHINESE, messages: 400, talks: [talk(chinese, 'product')] },
  { key: 'frontend-zh', name: '前端与设计', members: ['xiaoyu', 'haoran', 'lijing', 'linwei', 'elena'], speakers: ['xiaoyu', 'haoran', 'lijing', 'linwei'], messages: 320, talks: [talk(chinese, 'frontend')] },
  { key: 'lunch', name: 'Lunch 午饭 🍜', members: ['sam', 'lijing', ...EVERYONE], messages: 280, talks: [talk(english, 'lunch'), talk(chinese, 'lunch')] },
  { key: 'launch', name: 'Launch room', isPrivate: true, password: LAUNCH_PASSWORD, members: ['maya', 'jonas', 'sam', 'tom', 'linwei'], messages: 100, talks: [talk(english, 'launch')] },
  { key: 'dm-maya-tom', direct: true, members: ['maya', 'tom'], messages: 70, talks: [talk(english, 'direct')] },
  { key: 'dm-elena-priya', direct: true, members: ['elena', 'priya'], messages: 60, talks: [talk(english, 'direct')] },
  { key: 'dm-linwei-xiaoyu', direct: true, members: ['linwei', 'xiaoyu'], messages: 60, talks: [talk(chinese, 'direct')] },
  { key: 'dm-maya-linwei', direct: true, members: ['maya', 'linwei'], messages: 50, talks: [talk(english, 'direct')] },
].map((room) => ({ ...room, members: [...new Set(room.members)] }));

/** In which language somebody speaks where both are spoken. */
export const speaks = (username, language) => (language === chinese ? CHINESE.includes(username) : ENGLISH.includes(username));
