/**
 * Patches that looked small and kept everybody waiting, as plain data. Each: `page` as it is created, `before` it patches of somebody else's,
 * each on the newest version, then `patches` by the attacker, on version `version` (absent: the newest).
 */

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const add = (path, value) => ({ op: 'add', path, value });
const move = (from, path) => ({ op: 'move', from, path });
const test = (path, value) => ({ op: 'test', path, value });
const remove = (path) => ({ op: 'remove', path });
const rows = (path = '') => `/components/2/props/rows${path}`;
const prop = (name) => `/components/2/props/${name}`;

/** Component 1 lists all the others; 2 has these props. */
function pageOf(count, props = {}) {
  const components = { 1: { id: 1, type: 'page', props: {}, children: times(count - 1, (i) => i + 2) } };
  for (let id = 2; id <= count; id++) components[id] = { id, type: 'text', props: id === 2 ? props : { text: `text ${id}` }, children: [] };
  return { rootId: 1, components };
}

const LARGE = () => ({ list: times(125_000, (i) => ({ a: i, b: `value ${i}` })) });
const names = (count) => Object.fromEntries(times(count, (i) => [`k${i}`, 1]));

export const PAGE_ATTACKS = {
  '1,000 moves of rows, 200 of others since': () => ({ page: pageOf(10, { rows: times(100, String) }), before: times(200, () => [move(rows('/1'), rows('/50'))]), patches: times(1_000, (i) => move(rows(`/${i % 10}`), rows('/60'))), version: 0 }),
  '200 rows put in, 1,000 of others since': () => ({ page: pageOf(10, { rows: times(10, String) }), before: times(1_000, () => [add(rows('/0'), 'y')]), patches: times(200, (i) => add(rows(`/${i % 10}`), 'z')), version: 0 }),
  '1,000 pointers, 16,000 of others since': () => ({ page: pageOf(10), before: times(400, (i) => times(40, (j) => add(prop(`k${j}`), i))), patches: times(1_000, (i) => add(prop(`mine${i}`), 1)), version: 1 }),
  '200 children into a list of 19,000, stale': () => ({ page: pageOf(19_000), before: [[remove('/components/1/children/5')]], patches: times(200, (i) => [add(`/components/n${i}`, { id: `n${i}` }), add('/components/1/children/18000', `n${i}`)]).flat(), version: 0 }),
  'a list of 8,000 children, into which others put 500': () => ({ page: pageOf(18_000), before: [times(500, (i) => [add(`/components/n${i}`, { id: `n${i}` }), add('/components/1/children/-', `n${i}`)]).flat()], patches: [{ op: 'replace', path: '/components/1/children', value: times(8_000, (i) => i + 2) }], version: 0 }),
  'a pointer of 120,000 parts, stale': () => ({ page: pageOf(10, { rows: ['a'] }), before: [[add(rows('/0'), 'y')]], patches: [test(rows('/0'.repeat(120_000)), 1)], version: 0 }),
  '40 moves of 4 MB': () => ({ page: pageOf(10, { at0: LARGE() }), before: [], patches: times(40, (i) => move(prop(`at${i}`), prop(`at${i + 1}`))) }),
  '4 moves of 4 MB over something': () => ({ page: pageOf(10, { at0: LARGE() }), before: [], patches: times(4, (i) => [add(prop(`at${i + 1}`), 1), move(prop(`at${i}`), prop(`at${i + 1}`))]).flat() }),
  '1,000 comparisons with 300,000 names': () => ({ page: pageOf(10, names(300_000)), before: [], patches: times(1_000, () => test('/components/2/props', { k0: 1 })) }),
  '500 rows out of and into a list of a million': () => ({ page: pageOf(10, { rows: times(1_000_000, () => 1) }), before: [], patches: times(500, () => [remove(rows('/0')), add(rows('/0'), 1)]).flat() }),
  '200 moves of a list of 19,000 children': () => ({ page: pageOf(19_000), before: [], patches: times(200, (i) => move(`/components/${i % 2 ? 2 : 1}/children`, `/components/${i % 2 ? 1 : 2}/children`)) }),
  'a row, after others have replaced 4 MB': () => ({ page: pageOf(10, LARGE()), before: [[{ op: 'replace', path: '/components/2/props', value: { rows: [1] } }]], patches: [add('/components/2/props/list/0', 1)], version: 0 }),
  'a letter, as people type': () => ({ page: pageOf(1_000), before: [], patches: [{ op: 'replace', path: prop('text'), value: 'a' }].map(({ path, value }) => add(path, value)) }),
};
