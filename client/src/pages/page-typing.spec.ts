import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Device, PageServer, rename, schemaOf } from './page.fixture.js';

const TIMEOUT_MS = 300_000;
const FIRST_CHARACTER = 0x4e00;
/** A text of which hardly anything is left would pass for one that was written anew. */
const MIN_LENGTH = 15;
const START = '0123456789abcdefghijklmnopqrst';

const textOf = (device: Device) => (device.component(2)!.props as { text: string }).text;

/** One step of the run: the device, the action, and a position in the text. */
type Step = [who: number, what: number, where: number];
const step = fc.tuple(fc.nat(4), fc.nat(99), fc.nat(1_000));

/** Somebody who types on, behind what is left of what they have typed. */
class Typist {
  readonly typed: string[] = [];
  readonly deleted: string[] = [];

  constructor(
    readonly device: Device,
    private readonly nextCharacter: () => string,
  ) {}

  type(where: number): void {
    const text = [...textOf(this.device)];
    const last = text.indexOf(this.typed.findLast((character) => text.includes(character)) ?? '');
    if (where % 5 === 0 && text.length > MIN_LENGTH) this.deleted.push(text.splice(where % text.length, 1)[0]!);
    else {
      this.typed.push(this.nextCharacter());
      text.splice(last >= 0 ? last + 1 : where % (text.length + 1), 0, this.typed.at(-1)!);
    }
    this.device.page.setProps(2, { text: text.join('') });
  }
}

async function goOn(typist: Typist, what: number, where: number): Promise<void> {
  const { device } = typist;
  if (what < 45) typist.type(where);
  else if (what < 65) await device.step('request');
  else if (what < 92) await device.step('arrival');
  else if (device.status.get() === 'live') await device.disconnect();
  else await device.reconnect();
}

async function run(steps: Step[]): Promise<void> {
  let made = 0;
  const nextCharacter = () => String.fromCodePoint(FIRST_CHARACTER + made++);
  const server = new PageServer(schemaOf({ 1: [2, 3] }, { 2: { text: START } }));
  const typists = ['ada', 'bob', 'eve', 'joe', 'joe'].map((userId) => new Typist(server.device(userId), nextCharacter));
  for (const { device } of typists) await device.open();
  for (const [who, what, where] of steps) await goOn(typists[who]!, what, where);
  for (const { device } of typists) await device.disconnect();
  for (const { device } of typists) await device.reconnect();
  await server.settle();
  const text = textOf(typists[0]!.device);
  const deleted = new Set(typists.flatMap((typist) => typist.deleted));
  for (const { typed } of typists) expect([...text].filter((character) => typed.includes(character))).toEqual(typed.filter((character) => !deleted.has(character)));
  expect([...text].filter((character) => START.includes(character)).join('')).toBe([...START].filter((character) => !deleted.has(character)).join(''));
}

describe('P15: five devices that type into one text, some of them offline now and then', () => {
  it('lose no character that nobody has deleted, and have each one’s in the order in which they were typed', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 150 }), run);
    await fc.assert(property, { numRuns: 300 });
  }, TIMEOUT_MS);
});

describe('edits that were made without a connection', () => {
  it('of one list, one after the other, hit the rows that they mean', async () => {
    const server = new PageServer(schemaOf({ 1: [2] }, { 2: { rows: ['a', 'b'] } }));
    const ada = server.device('ada');
    const page = await ada.open();
    await ada.disconnect();
    void page.edit([{ op: 'remove', path: '/components/2/props/rows/0' }]);
    void page.edit([{ op: 'replace', path: '/components/2/props/rows/0', value: 'B' }]);
    server.patch({ op: 'add', path: '/components/2/props/rows/1', value: 'T' });
    await ada.reconnect();
    await server.settle();
    expect(ada.component(2)!.props).toEqual({ rows: ['T', 'B'] });
  });

  it('hit what they mean although one before them was refused', async () => {
    const server = new PageServer(schemaOf({ 1: [2] }, { 2: { rows: ['a', 'b'] } }));
    const ada = server.device('ada');
    const page = await ada.open();
    await ada.disconnect();
    const refused = page.edit([{ op: 'test', path: '/components/2/name', value: 'c2' }, { op: 'add', path: '/components/2/props/rows/0', value: 'new' }]);
    void page.edit([{ op: 'replace', path: '/components/2/props/rows/2', value: 'B' }]);
    const onRefused = page.edit([{ op: 'replace', path: '/components/2/props/rows/0', value: 'newer' }]);
    server.patch(...rename(2, 'other'));
    await ada.reconnect();
    await server.settle();
    await expect(refused).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(ada.component(2)!.props).toEqual({ rows: ['a', 'B'] });
    expect(await onRefused).toMatchObject({ outcome: 'discarded' });
  });
});
