import { beforeEach, describe, expect, it } from 'vitest';
import { type Device, PAGE, PageServer, rename, schemaOf } from './page.fixture.js';
import type { Page } from './page.js';
import type { EditOutcome, RejectedEdit } from './page-types.js';

let server: PageServer;
let ada: Device;
let bob: Device;
let page: Page;
let rejected: RejectedEdit[];

beforeEach(async () => {
  server = new PageServer(schemaOf({ 1: [2, 3], 2: [4] }, { 2: { list: ['a', 'b'] } }));
  [ada, bob] = [server.device('ada'), server.device('bob')];
  page = await ada.open();
  await bob.open();
  rejected = [];
  page.onRejected((each) => rejected.push(each));
});

const childrenOf = (device: Device, id: string | number) => device.component(id)?.children;
const sent = (device: Device) => device.asked.filter(({ name }) => name === 'op-patch').map(({ body }) => body);

describe('an edit', () => {
  it('is on the page at once, on its way, and then on disk', async () => {
    const outcome = page.edit(rename(2, 'x'));
    expect([ada.component(2)!.name, page.saved.get(), page.view.get()!.version]).toEqual(['x', 'saving', 0]);
    await ada.run();
    expect(await outcome).toEqual({ outcome: 'applied', version: 1 });
    expect([page.saved.get(), page.view.get()!.version]).toEqual(['saved', 1]);
    await bob.run();
    expect(bob.component(2)!.name).toBe('x');
  });

  it('that cannot be done throws at once, and changes nothing', () => {
    const { schema } = page.view.get()!;
    const code = (edit: () => unknown): unknown => {
      try {
        edit();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return undefined;
    };
    expect(code(() => page.edit([{ op: 'remove', path: '/components/none' }]))).toBe('PATCH_FAILED');
    expect(code(() => page.edit([{ op: 'add', path: '/components/3/children/-', value: 2 }]))).toBe('INVARIANT_VIOLATED');
    expect(code(() => page.edit([{ op: 'add', path: '/x', value: 'x'.repeat(300_000) }]))).toBe('PAYLOAD_TOO_LARGE');
    expect(code(() => page.edit([{ op: 'add', path: '/x', value: 'a\u0000b' }]))).toBe('INVALID_INPUT');
    expect(code(() => page.move(2, 4))).toBe('INVARIANT_VIOLATED');
    expect(code(() => page.setProps('none', { a: 1 }))).toBe('PATCH_FAILED');
    expect(page.view.get()!.schema).toBe(schema);
    expect(sent(ada)).toEqual([]);
  });

  it('may be made of what is on the page', () => {
    void page.edit((tree) => tree.childrenOf(1).map((id) => ({ op: 'replace', path: `/components/${id}/name`, value: `in ${tree.parentOf(id)}` })));
    expect([2, 3].map((id) => ada.component(id)!.name)).toEqual(['in 1', 'in 1']);
  });

  it('waits while another one is under way, and goes with those that wait, too', async () => {
    const outcomes = ['a', 'b', 'c'].map((name) => page.edit(rename(2, name)));
    await ada.run();
    expect(sent(ada)).toMatchObject([{ version: 0, patches: rename(2, 'a') }, { version: 1, patches: [...rename(2, 'b'), ...rename(2, 'c')] }]);
    expect(await Promise.all(outcomes)).toMatchObject([{ version: 1 }, { version: 2 }, { version: 2 }]);
  });

  it('is never divided, and patches stay within the limits', async () => {
    const many = (name: string) => Array.from({ length: 600 }, () => rename(2, name)).flat();
    void page.edit(many('first'));
    for (const name of ['a', 'b', 'c']) void page.edit(many(name));
    await ada.run();
    expect(sent(ada).map((body) => (body['patches'] as unknown[]).length)).toEqual([600, 600, 600, 600]);
  });

  it('is carried over what others do meanwhile', async () => {
    const id = page.add(1, { type: 'text' }, 1);
    void page.edit([{ op: 'replace', path: '/components/2/props/list/1', value: 'B' }]);
    server.patch({ op: 'add', path: '/components/1/children/0', value: 5 }, { op: 'add', path: '/components/2/props/list/0', value: 'new' });
    await server.settle();
    expect(childrenOf(bob, 1)).toEqual([5, 2, id, 3]);
    expect(bob.component(2)!.props).toEqual({ list: ['new', 'a', 'B'] });
  });

  it('is not for viewers, nor for a page that is not there', async () => {
    const other = server.device('eve').page;
    expect(() => other.edit(rename(2, 'x'))).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
    server.pass('member-updated', { userId: 'ada', role: 'viewer' });
    await ada.run();
    expect(page.state.get()!.role).toBe('viewer');
    expect(() => page.edit(rename(2, 'x'))).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
  });
});

describe('an edit that the server does not take', () => {
  it('is taken back and told, when all that it was about is gone', async () => {
    const outcome = page.edit([{ op: 'replace', path: '/components/4/name', value: 'x' }]);
    server.patch({ op: 'remove', path: '/components/2/children/0' }, { op: 'remove', path: '/components/4' });
    await server.settle();
    expect(await outcome).toEqual({ outcome: 'discarded', version: 1 });
    expect(rejected).toEqual([{ patches: rename(4, 'x'), error: null, current: {} }]);
    expect(page.view.get()).toMatchObject({ canUndo: false });
  });

  it('rejects, and tells what stands there, when it contradicts what others did', async () => {
    const outcome = page.edit([{ op: 'test', path: '/components/2/name', value: 'c2' }, ...rename(2, 'x')]);
    const told = expect(outcome).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    server.patch(...rename(2, 'theirs'));
    await server.settle();
    await told;
    expect(rejected).toMatchObject([{ error: { code: 'VERSION_CONFLICT' }, current: { '/components/2/name': 'theirs' } }]);
  });

  it('is not even sent when others were faster than it could be', async () => {
    void page.edit(rename(3, 'first'));
    const outcome = page.edit(rename(4, 'x'));
    server.patch({ op: 'remove', path: '/components/2/children/0' }, { op: 'remove', path: '/components/4' });
    await server.settle();
    expect(await outcome).toMatchObject({ outcome: 'discarded' });
    expect(sent(ada)).toHaveLength(1);
  });

  it('does not take others along that were sent with it', async () => {
    void page.edit(rename(3, 'first'));
    const outcomes = [page.edit([{ op: 'test', path: '/components/2/name', value: 'c2' }, ...rename(2, 'x')]), page.edit(rename(4, 'kept'))];
    await ada.step('request');
    await ada.step('arrival');
    await ada.step('arrival');
    server.patch(...rename(2, 'theirs'));
    await server.settle();
    const settled = await Promise.allSettled<EditOutcome>(outcomes);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(bob.component(4)!.name).toBe('kept');
  });

  it('is taken back with all others when one may no longer edit', async () => {
    const outcomes = Promise.allSettled([page.edit(rename(2, 'x')), page.edit(rename(3, 'y'))]);
    server.role = 'viewer';
    await server.settle();
    expect(await outcomes).toMatchObject([{ reason: { code: 'PERMISSION_DENIED' } }, { reason: { code: 'PERMISSION_DENIED' } }]);
    expect(rejected).toHaveLength(2);
    expect(page.saved.get()).toBe('saved');
  });
});

describe('an outage', () => {
  it('keeps what is edited, and says that it waits', async () => {
    await ada.disconnect();
    page.rename(2, 'x');
    expect(page.saved.get()).toBe('offline');
    server.patch(...rename(3, 'theirs'));
    await ada.reconnect();
    await server.settle();
    expect([page.saved.get(), bob.component(2)!.name, ada.component(3)!.name]).toEqual(['saved', 'x', 'theirs']);
  });

  it.each(['before the patch arrives', 'before its ack does'])('%s stores it once', async (when) => {
    const id = page.add(1, { type: 'text' });
    if (when === 'before its ack does') await ada.step('request');
    await ada.disconnect();
    await ada.reconnect();
    await server.settle();
    expect(childrenOf(bob, 1)).toEqual([2, 3, id]);
    expect(server.entries).toHaveLength(1);
    expect(new Set(sent(ada).map((body) => body['opId'])).size).toBe(1);
  });

  it('in which too much is missed to be told is bridged by the page as it is', async () => {
    server.reach = 1;
    await ada.disconnect();
    const id = page.add(1, { type: 'text' }, 1);
    page.rename(4, 'x');
    server.patch({ op: 'add', path: '/components/1/children/0', value: 5 });
    server.patch(...rename(3, 'theirs'));
    server.patch({ op: 'remove', path: '/components/2/children/0' }, { op: 'remove', path: '/components/4' });
    const before = ada.component(2);
    await ada.reconnect();
    await server.settle();
    expect(childrenOf(bob, 1)).toEqual([5, 2, id, 3]);
    expect(rejected).toMatchObject([{ error: null }]);
    expect(ada.component(2)).not.toBe(before);
  });
});

describe('what is on the page', () => {
  it('shares with what was there before whatever is the same', () => {
    const before = page.view.get()!.schema;
    const heard: string[] = [];
    for (const id of [2, 3]) page.component(id).subscribe(() => heard.push(String(id)));
    page.rename(2, 'x');
    const after = page.view.get()!.schema;
    expect(after.components['3']).toBe(before.components['3']);
    expect([before.components['2']!.name, after.components['2']!.name]).toEqual(['c2', 'x']);
    expect(heard).toEqual(['2']);
    page.rename(2, 'x');
    expect(page.view.get()!.schema, 'nothing has changed').toBe(after);
  });

  it('does not change for an edit that comes back as it was', async () => {
    page.rename(2, 'x');
    const { schema } = page.view.get()!;
    await server.settle();
    expect(page.view.get()!.schema).toBe(schema);
  });

  it('refuses at once what no component may be', async () => {
    const before = page.view.get();
    for (const [path, value] of [['/components/2/name', 42], ['/components/2/props', []], ['/components/9', { type: null }]] as const) {
      expect(() => page.edit([{ op: 'add', path, value: value as never }])).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED', message: expect.stringContaining(path) as string }));
    }
    expect(() => page.edit([{ op: 'add', path: '/components/2/props/n', value: 2 ** 53 }])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(page.view.get()).toEqual(before);
    await server.settle();
  });

  it('takes an empty edit, which changes nothing and is not sent', async () => {
    page.rename(2, 'x');
    await server.settle();
    const before = { view: page.view.get(), asked: ada.asked.length };
    for (const nothing of [[], () => []]) expect(await page.edit(nothing)).toEqual({ outcome: 'applied', version: 1 });
    await server.settle();
    expect({ view: page.view.get(), asked: ada.asked.length }).toEqual(before);
    page.undo();
    expect(page.component(2).get(), 'an undo takes back what was done').toMatchObject({ name: 'c2' });
    await server.settle();
  });

  it('has components that come and go', async () => {
    const gone = page.component(4);
    page.remove(2);
    expect(gone.get()).toBeUndefined();
    page.undo();
    expect(gone.get()).toMatchObject({ name: 'c4' });
    await server.settle();
  });
});

describe('a page', () => {
  it('is left when nobody looks any more, but not before everything is sent', async () => {
    void page.open();
    page.rename(2, 'x');
    page.close();
    page.close();
    expect(page.state.get()).not.toBeNull();
    await ada.run();
    expect([page.state.get(), ada.asked.at(-1)]).toEqual([null, { name: 'page-leave', body: { pageId: PAGE } }]);
    server.patch(...rename(3, 'meanwhile'));
    expect(ada.component(3)!.name).toBe('c3');
    await ada.open();
    expect([ada.component(3)!.name, page.state.get()?.title]).toEqual(['meanwhile', 'Page']);
    expect(ada.asked.at(-1), 'only what was missed').toMatchObject({ name: 'page-join', body: { after: 1 } });
  });

  it('opened and closed and opened again at once stays open', async () => {
    const device = server.device('eve');
    void device.page.open();
    device.page.close();
    await device.open();
    expect(device.page.state.get()).not.toBeNull();
    device.page.close();
    await device.open();
    device.page.rename(2, 'x');
    await server.settle();
  });

  it('is gone when it is deleted or taken away, and there again when it is given back', async () => {
    server.pass('member-left', { userId: 'ada', reason: 'kicked' });
    server.isThere = false;
    await ada.run();
    expect([page.state.get(), page.error.get()?.code]).toEqual([null, 'PAGE_NOT_FOUND']);
    server.isThere = true;
    server.patch(...rename(2, 'meanwhile'));
    void page.appeared();
    await ada.run();
    expect([page.state.get()?.pageId, page.error.get(), ada.component(2)!.name]).toEqual([PAGE, null, 'meanwhile']);
    server.pass('page-updated', { title: 'Page', deleted: true });
    for (const device of [ada, bob]) await device.run();
    expect([page.state.get(), bob.page.error.get()?.code]).toEqual([null, 'PAGE_NOT_FOUND']);
  });

  it('has the title that was given last', async () => {
    server.pass('page-updated', { title: 'Another' });
    await ada.run();
    expect([page.state.get()!.title, page.view.get()!.version]).toEqual(['Another', 1]);
    page.rename(2, 'x');
    await server.settle();
    expect(sent(ada)).toMatchObject([{ version: 1 }]);
  });
});
