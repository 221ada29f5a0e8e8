import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/support/random.js';
import { canonical, componentsOf, RandomEditor, startPage } from '../../../test/support/random-edits.js';
import type { Operation } from './document/json-document.js';
import { type Applied, PageDocument, StaleVersion } from './page.document.js';

describe('P6: editors who are behind', () => {
  it('converge on a whole tree, never touch another component than the one they meant, and are hardly ever refused', () => {
    const tally = { sent: 0, refused: 0 };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const server = new PageDocument(startPage(), 0);
        const journal: { version: number; actorId: string; patches: readonly Operation[] }[] = [];
        const editors = ['x', 'y', 'z', 'w'].map((name) => new RandomEditor(name, new PageDocument(startPage(), 0), random));
        const catchUp = (editor: RandomEditor, upTo: number): void => {
          for (const { version, actorId, patches } of journal.slice(editor.page.version, upTo)) editor.page.follow(version, actorId, patches);
        };
        for (let step = 0; step < 60; step++) {
          const editor = random.pick(editors);
          catchUp(editor, editor.page.version + random.below(server.version - editor.page.version + 1));
          const { patches, removes } = editor.edit();
          const before = canonical(server.schema);
          const known = new Set(Object.keys(componentsOf(server)));
          tally.sent += 1;
          let applied: Applied;
          try {
            applied = server.propose({ actorId: editor.name, patches, version: editor.page.version, mode: 'rebase' });
          } catch (error) {
            // What applies to its own version is never the sender's fault.
            expect(error).toBeInstanceOf(StaleVersion);
            expect(canonical(server.schema)).toBe(before);
            tally.refused += 1;
            continue;
          }
          const present = new Set(Object.keys(componentsOf(server)));
          expect([...known].filter((id) => !present.has(id) && !removes.includes(id)), 'components that nobody meant to remove').toEqual([]);
          if (applied.outcome === 'discarded') {
            expect(canonical(server.schema)).toBe(before);
            continue;
          }
          journal.push({ version: applied.version, actorId: editor.name, patches: applied.patches });
          // Whole: the constructor checks every invariant from nothing.
          new PageDocument(structuredClone(server.schema), server.version);
          for (const { uid, props } of Object.values(componentsOf(server))) if (props['mark'] !== undefined) expect(props['mark']).toBe(uid);
        }
        for (const editor of editors) {
          catchUp(editor, journal.length);
          expect(canonical(editor.page.schema)).toBe(canonical(server.schema));
        }
        // Back to the beginning, one inverse after the other.
        while (server.version > 0) server.retract();
        expect(canonical(server.schema)).toBe(canonical(startPage()));
      }),
      { numRuns: 300 },
    );
    expect(tally.refused / tally.sent).toBeLessThan(0.01);
  });
});
