import { beforeEach, describe, expect, it } from 'vitest';
import { type EditStorage, memoryEdits } from './edit-storage.js';
import { type Device, PageServer, schemaOf, settled } from './page.fixture.js';
import type { RejectedEdit } from './page-types.js';

let server: PageServer;
let storage: EditStorage;
let ada: Device;

beforeEach(async () => {
  server = new PageServer(schemaOf({ 1: [2, 3] }));
  storage = memoryEdits();
  ada = server.device('ada', { storage });
  await ada.open();
});

/** The tab is closed, and opened again later. */
async function reload(): Promise<Device> {
  await settled();
  await ada.disconnect();
  ada.page.stop();
  return server.device('ada', { storage });
}

const left = async () => (await storage.list('ada')).map(({ kept }) => kept.edits.length);
const nameOf = (id: number) => (server.schema as { components: Record<number, { name: string }> }).components[id]!.name;

describe('edits that were not sent', () => {
  it('are on the page again after a reload, over what others have done, and are sent', async () => {
    await ada.disconnect();
    ada.page.rename(2, 'mine');
    const id = ada.page.add(1, { type: 'text' }, 1);
    const again = await reload();
    expect(await left()).toEqual([2]);
    server.patch({ op: 'add', path: '/components/1/children/0', value: 4 });
    const page = await again.open();
    await again.run();
    expect(server.schema).toMatchObject({ components: { 1: { children: [4, 2, id, 3] }, 2: { name: 'mine' } } });
    expect(page.view.get()!.schema).toEqual(server.schema);
    expect([page.saved.get(), await left()]).toEqual(['saved', []]);
    expect(page.undo(), 'as if nothing had been').toBe(true);
  });

  it('go to the server even if nobody opens the page again', async () => {
    await ada.disconnect();
    ada.page.rename(2, 'mine');
    const again = await reload();
    const takenUp = again.page.takeUp();
    await again.run();
    await takenUp;
    await again.run();
    expect([nameOf(2), await left()]).toEqual(['mine', []]);
    expect(again.page.state.get(), 'and then it is left').toBeNull();
    expect(again.asked.at(-1)!.name).toBe('page-leave');
  });

  it('are taken up by one tab alone, and not from one that is still there', async () => {
    await ada.disconnect();
    ada.page.rename(2, 'mine');
    await settled();
    const other = server.device('ada', { storage });
    await other.open();
    expect([other.component(2)!.name, other.page.saved.get()]).toEqual(['c2', 'saved']);
    ada.page.stop();
    const tabs = [server.device('ada', { storage }), server.device('ada', { storage })];
    for (const tab of tabs) await tab.open();
    for (const tab of tabs) await tab.run();
    expect(server.entries).toHaveLength(1);
    expect(nameOf(2)).toBe('mine');
  });

  it('are told to be lost when the page is gone', async () => {
    await ada.disconnect();
    ada.page.rename(2, 'mine');
    const again = await reload();
    server.isThere = false;
    const rejected: RejectedEdit[] = [];
    again.page.onRejected((each) => rejected.push(each));
    await again.open();
    expect(rejected).toMatchObject([{ error: { code: 'PAGE_NOT_FOUND' }, patches: [{ path: '/components/2/name' }] }]);
    expect([again.page.error.get()?.code, await left()]).toEqual(['PAGE_NOT_FOUND', []]);
  });
});

describe('edits that were sent', () => {
  it.each([false, true])('and whose answer was lost are stored once, with those that waited for it; reset: %s', async (isReset) => {
    ada.page.add(1, { id: 'new', type: 'text' });
    await ada.step('request');
    ada.page.rename(2, 'waiting');
    const again = await reload();
    if (isReset) server.reach = 0;
    const page = await again.open();
    await again.run();
    expect(server.schema).toMatchObject({ components: { 1: { children: [2, 3, 'new'] }, 2: { name: 'waiting' } } });
    expect(server.entries).toHaveLength(2);
    expect(page.view.get()!.schema).toEqual(server.schema);
    expect(await left()).toEqual([]);
  });

  it('and never arrived are sent again as they were', async () => {
    ada.page.rename(2, 'mine');
    await settled();
    const first = ada.asked.at(-1)!;
    const again = await reload();
    server.patch({ op: 'replace', path: '/components/2/name', value: 'theirs' });
    await again.open();
    await again.run();
    expect(again.asked.find(({ name }) => name === 'op-patch')).toEqual(first);
    expect(nameOf(2)).toBe('mine');
  });
});
