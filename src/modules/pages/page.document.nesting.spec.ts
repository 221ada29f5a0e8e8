import { describe, expect, it } from 'vitest';
import type { Operation } from './document/json-document.js';
import { depthOfJson } from './document/json-size.js';
import { equalJson, type Json, stringifyJson } from './document/json-value.js';
import { checkPatch, PAGE_LIMITS } from './document/page-limits.js';
import { PageDocument } from './page.document.js';

const nested = (levels: number, innermost: Json = 1): Json => {
  let value = innermost;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};
const schemaWith = (props: Record<string, Json>): Json => ({ rootId: 'r', components: { r: { id: 'r', props, children: [] } } });
const pageWith = (props: Record<string, Json>, isStored = false) => new PageDocument(schemaWith(props), 0, PAGE_LIMITS, isStored);
const propsOf = (page: PageDocument) => (page.schema as { components: { r: { props: Record<string, Json> } } }).components.r.props;

const at = (...tokens: (string | number)[]) => `/components/r/props/${tokens.join('/')}`;
/** The pointer to what lies in the middle of so many arrays. */
const into = (name: string, levels: number) => at(name, ...Array<number>(levels).fill(0));
const propose = (page: PageDocument, ...patches: Operation[]) => page.propose({ actorId: 'ada', patches, version: page.version, mode: 'rebase' });
const DEPTH = PAGE_LIMITS.jsonDepth;

describe('a value', () => {
  it('may have 64 levels in a prop, however it comes there', () => {
    const page = pageWith({ full: nested(DEPTH), half: nested(DEPTH / 2), other: nested(DEPTH / 2) });
    propose(page, { op: 'add', path: at('new'), value: nested(DEPTH) });
    propose(page, { op: 'move', from: at('half'), path: into('other', DEPTH / 2) });
    expect(depthOfJson(propsOf(page)['other']!)).toBe(DEPTH);
    propose(page, { op: 'copy', from: at('full'), path: at('copied') });
    // As a whole as well as prop by prop.
    checkPatch([{ op: 'add', path: '/components/s', value: { props: { x: nested(DEPTH) } } }]);
    checkPatch([{ op: 'replace', path: '', value: schemaWith({ x: nested(DEPTH) }) }]);
  });

  it.each<[string, Operation[]]>([
    ['added', [{ op: 'add', path: at('new'), value: nested(DEPTH + 1) }]],
    ['put into another', [{ op: 'add', path: into('half', 1), value: nested(DEPTH) }]],
    ['replaced', [{ op: 'replace', path: into('full', DEPTH), value: [] }]],
    ['moved', [{ op: 'move', from: at('full'), path: into('half', 1) }]],
    ['copied', [{ op: 'copy', from: at('full'), path: into('half', 1) }]],
    ['copied into itself', [{ op: 'copy', from: at('half'), path: into('half', DEPTH / 2) }, { op: 'copy', from: at('half'), path: into('half', 3) }]],
    ['a component', [{ op: 'add', path: '/components/s', value: { props: { x: nested(DEPTH + 1) } } }]],
    ['moved with what it is in', [{ op: 'move', from: at('full'), path: '/components/r/props/box/in' }]],
  ])('is refused when it would have more: %s', (_what, patches) => {
    const page = pageWith({ full: nested(DEPTH), half: nested(DEPTH / 2), box: {} });
    const before = JSON.stringify(page.schema);
    expect(() => propose(page, ...patches)).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    expect([JSON.stringify(page.schema), page.version]).toEqual([before, 0]);
  });

  it('is refused by its place in the patch when it is sent', () => {
    expect(() => checkPatch([{ op: 'add', path: at('x'), value: nested(DEPTH + 1) }])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', at: `[0].value${'.0'.repeat(DEPTH)}` }));
    expect(() => checkPatch([{ op: 'add', path: into('x', 1), value: nested(DEPTH) }])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('is refused in a new page', () => {
    expect(() => pageWith({ x: nested(DEPTH + 1) })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    expect(() => pageWith({ x: nested(DEPTH) })).not.toThrow();
  });
});

describe('a page that is nested more deeply than is allowed by now', () => {
  const LEVELS = 20_000;
  const deep = () => pageWith({ deep: nested(LEVELS), more: nested(LEVELS), text: 'text' }, true);

  it('can be read, and its past', () => {
    const page = deep();
    const text = stringifyJson(page.schema);
    expect(text.length).toBe(stringifyJson(schemaWith({})).length + `"deep":${'[]'.repeat(LEVELS)}1,"more":${'[]'.repeat(LEVELS)}1,"text":"text"`.length);
    page.follow(1, null, [{ op: 'move', from: at('deep'), path: into('more', LEVELS) }]);
    expect(equalJson(JSON.parse(page.readAt(0, stringifyJson)) as Json, JSON.parse(text) as Json)).toBe(true);
  });

  it('cannot be changed, but made flatter', () => {
    const page = deep();
    for (const patches of [
      [{ op: 'replace', path: at('text'), value: 'other' }],
      [{ op: 'add', path: '/components/r/name', value: 'name' }],
      [{ op: 'move', from: at('text'), path: into('deep', 1) }],
      [{ op: 'copy', from: at('deep'), path: at('copy') }],
    ] satisfies Operation[][]) {
      expect(() => propose(page, ...patches), JSON.stringify(patches)).toThrow(expect.objectContaining({ code: expect.stringMatching(/INVARIANT_VIOLATED|PAYLOAD_TOO_LARGE/) as string }));
    }
    expect(propsOf(page)['text']).toBe('text');
    propose(page, { op: 'move', from: into('deep', LEVELS - 1), path: at('innermost') });
    propose(page, { op: 'remove', path: at('deep') });
    expect(() => propose(page, { op: 'replace', path: at('text'), value: 'other' })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    propose(page, { op: 'replace', path: into('more', 10), value: 'flat' });
    propose(page, { op: 'replace', path: at('text'), value: 'other' });
    expect(propsOf(page)['text']).toBe('other');
    // And back, as it was not committed after all.
    for (let i = 0; i < 4; i++) page.retract();
    expect(depthOfJson(page.schema)).toBe(LEVELS + 4);
    expect(() => propose(page, { op: 'replace', path: at('text'), value: 'other' })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
  });

  it('lets what was undone be no deeper than what is there', () => {
    const page = deep();
    const { inverse } = propose(page, { op: 'remove', path: at('deep') }, { op: 'remove', path: at('more') }) as unknown as { inverse: Operation[] };
    expect(() => page.propose({ actorId: 'ada', patches: inverse, version: page.version, mode: 'undo' })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
  });
});

describe('components', () => {
  const chain = (length: number, from: number) => Object.fromEntries(Array.from({ length }, (_, i) => [`c${from + i}`, { children: i + 1 < length ? [`c${from + i + 1}`] : [] }]));
  const LIMIT = PAGE_LIMITS.treeDepth;

  it('may lie in 256 others', () => {
    expect(() => new PageDocument({ rootId: 'c0', components: chain(LIMIT + 1, 0) }, 0)).not.toThrow();
    expect(() => new PageDocument({ rootId: 'c0', components: chain(LIMIT + 2, 0) }, 0)).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
  });

  it('count with everything in them when they are moved', () => {
    const components = { ...chain(200, 0), ...chain(200, 200) } as Record<string, { children: string[] }>;
    components['c0']!.children.push('c200');
    const page = new PageDocument({ rootId: 'c0', components }, 0);
    const move = (to: number): Operation[] => [{ op: 'move', from: '/components/c0/children/1', path: `/components/c${to}/children/0` }];
    expect(() => propose(page, ...move(57))).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    expect(() => propose(page, ...move(199))).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    propose(page, ...move(56));
    new PageDocument(structuredClone(page.schema), 0);
  });

  it('that lie deeper already can be brought up, and nothing else can be done', () => {
    const page = new PageDocument({ rootId: 'c0', components: chain(400, 0) }, 0, PAGE_LIMITS, true);
    expect(() => propose(page, { op: 'add', path: '/components/c1/name', value: 'name' })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    propose(page, { op: 'move', from: '/components/c199/children/0', path: '/components/c0/children/-' });
    propose(page, { op: 'add', path: '/components/c1/name', value: 'name' });
  });
});

describe('a page whose journal does not follow', () => {
  it('is as it was before, read-only, until it is repaired', () => {
    const page = pageWith({ text: 'good' });
    page.follow(1, 'ada', [{ op: 'replace', path: at('text'), value: 'better' }]);
    expect(() => page.follow(2, 'ada', [{ op: 'remove', path: at('none') }])).toThrow();
    page.breakAt(2);
    page.follow(3, 'ben', [{ op: 'replace', path: at('text'), value: 'unknown' }]);
    expect([page.version, page.brokenAt, page.goodVersion, propsOf(page)['text']]).toEqual([3, 2, 1, 'better']);
    expect(() => propose(page, { op: 'replace', path: at('text'), value: 'mine' })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    const other = new PageDocument(structuredClone(page.schema), 1, PAGE_LIMITS, true);
    other.breakAt(2);
    other.pass(3);
    const { version, patches } = page.repair('ada', schemaWith({ text: 'good' }));
    other.follow(version, 'ada', patches, true);
    for (const each of [page, other]) {
      expect([each.version, each.brokenAt, propsOf(each)['text']]).toEqual([4, undefined, 'good']);
      each.remember([{ version: 2, actorId: 'ada', patches: [], inverse: [] }], 1);
      expect(each.reaches(1)).toBe(false);
      expect(propose(each, { op: 'replace', path: at('text'), value: 'mine' })).toMatchObject({ version: 5 });
    }
  });

  it('is damaged still when the repair was not committed', () => {
    const page = pageWith({ text: 'good' });
    page.breakAt(1);
    page.repair('ada', schemaWith({ text: 'repaired' }));
    page.retract();
    expect([page.version, page.brokenAt, propsOf(page)['text']]).toEqual([1, 1, 'good']);
  });

  it('is not repaired by what is no page', () => {
    const page = pageWith({ text: 'good' });
    page.breakAt(1);
    expect(() => page.repair('ada', { rootId: 'none', components: {} })).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    expect([page.version, page.brokenAt, propsOf(page)['text']]).toEqual([1, 1, 'good']);
  });
});
