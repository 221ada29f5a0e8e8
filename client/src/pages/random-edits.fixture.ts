import type { Json } from '../../../src/modules/pages/document/json-value.js';
import { AtriumError } from '../errors.js';
import { schemaOf } from './page.fixture.js';
import type { Page } from './page.js';
import type { EditOutcome } from './page-types.js';

/** Numbers that choose: what to do, and with what. */
export type Choice = [what: number, a: number, b: number, c: number];

/** What the random edits begin with. */
export const START = schemaOf({ 1: [2, 3, 4], 2: [5, 6], 5: [7] }, { 2: { list: ['a', 'b', 'c'] }, 7: { text: 'seven' } });

/** What a user could do; what cannot be done here and now is not done. */
export function editAtRandom(page: Page, [what, a, b, c]: Choice, outcomes: Promise<EditOutcome>[] = []): void {
  const ids = Object.keys(page.view.get()!.schema.components);
  const [one, other] = [ids[a % ids.length]!, ids[b % ids.length]!];
  const actions: (() => unknown)[] = [
    () => page.add(one, { type: 'text', props: { text: `new ${a}` } }, c % 4),
    () => page.add(one, { type: 'text' }),
    () => page.move(one, other, c % 4),
    () => page.move(one, other),
    () => page.remove(one),
    () => page.setProps(one, { [`p${b % 2}`]: c }),
    () => page.setProps(one, { [`p${b % 2}`]: undefined }),
    () => page.rename(one, `name ${c}`),
    () => page.duplicate(one),
    () => page.paste(one, page.copy(other), c % 4),
    () => page.undo(),
    () => page.redo(),
    () => outcomes.push(page.edit([{ op: 'replace', path: `/components/${one}/name`, value: `edit ${c}` }])),
    () => outcomes.push(page.edit([{ op: 'add', path: `/components/2/props/list/${b % 3}`, value: c }])),
    () => outcomes.push(page.edit([{ op: 'remove', path: `/components/2/props/list/${b % 3}` }])),
    () => outcomes.push(page.edit([{ op: 'replace', path: `/components/${one}/children`, value: [...page.tree.childrenOf(one)].reverse() as Json }])),
    () => outcomes.push(page.edit([{ op: 'test', path: `/components/${one}/name`, value: `c${one}` }, { op: 'replace', path: `/components/${one}/name`, value: 'tested' }])),
  ];
  try {
    actions[what % actions.length]!();
  } catch (error) {
    if (!(error instanceof AtriumError)) throw error;
  }
}
