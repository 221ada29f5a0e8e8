import { describe, expect, it } from 'vitest';
import { toggleMark } from './format-selection.js';

/** The selection is written between ‹ and ›. */
function toggle(written: string, mark: string): string {
  const start = written.indexOf('‹');
  const end = written.indexOf('›') - 1;
  const text = written.replace(/[‹›]/g, '');
  const marked = toggleMark(text, start, end, mark);
  const after = text.slice(0, marked.from) + marked.by + text.slice(marked.to);
  return `${after.slice(0, marked.start)}‹${after.slice(marked.start, marked.end)}›${after.slice(marked.end)}`;
}

describe('marking a selection', () => {
  it.each([
    ['a ‹word› b', '**', 'a **‹word›** b'],
    ['a ‹word› b', '*', 'a *‹word›* b'],
    ['a ‹word ›b', '**', 'a **‹word›** b'],
    ['a ‹›b', '**', 'a **‹›**b'],
    ['‹  ›', '*', '  *‹›*'],
    ['a **‹word›** b', '**', 'a ‹word› b'],
    ['a ‹**word**› b', '**', 'a ‹word› b'],
    ['a *‹word›* b', '*', 'a ‹word› b'],
    ['a **‹word›** b', '*', 'a ***‹word›*** b'],
    ['a ***‹word›*** b', '**', 'a *‹word›* b'],
    ['a ***‹word›*** b', '*', 'a **‹word›** b'],
    ['a *‹word›* b', '**', 'a ***‹word›*** b'],
    ['‹加粗›文字', '**', '**‹加粗›**文字'],
  ])('%j with %s gives %j', (written, mark, marked) => expect(toggle(written, mark)).toBe(marked));

  it('twice leaves what was there', () => {
    for (const written of ['a ‹word› b', '‹›', '‹x›', 'a*‹b›*c']) for (const mark of ['*', '**']) expect(toggle(toggle(written, mark), mark)).toBe(written);
  });
});
