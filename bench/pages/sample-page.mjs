/** Pages as a page builder makes them: a root, a section for each editor, and in the sections what one sees. */

import { seededRandom } from '../lib/measure/stats.mjs';

/** Ids of a sample page; numbers of four digits. */
export const ROOT_ID = 1000;
/** Each editor rearranges one section of its own; any editor changes what any component says. */
export const SECTIONS = 50;
/** 600 KB of JSON, about 300 bytes a component; and a page of bare texts, 7 KB. */
export const LARGE_PAGE = 2000;
export const SMALL_PAGE = 60;
/** Characters of the text that an edit writes. */
export const TEXT_CHARS = 40;

const COLORS = ['#1f6feb', '#2da44e', '#cf222e', '#8250df', '#bf8700'];

export const sectionIdOf = (editor) => ROOT_ID + 1 + (editor % SECTIONS);
export const describePage = (components) => `${components.toLocaleString('en')} components`;

/** A component as it stands on a page; a bare one has nothing but its text. */
export function component(id, type, text, random, { children = [], isBare = false } = {}) {
  const props = { text: text.padEnd(TEXT_CHARS, ' ipsum') };
  if (isBare) return { id, type, props, children };
  const at = () => Math.floor(random() * 4000);
  const layout = { x: at(), y: at(), width: 320, height: 48 };
  const style = { color: COLORS[Math.floor(random() * COLORS.length)], background: '#ffffff', fontSize: 16, padding: [8, 12] };
  return { id, name: `${type} ${id}`, type, props: { ...props, href: '/about', layout, style }, children };
}

/** A page of so many components, the same ones each time. */
export function samplePage(components) {
  const random = seededRandom(components);
  const childrenOf = Array.from({ length: SECTIONS }, () => []);
  const leaves = Array.from({ length: components - SECTIONS - 1 }, (_, i) => ROOT_ID + 1 + SECTIONS + i);
  leaves.forEach((id, i) => childrenOf[i % SECTIONS].push(id));
  const sections = childrenOf.map((_, i) => ROOT_ID + 1 + i);
  const isBare = components < LARGE_PAGE;
  const all = [
    component(ROOT_ID, 'page', 'Page', random, { children: sections, isBare }),
    ...sections.map((id, i) => component(id, 'section', 'Section', random, { children: childrenOf[i], isBare })),
    ...leaves.map((id) => component(id, 'text', 'Lorem', random, { isBare })),
  ];
  return { rootId: ROOT_ID, components: Object.fromEntries(all.map((one) => [one.id, one])) };
}
