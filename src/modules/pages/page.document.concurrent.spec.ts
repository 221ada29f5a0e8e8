import { describe, expect, it } from 'vitest';
import type { Operation } from './document/json-document.js';
import type { Json } from './document/json-value.js';
import { PageDocument, type PatchRequest, StaleVersion } from './page.document.js';

interface Component {
  props?: Record<string, Json>;
  children?: Json[];
}

/** Components 1 (the root) to 6. */
function pageOf(tree: Record<number, number[]>, props: Record<string, Json> = {}): PageDocument {
  const components = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [i + 1, { id: i + 1, props: i === 0 ? props : {}, children: tree[i + 1] ?? [] }]));
  return new PageDocument({ rootId: 1, components }, 0);
}

const componentsOf = (page: PageDocument) => (page.schema as unknown as { components: Record<string, Component> }).components;
const childrenOf = (page: PageDocument, id: number | string) => componentsOf(page)[id]?.children;
const propsOf = (page: PageDocument) => componentsOf(page)['1']!.props!;

const add = (path: string, value: Json): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: Json): Operation => ({ op: 'replace', path, value });
const remove = (path: string): Operation => ({ op: 'remove', path });
const move = (from: string, path: string): Operation => ({ op: 'move', from, path });
const prop = (path: string) => `/components/1/props/${path}`;

const propose = (page: PageDocument, version: number, patches: Operation[], extra: Partial<PatchRequest> = {}) => page.propose({ actorId: 'ada', version, patches, mode: 'rebase', ...extra });
/** Somebody else, who is up to date. */
const happen = (page: PageDocument, ...patches: Operation[]) => propose(page, page.version, patches, { actorId: 'ben' });
const inverseOf = (applied: ReturnType<PageDocument['propose']>) => (applied as unknown as { inverse: Operation[] }).inverse;

describe('several operations on one list, when somebody else has changed it', () => {
  it('hit the rows that they mean', () => {
    const page = pageOf({}, { rows: ['a', 'b'] });
    happen(page, add(prop('rows/1'), 'T'));
    expect(propose(page, 0, [remove(prop('rows/0')), replace(prop('rows/0'), 'B')])).toMatchObject({ patches: [remove(prop('rows/0')), replace(prop('rows/1'), 'B')] });
    expect(propsOf(page)).toEqual({ rows: ['T', 'B'] });
  });

  it.each<[string, Operation[], Operation[], Json[]]>([
    ['put in before what is changed', [add(prop('rows/0'), 'T')], [add(prop('rows/1'), 'x'), replace(prop('rows/2'), 'B')], ['T', 'a', 'x', 'B', 'c']],
    ['take out what somebody else takes out', [remove(prop('rows/0'))], [remove(prop('rows/0')), replace(prop('rows/0'), 'B')], ['B', 'c']],
    ['take out, and put in at the end', [add(prop('rows/-'), 'T')], [remove(prop('rows/0')), add(prop('rows/-'), 'x'), replace(prop('rows/2'), 'X')], ['b', 'c', 'T', 'X']],
    ['move what somebody else has moved', [move(prop('rows/0'), prop('rows/2'))], [move(prop('rows/0'), prop('rows/1')), replace(prop('rows/1'), 'A')], ['b', 'A', 'c']],
    ['change what somebody else has moved away', [move(prop('rows/0'), prop('rows/2')), add(prop('rows/0'), 'T')], [remove(prop('rows/1')), replace(prop('rows/0'), 'A')], ['T', 'c', 'A']],
    ['replace all of it, and change it then', [add(prop('rows/0'), 'T')], [replace(prop('rows'), ['p', 'q']), replace(prop('rows/1'), 'Q')], ['p', 'Q']],
  ])('%s', (_what, theirs, mine, rows) => {
    const page = pageOf({}, { rows: ['a', 'b', 'c'] });
    happen(page, ...theirs);
    propose(page, 0, mine);
    expect(propsOf(page)['rows']).toEqual(rows);
  });

  it('meet, within a row that they have moved, what somebody else has done there', () => {
    const rows = (): Json => [['a'], ['b'], ['hello world', 'c', 'd']];
    const typed = pageOf({}, { rows: rows() });
    happen(typed, replace(prop('rows/2/0'), 'hello big world'));
    propose(typed, 0, [remove(prop('rows/0')), replace(prop('rows/1/0'), 'hello world!')]);
    expect(propsOf(typed)).toEqual({ rows: [['b'], ['hello big world!', 'c', 'd']] });
    const taken = pageOf({}, { rows: rows() });
    happen(taken, remove(prop('rows/2/1')));
    propose(taken, 0, [remove(prop('rows/0')), replace(prop('rows/1/1'), 'C'), replace(prop('rows/1/2'), 'D')]);
    expect(propsOf(taken)).toEqual({ rows: [['b'], ['hello world', 'D']] });
  });

  it('follow a value into a list, and in that list', () => {
    const page = pageOf({}, { box: { text: 'a', cells: ['x', 'y'] }, list: [] });
    happen(page, move(prop('box'), prop('list/0')));
    happen(page, add(prop('list/0'), 'before'), add(prop('list/1/cells/0'), 'w'));
    propose(page, 0, [add(prop('box/mark'), 'box'), replace(prop('box/cells/1'), 'Y')]);
    expect(propsOf(page)).toEqual({ list: ['before', { text: 'a', cells: ['w', 'x', 'Y'], mark: 'box' }] });
  });

  it('leave alone what somebody has saved out of what they take away', () => {
    const page = pageOf({}, { a: { rows: ['x'] }, b: ['p', 'q'] });
    happen(page, move(prop('a/rows/0'), prop('b/0')));
    propose(page, 0, [remove(prop('a')), replace(prop('b/0'), 'P')]);
    expect(propsOf(page)).toEqual({ b: ['x', 'P', 'q'] });
  });

  it('cost no more than is allowed for, however much has happened', () => {
    const page = pageOf({}, { rows: Array.from({ length: 1_000 }, (_, i) => i) });
    for (let i = 0; i < 1_000; i++) happen(page, add(prop('rows/0'), i), remove(prop('rows/1')));
    const mine = Array.from({ length: 500 }, (_, i) => replace(prop(`rows/${i}`), 'mine'));
    const before = JSON.stringify(page.schema);
    expect(() => propose(page, 0, mine)).toThrow(StaleVersion);
    expect(JSON.stringify(page.schema)).toBe(before);
    // The first of the rows is gone.
    propose(page, 0, mine.slice(0, 10));
    expect(propsOf(page)['rows']).toEqual([999, ...Array<string>(9).fill('mine'), ...Array.from({ length: 990 }, (_, i) => 10 + i)]);
  });
});

describe('a branch that a stale patch deletes', () => {
  const branch = [remove('/components/1/children/0'), remove('/components/2'), remove('/components/3')];
  const NEW = { id: 'new', children: [] };

  it('gives what others have put into it to the nearest component that is left', () => {
    const page = pageOf({ 1: [2, 4], 2: [3] });
    happen(page, add('/components/new', NEW), add('/components/3/children/-', 'new'));
    expect(propose(page, 0, branch)).toMatchObject({ outcome: 'rebased', patches: [...branch, add('/components/1/children/0', 'new')] });
    expect([childrenOf(page, 1), Object.keys(componentsOf(page))]).toEqual([['new', 4], ['1', '4', '5', '6', 'new']]);
  });

  it('gives back what others have moved into it, with all that is in it, in order', () => {
    const page = pageOf({ 1: [4, 2, 5], 2: [3], 4: [6] });
    happen(page, move('/components/1/children/0', '/components/2/children/0'));
    happen(page, move('/components/1/children/1', '/components/2/children/-'));
    propose(page, 0, [remove('/components/1/children/1'), remove('/components/2'), remove('/components/3')]);
    expect([childrenOf(page, 1), childrenOf(page, 4), childrenOf(page, 3)]).toEqual([[4, 5], [6], undefined]);
  });

  it('comes back as it was, when that is taken back', () => {
    const page = pageOf({ 1: [2, 4], 2: [3] });
    happen(page, add('/components/new', NEW), add('/components/3/children/-', 'new'));
    const before = JSON.stringify(page.schema);
    propose(page, 0, branch);
    page.retract();
    expect(JSON.parse(JSON.stringify(page.schema))).toEqual(JSON.parse(before));
  });

  it('leaves out of sight what the patch itself leaves out of sight', () => {
    const page = pageOf({ 1: [2, 4], 2: [3] });
    happen(page, add('/components/2/props/x', 1));
    propose(page, 0, [remove('/components/1/children/0')]);
    expect([childrenOf(page, 1), childrenOf(page, 2)]).toEqual([[4], [3]]);
  });
});

describe('an undo', () => {
  it.each<[string, Operation[], Operation[]]>([
    ['a list to which somebody has appended', [add(prop('list'), ['a'])], [add(prop('list/-'), 'b')]],
    ['a list into which somebody has put something', [add(prop('list'), ['a'])], [add(prop('list/0'), 'b')]],
    ['a list into which somebody has moved something', [add(prop('list'), ['a'])], [move(prop('other'), prop('list/-'))]],
    ['a component to which somebody has appended', [add('/components/x', { id: 'x', children: [] }), add('/components/1/children/-', 'x')], [add('/components/x/children/-', 6)]],
  ])('leaves alone %s', (_what, mine, theirs) => {
    const page = pageOf({}, { other: 'other' });
    const made = propose(page, 0, mine);
    happen(page, ...theirs);
    const before = JSON.stringify(page.schema);
    expect(propose(page, 1, inverseOf(made), { mode: 'undo' })).toMatchObject({ outcome: 'discarded' });
    expect(JSON.stringify(page.schema)).toBe(before);
  });

  it.each<[string, before: string, mine: string, theirs: string, after: string]>([
    ['what one has typed, and not what others have typed into it', '', 'Hello world', 'Hello brave world', 'brave '],
    ['a word that one has put in, beside what others have put in', 'Harbour at night', 'Harbour and ships at night', 'The Harbour and ships at night!', 'The Harbour at night!'],
    ['a word that one has taken out', 'Harbour at night', 'Harbour', 'The Harbour', 'The Harbour at night'],
    ['nothing of a text that others have written anew', 'Harbour', 'Harbour at night', 'Zoo', 'Zoo'],
    ['nothing of one that has some of the old letters by chance', 'hello', 'hello mine', 'Totally different stuff', 'Totally different stuff'],
    ['nothing of one that has many of the old letters by chance', 'Welcome to our site', 'About the company', 'Join us this summer', 'Join us this summer'],
    ['nothing of a text that one has written anew, and others have gone on from', 'Harbour', 'Zoo, big', 'Zoo, big!', 'Zoo, big!'],
    ['nothing of a letter that others have replaced', '', 'a', 'b', 'b'],
    ['nothing of what others have taken out already', 'Harbour', 'Harbour at night', 'Harbour', 'Harbour'],
  ])('takes back %s', (_what, before, mine, theirs, after) => {
    const page = pageOf({}, { text: before });
    const made = propose(page, 0, [replace(prop('text'), mine)]);
    happen(page, replace(prop('text'), theirs));
    const { outcome } = propose(page, 1, inverseOf(made), { mode: 'undo' });
    expect([propsOf(page)['text'], outcome]).toEqual([after, after === theirs ? 'discarded' : 'rebased']);
  });

  it('leaves alone a text that has changed in too many places to be merged', () => {
    const words = (letter: string) => Array.from({ length: 4_000 }, (_, n) => `${letter}${n}`).join(' ');
    const page = pageOf({}, { text: words('a') });
    const made = propose(page, 0, [replace(prop('text'), words('b'))]);
    happen(page, replace(prop('text'), words('c')));
    expect(propose(page, 1, inverseOf(made), { mode: 'undo' })).toMatchObject({ outcome: 'discarded' });
  });

  it('of what it does take back hits the right rows, beside one that it leaves', () => {
    const page = pageOf({}, { rows: ['a'] });
    const made = propose(page, 0, [add(prop('rows/1'), { n: 1 }), add(prop('rows/2'), { n: 2 }), add(prop('rows/3'), { n: 3 })]);
    happen(page, add(prop('rows/2/mark'), 'theirs'), add(prop('rows/0'), 'T'));
    propose(page, 1, inverseOf(made), { mode: 'undo' });
    expect(propsOf(page)['rows']).toEqual(['T', 'a', { n: 2, mark: 'theirs' }]);
  });
});

describe('a text in which somebody else has typed', () => {
  const text = (page: PageDocument) => propsOf(page)['text'];
  const typing = (value: string) => [replace(prop('text'), value)];

  it('has what both have typed', () => {
    const page = pageOf({}, { text: 'Hello world' });
    happen(page, ...typing('Hello brave world'));
    expect(propose(page, 0, typing('Hello world!'))).toMatchObject({ outcome: 'rebased', version: 2, patches: typing('Hello brave world!') });
    expect(text(page)).toBe('Hello brave world!');
    page.retract();
    expect(text(page)).toBe('Hello brave world');
  });

  it('has it also beside other changes, in a row that has moved', () => {
    const page = pageOf({}, { rows: [{ text: 'one' }] });
    happen(page, add(prop('rows/0'), 'T'));
    happen(page, replace(prop('rows/1/text'), 'one two'));
    propose(page, 0, [add(prop('other'), 1), replace(prop('rows/0/text'), 'zero one')]);
    expect(propsOf(page)).toEqual({ other: 1, rows: ['T', { text: 'zero one two' }] });
  });

  it('is set, and not merged, by `add`: the last one wins', () => {
    const page = pageOf({}, { colour: '#ff0000' });
    happen(page, add(prop('colour'), '#00ff00'));
    propose(page, 0, [add(prop('colour'), '#0000ff')]);
    expect(propsOf(page)).toEqual({ colour: '#0000ff' });
  });

  it('is refused when all texts of the patch together take too much work, though one of them would not', () => {
    const words = (letter: string) => Array.from({ length: 250 }, (_, n) => letter + n).join(' ');
    const names = Array.from({ length: 40 }, (_, n) => `text${n}`);
    const page = pageOf({}, Object.fromEntries(names.map((name) => [name, words('a')])));
    happen(page, ...names.map((name) => replace(prop(name), words('b'))));
    const all = names.map((name) => replace(prop(name), words('c')));
    expect(() => propose(page, 0, all)).toThrow(StaleVersion);
    expect(propsOf(page)['text0']).toBe(words('b'));
    expect(propose(page, 0, all.slice(0, 1))).toMatchObject({ outcome: 'rebased' });
  });

  it('is refused in strict mode', () => {
    const page = pageOf({}, { text: 'Hello' });
    happen(page, ...typing('Hello!'));
    expect(() => propose(page, 0, typing('Hello?'), { mode: 'strict' })).toThrow(StaleVersion);
  });

  it('is refused with what stands there when it differs too much to be merged', () => {
    const random = (seed: number) => Array.from({ length: 4_000 }, (_, i) => String.fromCharCode(97 + (Math.imul(i + seed, 2_654_435_761) >>> 8) % 26)).join('');
    const page = pageOf({}, { text: random(1) });
    happen(page, ...typing(random(5_000)));
    expect(() => propose(page, 0, typing(`${random(9_000)}${random(1).slice(0, 2_000)}`))).toThrow(expect.objectContaining({ name: 'StaleVersion', current: { [prop('text')]: random(5_000) } }));
    expect(text(page)).toBe(random(5_000));
  });

  it('of somebody who types on without waiting for acks has each character once', () => {
    const page = pageOf({}, { text: '' });
    const type = (value: string) => propose(page, 0, typing(value), { connection: 'one' });
    type('H');
    expect(text(page)).toBe('H');
    type('He');
    expect(text(page)).toBe('He');
    happen(page, ...typing('He!'));
    type('Hel');
    expect(text(page)).toBe('Hel!');
    happen(page, ...typing('>Hel!'));
    type('Hell');
    expect(text(page)).toBe('>Hell!');
    // Another device of the same person knows nothing of all that.
    propose(page, 0, typing('?'), { connection: 'two' });
    expect(text(page)).toBe('?>Hell!');
  });

  it('of somebody who types on so, beside other changes, too', () => {
    const page = pageOf({}, { text: '', rows: ['a'] });
    const type = (value: string, row: string) => propose(page, 0, [replace(prop('text'), value), add(prop(`rows/0`), row)], { connection: 'one' });
    type('H', 'x');
    happen(page, ...typing('H!'));
    type('He', 'y');
    type('Hel', 'z');
    expect(text(page)).toBe('Hel!');
  });
});
