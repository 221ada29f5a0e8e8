import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = [3_000, 9_000];
/** How long a cursor takes to where it is going, and how often it tells where it is. */
const GLIDE_MS = 1_500;
const STEP_MS = 60;

/** A component with what is in it, to be laid out as a page has it. */
const part = (type, id, name, props = {}, children = []) => ({ type, id, name, props, children });

const LAUNCH = part('page', 'page', 'Harbour 3.0', {}, [
  part('container', 'hero', 'Hero', { direction: 'column', gap: 'large', align: 'center' }, [
    part('text', 'headline', 'Headline', { text: 'Work together, wherever you are', variant: 'heading1', align: 'center' }),
    part('text', 'claim', 'Claim', { text: 'Harbour 3.0 keeps everybody on the same page, also on a train without a network.', variant: 'body', align: 'center' }),
    part('container', 'actions', 'Actions', { direction: 'row', gap: 'medium', align: 'center' }, [
      part('button', 'start', 'Start', { label: 'Start for free', variant: 'primary', href: 'https://harbour.example/start' }),
      part('button', 'talk', 'Talk to us', { label: 'Talk to us', variant: 'secondary', href: 'mailto:hello@harbour.example' }),
    ]),
  ]),
  part('container', 'features', 'Features', { direction: 'row', gap: 'large', align: 'stretch' }, [
    part('container', 'feature-1', 'Offline', { direction: 'column', gap: 'small', align: 'start' }, [
      part('text', 'feature-1-title', 'Title', { text: 'Offline drafts', variant: 'heading2', align: 'start' }),
      part('text', 'feature-1-text', 'Text', { text: 'Write in the tunnel. It is sent when you are out of it, once.', variant: 'body', align: 'start' }),
    ]),
    part('container', 'feature-2', 'Search', { direction: 'column', gap: 'small', align: 'start' }, [
      part('text', 'feature-2-title', 'Title', { text: 'A search that finds', variant: 'heading2', align: 'start' }),
      part('text', 'feature-2-text', 'Text', { text: 'In every language that your people write.', variant: 'body', align: 'start' }),
    ]),
  ]),
  part('table', 'plans', 'Plans', { columns: ['Plan', 'People', 'Price'], rows: [['Quay', 'up to 10', 'free'], ['Pier', 'up to 200', '€4 a month'], ['Harbour', 'any number', 'ask us']] }),
  part('container', 'newsletter', 'Newsletter', { direction: 'column', gap: 'small', align: 'start' }, [
    part('field', 'email', 'E-mail', { label: 'E-mail address', placeholder: 'you@example.org', kind: 'email', options: [], required: true }),
    part('field', 'role', 'Role', { label: 'What do you do?', placeholder: '', kind: 'select', options: ['Design', 'Engineering', 'Support', 'Something else'], required: false }),
    part('button', 'subscribe', 'Subscribe', { label: 'Keep me posted', variant: 'primary', href: '' }),
  ]),
]);

const SIGN_UP = part('page', 'page', '活动报名', {}, [
  part('text', 'headline', '标题', { text: '秋季开放日报名', variant: 'heading1', align: 'start' }),
  part('text', 'claim', '说明', { text: '十一月二十八日下午两点，港口大厦三楼。名额有限，请提前登记。', variant: 'body', align: 'start' }),
  part('container', 'form', '报名表', { direction: 'column', gap: 'medium', align: 'stretch' }, [
    part('field', 'name', '姓名', { label: '姓名', placeholder: '请输入姓名', kind: 'text', options: [], required: true }),
    part('field', 'email', '邮箱', { label: '邮箱', placeholder: 'you@example.org', kind: 'email', options: [], required: true }),
    part('field', 'session', '场次', { label: '场次', placeholder: '', kind: 'select', options: ['14:00 产品演示', '15:00 技术分享', '16:00 自由交流'], required: true }),
    part('field', 'vegetarian', '餐饮', { label: '需要素食', placeholder: '', kind: 'checkbox', options: [], required: false }),
    part('button', 'submit', '提交', { label: '提交报名', variant: 'primary', href: '' }),
  ]),
  part('table', 'agenda', '日程', { columns: ['时间', '内容', '主讲'], rows: [['14:00', '产品演示', '林伟'], ['15:00', '一致性是怎样做到的', '王浩然'], ['16:00', '自由交流', '全体']] }),
]);

/** Pages, who owns and edits them, and what is rewritten on them while one looks. A slug never changes: a second run finds its page. */
export const PAGES = [
  {
    pageId: 'demo-harbour-launch',
    title: 'Harbour 3.0 launch page',
    tree: LAUNCH,
    owner: 'maya',
    editors: ['elena', 'priya', 'sam', 'tom'],
    viewers: ['linwei'],
    rewrites: {
      headline: ['Work together, wherever you are', 'Together, wherever you are', 'Your team in one harbour'],
      claim: ['Harbour 3.0 keeps everybody on the same page, also on a train without a network.', 'Everybody on the same page, also on a train without a network.'],
      'feature-1-text': ['Write in the tunnel. It is sent when you are out of it, once.', 'Write in the tunnel. It is sent when you are out of it, once and in order.'],
      'feature-2-text': ['In every language that your people write.', 'In every language that your people write, 中文 included.'],
    },
  },
  {
    pageId: 'demo-event-signup',
    title: '开放日报名 Open day',
    tree: SIGN_UP,
    owner: 'linwei',
    editors: ['xiaoyu', 'haoran', 'elena'],
    viewers: ['maya', 'lijing'],
    rewrites: {
      headline: ['秋季开放日报名', '秋季开放日，欢迎报名'],
      claim: ['十一月二十八日下午两点，港口大厦三楼。名额有限，请提前登记。', '十一月二十八日下午两点，港口大厦三楼，请提前登记。'],
    },
  },
];

/** Makes the pages that are not there yet, as their owners would. @returns {Promise<number>} how many were made */
export async function fillPages(people) {
  let made = 0;
  for (const { pageId, title, tree, owner: ownerName, editors, viewers } of PAGES) {
    const owner = people.get(ownerName);
    const { items } = await owner.call('GET', `/pages?creator=me&limit=200`);
    if (items.some((page) => page.pageId === pageId)) continue;
    await owner.call('POST', '/pages', { pageId, title, schema: layOut(tree) });
    for (const [role, usernames] of [['editor', editors], ['viewer', viewers]]) {
      for (const username of usernames) await owner.call('PUT', `/pages/${pageId}/members/${people.get(username).user.id}`, { role });
    }
    made++;
  }
  return made;
}

/** A tree as a page has it: components by id, each with the ids of what is in it. */
function layOut(tree) {
  const components = {};
  const lay = ({ children, ...component }, parentId) => {
    components[component.id] = { ...component, parentId, children: children.map(({ id }) => id) };
    for (const child of children) lay(child, component.id);
  };
  lay(tree, null);
  return { rootId: tree.id, components };
}

/** Keeps people on the pages: they move about, select something, and rewrite it, until `signal` aborts. */
export async function keepEditing(people, signal) {
  await Promise.all(PAGES.map((page) => editPage(page, people, signal)));
}

async function editPage({ pageId, owner, editors, rewrites }, people, signal) {
  const authors = [owner, ...editors].filter((username) => people.has(username)).map((username) => new Author(people.get(username), pageId));
  for (const author of authors) await author.join();
  while (!signal.aborted) {
    const author = authors[Math.floor(Math.random() * authors.length)];
    const ids = Object.keys(rewrites);
    const id = ids[Math.floor(Math.random() * ids.length)];
    await author.goTo(id, signal);
    if (!signal.aborted) await author.rewrite(id, rewrites[id]).catch((error) => console.error(`✗ ${error.message}`));
    await pause(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]), signal);
  }
}

/** Somebody on a page: where the cursor is, and the version that is on the screen. */
class Author {
  #person;
  #pageId;
  #version = 0;
  #texts = new Map();
  #at = { x: 200 + Math.random() * 600, y: 100 + Math.random() * 400 };

  constructor(person, pageId) {
    this.#person = person;
    this.#pageId = pageId;
    person.socket.on('op-patch', (entry) => entry.pageId === pageId && this.#take(entry));
    // Again after the server was away.
    person.socket.on('session', () => void this.join().catch(() => {}));
  }

  async join() {
    const { version, schema } = await this.#person.send('page-join', { pageId: this.#pageId, sync: false });
    this.#version = version;
    for (const [id, { props }] of Object.entries(schema.components)) this.#texts.set(id, props?.text);
  }

  #take({ version, patches }) {
    this.#version = Math.max(this.#version, version);
    for (const { path, value } of patches) {
      const id = /^\/components\/([^/]+)\/props\/text$/.exec(path)?.[1];
      if (id) this.#texts.set(id, value);
    }
  }

  /** The cursor glides to another place, and selects. */
  async goTo(componentId, signal) {
    const from = this.#at;
    const to = { x: 120 + Math.random() * 760, y: 80 + Math.random() * 520 };
    for (let ms = 0; ms < GLIDE_MS && !signal.aborted; ms += STEP_MS) {
      const share = ms / GLIDE_MS;
      this.#at = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
      this.#tell({ componentId: null, selection: [] });
      await pause(STEP_MS, signal);
    }
    this.#tell({ componentId, selection: [componentId] });
  }

  /** A cursor may be lost, and nobody misses it. */
  #tell(more) {
    this.#person.socket.emit('cursor-move', { pageId: this.#pageId, ...this.#at, ...more }, () => {});
  }

  /** Puts one of the other wordings there. */
  async rewrite(id, wordings) {
    const others = wordings.filter((wording) => wording !== this.#texts.get(id));
    const value = others[Math.floor(Math.random() * others.length)];
    const patches = [{ op: 'replace', path: `/components/${id}/props/text`, value }];
    await this.#person.send('op-patch', { pageId: this.#pageId, version: this.#version, patches, opId: `demo-${crypto.randomUUID()}` });
  }
}

async function pause(ms, signal) {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
