import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { editorEn } from '../editor.en.js';
import { editorZh } from '../editor.zh.js';
import { snapshotOf } from '../page.fixture.js';
import { changesOf } from './changes.js';
import { changeText } from './change-text.js';
import { compareVersions } from './compare.js';
import { groupsOf, type PageChange } from './groups.js';
import { namesOf } from './names.js';

const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const remove = (path: string) => ({ op: 'remove', path });

const CASES: [what: string, patches: unknown[], en: string[], zh: string[]][] = [
  ['an addition', [add('/components/n', { name: 'New', type: 'text' }), add('/components/root/children/-', 'n')], ['added New'], ['添加了New']],
  [
    'a pasted branch',
    [add('/components/m', { type: 'text' }), add('/components/n', { name: 'Branch', children: ['m'] }), add('/components/root/children/0', 'n')],
    ['added Branch'],
    ['添加了Branch'],
  ],
  ['two at once', [add('/components/m', {}), add('/components/n', {}), add('/components/root/children/0', 'm'), add('/components/root/children/1', 'n')], ['added 2 components'], ['添加了 2 个组件']],
  ['a removal', [remove('/components/root/children/0'), remove('/components/a'), remove('/components/b')], ['removed A'], ['删除了A']],
  ['a move', [{ op: 'move', from: '/components/root/children/0', path: '/components/box/children/-' }], ['moved something from ROOT to BOX'], ['把组件从ROOT移到BOX']],
  ['a move within', [{ op: 'move', from: '/components/box/children/0', path: '/components/box/children/1' }], ['moved something in BOX'], ['在BOX中移动了组件']],
  ['writing', [add('/components/a/props/text', 'H'), add('/components/a/props/text', 'Hi')], ['changed “Text” of A'], ['修改了A的“文字”']],
  ['a cell', [{ op: 'replace', path: '/components/a/props/rows/0/1', value: 'x' }], ['changed “Table” of A'], ['修改了A的“表格”']],
  ['a prop of another client', [add('/components/a/props/colour', 'red')], ['changed “colour” of A'], ['修改了A的“colour”']],
  ['a name', [add('/components/a/name', 'Title')], ['renamed a component to Title'], ['把组件改名为Title']],
  ['something gone', [add('/components/gone/props/text', 'x')], ['changed “Text” of a component'], ['修改了一个组件的“文字”']],
  ['something of a page', [{ op: 'replace', path: '/theme', value: 1 }], ['changed the page'], ['修改了页面']],
  ['the whole page', [{ op: 'replace', path: '', value: {} }], ['changed the page'], ['修改了页面']],
  ['nothing sensible', [null, 7, { op: 'add' }], [], []],
];

describe('what somebody did, in words', () => {
  const t: Record<string, TFunction> = {};
  beforeAll(async () => {
    for (const [language, editor] of Object.entries({ en: editorEn, zh: editorZh })) {
      t[language] = await createInstance().init({ lng: language, resources: { [language]: { translation: { editor } } }, interpolation: { escapeValue: false } });
    }
  });

  it.each(CASES)('%s', (_what, patches, en, zh) => {
    const schema = snapshotOf({ root: ['a', 'box'], box: ['b'] });
    const texts = (language: string) => changesOf(patches).map((change) => changeText(t[language]!, change, namesOf(t[language]!, schema, patches.filter((each) => each !== null && typeof each === 'object') as never)));
    expect(texts('en')).toEqual(en);
    expect(texts('zh')).toEqual(zh);
  });
});

describe('groups of changes', () => {
  const change = (version: number, actorId: string, minute: number, type = 'op-patch'): PageChange => ({ version, actorId, type, at: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString() });

  it('are what one person did without a long pause', () => {
    const groups = groupsOf([change(6, 'ada', 30), change(5, 'ada', 12), change(4, 'ada', 10), change(3, 'ben', 9), change(2, 'ada', 8), change(1, 'ada', 7, 'member-joined')]);
    expect(groups.map(({ actorId, version, base }) => [actorId, version, base])).toEqual([
      ['ada', 6, 5],
      ['ada', 5, 3],
      ['ben', 3, 2],
      ['ada', 2, 1],
      ['ada', 1, 0],
    ]);
    expect(groups[1]).toMatchObject({ since: '2026-01-01T12:10:00.000Z', until: '2026-01-01T12:12:00.000Z' });
  });
});

describe('two versions', () => {
  it('differ in what came, went, moved, or says something else', () => {
    const before = snapshotOf({ root: ['a', 'box', 'old'], box: ['b'] });
    const after = snapshotOf({ root: ['box', 'a', 'new'], box: [], new: ['inner', 'b'] });
    const changed = { ...after, components: { ...after.components, a: { ...after.components['a'], props: { text: 'x' } } } };
    const { marks, removed } = compareVersions(before, changed);
    expect(Object.fromEntries(marks)).toEqual({ a: 'changed', b: 'changed', new: 'added' });
    expect(removed).toBe(1);
    expect(compareVersions(before, before)).toEqual({ marks: new Map(), removed: 0 });
  });

  it('are the same when their props stand in another order', () => {
    const withProps = (props: Record<string, unknown>) => {
      const schema = snapshotOf({ root: ['a'] });
      return { ...schema, components: { ...schema.components, a: { ...schema.components['a'], props } } };
    };
    const [before, after] = [withProps({ text: 'x', style: { b: 1, a: [1, { d: 1, c: 2 }] } }), withProps({ style: { a: [1, { c: 2, d: 1 }], b: 1 }, text: 'x' })];
    expect(compareVersions(before, after).marks).toEqual(new Map());
    expect(compareVersions(before, withProps({ text: 'x', style: { b: 1, a: [1, { d: 1, c: 3 }] } })).marks).toEqual(new Map([['a', 'changed']]));
  });
});
