import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageSchema } from '../../../protocol/pages.js';
import { PageDocument } from '../page.document.js';
import { PAGE_LIMITS } from './page-limits.js';
import { findShapeProblem } from './component-shape.js';
import type { Operation } from './json-document.js';
import type { Json, JsonObject } from './json-value.js';

const SEED = Number(process.env['SEED'] ?? 20_260_101);
const page = (component: Json) => ({ rootId: 1, components: { '1': component } });

/** Values around what the members may be. */
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>('', 'x', 'a\tb', 'a\u2029b', 'a\u2066b', 'שלום', 'x'.repeat(64), 'x'.repeat(65), '😀'.repeat(32), '😀'.repeat(33), 0, -1, 1.5, 2 ** 53, null, true, [], {}, [1, 'a'], ['x'.repeat(65)], [1.5], [null], [[]], { a: null }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);
const member = fc.constantFrom('id', 'name', 'type', 'props', 'children', 'style');

describe('the shape of a component', () => {
  it('is what POST and PUT take', () => {
    const component = fc.oneof(fc.dictionary(member, value, { maxKeys: 4 }), value);
    fc.assert(
      fc.property(component, (each) => {
        const issue = PageSchema.safeParse(page(each)).error?.issues[0];
        expect(findShapeProblem(each) === undefined, JSON.stringify(each)).toBe(issue === undefined);
      }),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  it.each<[Json, string]>([
    [{ name: 42 }, '/name'],
    [{ name: 'two\nlines' }, '/name'],
    [{ name: 'a\u202eb' }, '/name'],
    [{ type: null }, '/type'],
    [{ props: [] }, '/props'],
    [{ id: 'x'.repeat(65) }, '/id'],
    [{ children: [1, 'a', 1.5] }, '/children/2'],
    [{ children: {} }, '/children'],
    ['text', ''],
  ])('is not %j, because of %s', (component, path) => {
    expect(findShapeProblem(component)).toMatchObject({ path });
  });
});

const make = (more: JsonObject = {}, isStored = false) =>
  new PageDocument({ rootId: 1, components: { '1': { id: 1, children: [2, 3] }, '2': { id: 2, name: 'Title', props: { text: 'a' }, ...more }, '3': { id: 3, children: [] } } }, 0, PAGE_LIMITS, isStored);
const propose = (document: PageDocument, ...patches: Operation[]) => document.propose({ actorId: null, patches, version: document.version, mode: 'rebase' });
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  }
  return 'applied';
};

describe('a patch', () => {
  it.each<[string, Operation[]]>([
    ['/components/2/name: must be text', [{ op: 'replace', path: '/components/2/name', value: 42 }]],
    ['/components/2/name: must be one line without control characters', [{ op: 'replace', path: '/components/2/name', value: 'a\nb' }]],
    ['/components/2/name: must not contain characters that change the direction of the text', [{ op: 'add', path: '/components/3/name', value: 'ok' }, { op: 'replace', path: '/components/2/name', value: 'a\u202eb' }]],
    ['/components/2/type: must be text', [{ op: 'add', path: '/components/2/type', value: ['text'] }]],
    ['/components/2/props: must be an object', [{ op: 'replace', path: '/components/2/props', value: 'a' }]],
    ['/components/2/props: must be an object', [{ op: 'copy', from: '/components/1/children', path: '/components/2/props' }]],
    ['/components/2/name: must be text', [{ op: 'move', from: '/components/2/props', path: '/components/2/name' }]],
    ['/components/4/name: must be text', [{ op: 'add', path: '/components/4', value: { name: null } }]],
    ['/components/1/children/2: must be an id', [{ op: 'add', path: `/components/${'x'.repeat(65)}`, value: {} }, { op: 'add', path: '/components/1/children/-', value: 'x'.repeat(65) }]],
    ['/rootId: must be an id', [{ op: 'add', path: `/components/${'x'.repeat(65)}`, value: {} }, { op: 'replace', path: '/rootId', value: 'x'.repeat(65) }]],
  ])('is refused with %s, and leaves nothing', (message, patches) => {
    const document = make();
    const before = JSON.stringify(document.schema);
    expect(messageOf(() => propose(document, ...patches))).toContain(`INVARIANT_VIOLATED ${message}`);
    expect([JSON.stringify(document.schema), document.version]).toEqual([before, 0]);
  });

  it('may do in between what it makes good', () => {
    expect(messageOf(() => propose(make(), { op: 'replace', path: '/components/2/name', value: 42 }, { op: 'replace', path: '/components/2/name', value: 'ok' }))).toBe('applied');
    expect(messageOf(() => propose(make(), { op: 'add', path: '/components/4', value: 'x' }, { op: 'remove', path: '/components/4' }))).toBe('applied');
  });

  it('elsewhere is nothing to what was wrong before, and what was wrong can be made good', () => {
    const document = make({ name: 42, props: { text: 'a' } }, true);
    for (const patch of [
      { op: 'replace', path: '/components/2/props/text', value: 'b' },
      { op: 'add', path: '/components/2/type', value: 'text' },
      { op: 'move', from: '/components/1/children/0', path: '/components/1/children/1' },
      { op: 'add', path: '/components/3/name', value: 'c' },
    ] as Operation[]) expect(messageOf(() => propose(document, patch)), patch.path).toBe('applied');
    expect(messageOf(() => propose(document, { op: 'replace', path: '/components/2/name', value: 43 }))).toContain('INVARIANT_VIOLATED');
    expect(messageOf(() => propose(document, { op: 'replace', path: '/components/2/name', value: 'Title' }))).toBe('applied');
    expect(PageSchema.safeParse(document.schema).success).toBe(true);
  });

  it('never makes a page that PUT would refuse', () => {
    const paths = fc.constantFrom('', '/components', '/rootId', '/components/1', '/components/2', '/components/4', ...['id', 'name', 'type', 'props', 'children', 'style'].flatMap((name) => [`/components/2/${name}`, `/components/3/${name}`]), '/components/1/children/0', '/components/1/children/-', '/components/2/props/text', `/components/${'x'.repeat(65)}`);
    const component = fc.dictionary(member, value, { maxKeys: 3 }) as fc.Arbitrary<Json>;
    const operation: fc.Arbitrary<Operation> = fc.oneof(
      fc.record({ op: fc.constantFrom('add' as const, 'replace' as const), path: paths, value: fc.oneof(value, component, fc.constantFrom<Json>(2, 3, 4, 'x'.repeat(65))) }),
      fc.record({ op: fc.constant('remove' as const), path: paths }),
      fc.record({ op: fc.constantFrom('move' as const, 'copy' as const), from: paths, path: paths }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(fc.array(operation, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (patches) => {
        const document = make();
        for (const patch of patches) {
          if (messageOf(() => propose(document, ...patch)) === 'applied') accepted++;
          expect(PageSchema.safeParse(document.schema).error?.issues).toBeUndefined();
        }
      }),
      { seed: SEED, numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });
});
