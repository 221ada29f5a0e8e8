import { beforeEach, describe, expect, it } from 'vitest';
import { type Device, PageServer, rename, schemaOf } from './page.fixture.js';

let server: PageServer;
let ada: Device;

beforeEach(() => {
  server = new PageServer(schemaOf({ 1: [2, 3] }));
  server.patch(...rename(2, 'good'));
  ada = server.device('ada');
});

const brokenAt = (device: Device) => device.page.state.get()?.brokenAt;
const nameOf = (device: Device) => device.component(2)!.name;

describe('a damaged page', () => {
  it('is shown as it was before, and refuses each edit', async () => {
    server.damage();
    const page = await ada.open();
    expect([brokenAt(ada), nameOf(ada), page.view.get()!.version]).toEqual([2, 'good', 1]);
    expect(() => page.rename(2, 'mine')).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED' }));
    expect(nameOf(ada)).toBe('good');
  });

  it('goes on, for everybody who has it open, when it was repaired', async () => {
    const ben = server.device('ben');
    await ben.open();
    server.damage();
    await ada.open();
    await ben.run();
    expect([brokenAt(ada), brokenAt(ben)], 'one came before, the other after').toEqual([2, 2]);
    server.repair(schemaOf({ 1: [3, 2] }, { 2: { text: 'restored' } }));
    await server.settle();
    expect([brokenAt(ada), brokenAt(ben)]).toEqual([undefined, undefined]);
    ada.page.rename(2, 'mine');
    await server.settle();
    expect([nameOf(ben), ben.page.view.get()!.version]).toEqual(['mine', 4]);
  });

  it('is known for damaged, or for repaired, after an outage', async () => {
    await ada.open();
    await ada.disconnect();
    server.damage();
    await ada.reconnect();
    expect([brokenAt(ada), nameOf(ada)]).toEqual([2, 'good']);
    await ada.disconnect();
    server.repair(schemaOf({ 1: [2] }));
    await ada.reconnect();
    await server.settle();
    expect(brokenAt(ada)).toBeUndefined();
    ada.page.rename(2, 'mine');
    await server.settle();
  });

  it('takes new titles and roles as any other', async () => {
    server.damage();
    await ada.open();
    server.pass('page-updated', { title: 'Another' });
    await ada.run();
    expect([ada.page.state.get()?.title, brokenAt(ada), nameOf(ada)]).toEqual(['Another', 2, 'good']);
  });
});
