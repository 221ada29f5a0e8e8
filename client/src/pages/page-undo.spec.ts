import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Device, PageServer, rename, schemaOf } from './page.fixture.js';
import type { Page } from './page.js';

let server: PageServer;
let ada: Device;
let bob: Device;
let page: Page;

beforeEach(async () => {
  server = new PageServer(schemaOf({ 1: [2, 3], 2: [4] }, { 2: { list: ['a', 'b'] } }));
  [ada, bob] = [server.device('ada'), server.device('bob')];
  page = await ada.open();
  await bob.open();
});

describe('undo', () => {
  it('takes a call at a time, and a word that was typed as a whole', () => {
    vi.useFakeTimers();
    try {
      page.setProps(2, { text: 'H' });
      page.setProps(2, { text: 'Hi' });
      vi.advanceTimersByTime(900);
      page.setProps(2, { text: 'Hi!' });
      vi.advanceTimersByTime(1_100);
      page.setProps(2, { text: 'Hi! You' });
      page.setProps(2, { color: 'red' });
      const texts = [];
      while (page.undo()) texts.push(ada.component(2)!.props!['text']);
      expect(texts).toEqual(['Hi! You', 'Hi!', undefined]);
      expect(ada.component(2)!.props).toEqual({ list: ['a', 'b'] });
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves what others have written since, and takes back the rest', async () => {
    void page.edit([...rename(2, 'mine'), ...rename(3, 'mine')]);
    await server.settle();
    bob.page.rename(2, 'theirs');
    await server.settle();
    expect(page.undo()).toBe(true);
    await server.settle();
    expect([2, 3].map((id) => bob.component(id)!.name)).toEqual(['theirs', 'c3']);
  });

  it('takes back what one has typed, and leaves what others have typed into it; redo types it again', async () => {
    server.patch({ op: 'add', path: '/components/2/props/text', value: 'Harbour' });
    await server.settle();
    page.setProps(2, { text: 'Harbour at night' });
    await server.settle();
    bob.page.setProps(2, { text: 'The Harbour at night' });
    await server.settle();
    const text = (): unknown => bob.component(2)!.props!['text'];
    expect(page.undo()).toBe(true);
    await server.settle();
    expect(text()).toBe('The Harbour');
    expect(page.redo()).toBe(true);
    await server.settle();
    expect(text()).toBe('The Harbour at night');
    expect(bob.page.undo()).toBe(true);
    await server.settle();
    expect(text()).toBe('Harbour at night');
  });

  it('skips what nothing is left of', async () => {
    page.rename(3, 'mine');
    page.rename(4, 'mine');
    await server.settle();
    bob.page.remove(4);
    await server.settle();
    expect(page.undo()).toBe(true);
    expect(ada.component(3)!.name).toBe('c3');
    expect([page.undo(), page.view.get()!.canUndo]).toEqual([false, false]);
  });

  it('brings back what was removed with all that was in it, also while others work elsewhere', async () => {
    const before = structuredClone(page.view.get()!.schema);
    page.rename(2, 'x');
    page.remove(2);
    await server.settle();
    bob.page.rename(9, 'elsewhere');
    await server.settle();
    for (let n = 0; n < 2; n++) expect(page.undo()).toBe(true);
    await server.settle();
    expect(bob.page.view.get()!.schema).toEqual({ ...before, components: { ...before.components, 9: { ...before.components['9'], name: 'elsewhere' } } });
    bob.page.rename(9, 'again');
    await server.settle();
    for (let n = 0; n < 2; n++) expect(page.redo()).toBe(true);
    expect(ada.component(2)).toBeUndefined();
    await server.settle();
    expect([page.undo(), ada.component(2)!.name]).toEqual([true, 'x']);
    await server.settle();
  });

  it('goes back step by step, also while others write elsewhere on the same component', async () => {
    void page.edit(rename(2, 'x'));
    void page.edit(rename(2, 'y'));
    await server.settle();
    bob.page.setProps(2, { text: 'theirs' });
    await server.settle();
    expect([page.undo(), ada.component(2)!.name]).toEqual([true, 'x']);
    expect([page.undo(), ada.component(2)!.name]).toEqual([true, 'c2']);
    await server.settle();
    for (const name of ['x', 'y']) expect([page.redo(), ada.component(2)!.name]).toEqual([true, name]);
    await server.settle();
    expect(bob.component(2)).toMatchObject({ name: 'y', props: { text: 'theirs' } });
  });

  it('is over when something else is done', () => {
    page.rename(2, 'x');
    page.undo();
    expect(page.view.get()).toMatchObject({ canUndo: false, canRedo: true });
    page.rename(3, 'y');
    expect(page.view.get()).toMatchObject({ canUndo: true, canRedo: false });
  });
});
