import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Json } from '../../../src/modules/pages/document/json-value.js';
import { PageDocument } from '../../../src/modules/pages/page.document.js';
import { type Device, PageServer } from './page.fixture.js';
import type { Page } from './page.js';
import type { EditOutcome } from './page-types.js';
import { type Choice, editAtRandom, START } from './random-edits.fixture.js';

const TIMEOUT_MS = 30_000;

const choice = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99));

/** A component that comes back by redo, with what came and went in one step between. */
const FAILED_ONCE: [Choice[], number][] = [
  [[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [2, 1, 45, 0]], 0],
  [[[47, 0, 0, 0], [55, 46, 0, 0], [5, 0, 37, 0], [57, 0, 3, 0]], 0],
  [[[0, 0, 0, 0], [0, 0, 0, 0], [52, 0, 0, 0], [5, 35, 57, 0], [91, 47, 45, 0]], 0],
];

/** What the server itself would accept: the constructor looks at every invariant. */
const expectWhole = (page: Page) => expect(() => new PageDocument(structuredClone(page.view.get()!.schema) as Json, 0)).not.toThrow();

async function goOn(device: Device, [what, a, b, c]: Choice, outcomes: Promise<EditOutcome>[]): Promise<void> {
  if (what < 50) editAtRandom(device.page, [a, b, c, what], outcomes);
  else if (what < 72) await device.step('request');
  else if (what < 94) await device.step('arrival');
  else if (device.status.get() === 'live') await device.disconnect();
  else await device.reconnect();
}

/** The same ids in each run, so that a run can be repeated. */
beforeEach(() => {
  let made = 0;
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => {
    made += 1;
    (bytes as Uint8Array).forEach((_byte, index, all) => (all[index] = Math.floor(made / 26 ** index)));
    return bytes;
  });
});
afterEach(() => vi.restoreAllMocks());

describe('a page that one edits alone', () => {
  it('is what it was when everything is undone, and what it became when all is redone', async () => {
    const property = fc.asyncProperty(fc.array(choice, { maxLength: 20 }), fc.nat(20), async (choices, sentAfter) => {
      const server = new PageServer(START);
      const device = server.device('ada');
      const page = await device.open();
      const schema = () => page.view.get()!.schema;
      const before = schema();
      for (const [nth, next] of choices.entries()) {
        editAtRandom(page, next);
        if (nth === sentAfter) await device.run();
      }
      const after = schema();
      let undone = 0;
      while (page.undo()) undone++;
      expect(schema()).toEqual(before);
      await device.run();
      while (undone-- > 0) page.redo();
      expect(schema()).toEqual(after);
      await device.run();
      expect(server.schema).toEqual(after);
      expect(page.saved.get()).toBe('saved');
    });
    await fc.assert(property, { numRuns: 300, examples: FAILED_ONCE });
  }, TIMEOUT_MS);
});

describe('a page that several edit at once, whatever is lost on the way', () => {
  const run = async (steps: [number, Choice][], server: PageServer): Promise<void> => {
    const devices = ['ada', 'bob', 'bob'].map((userId) => server.device(userId));
    for (const device of devices) await device.open();
    const outcomes: Promise<EditOutcome>[] = [];
    for (const [who, next] of steps) {
      const device = devices[who % devices.length]!;
      await goOn(device, next, outcomes);
      expectWhole(device.page);
    }
    for (const device of devices) await device.disconnect();
    for (const device of devices) await device.reconnect();
    for (const device of devices) await device.run();
    for (const { page } of devices) {
      expect(page.view.get()!.schema).toEqual(server.schema);
      expect([page.saved.get(), page.view.get()!.version]).toEqual(['saved', server.document.version]);
    }
    for (const settled of await Promise.allSettled(outcomes)) {
      if (settled.status === 'fulfilled' && settled.value.outcome !== 'discarded') expect(server.entries[settled.value.version - 1]).toMatchObject({ type: 'op-patch' });
    }
  };

  it('becomes the same for all of them and the server, is whole at every moment, and has all that was acknowledged', async () => {
    const steps = fc.array(fc.tuple(fc.nat(2), choice), { minLength: 10, maxLength: 60 });
    await fc.assert(fc.asyncProperty(steps, (all) => run(all, new PageServer(START))), { numRuns: 300 });
  }, TIMEOUT_MS);

  it('becomes the same also where too much was missed to be told', async () => {
    const steps = fc.array(fc.tuple(fc.nat(2), choice), { minLength: 10, maxLength: 60 });
    const forgetful = (): PageServer => Object.assign(new PageServer(START), { reach: 2 });
    await fc.assert(fc.asyncProperty(steps, (all) => run(all, forgetful())), { numRuns: 200 });
  }, TIMEOUT_MS);
});
