import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Auth } from './auth/auth.js';
import { TURN_PATIENCE_MS } from './auth/patient-tokens.js';
import { memoryTokens } from './auth/token-storage.js';
import { memoryOutbox, type Operation } from './outbox/outbox-storage.js';
import { Outbox } from './outbox/outbox.js';
import { memoryEdits } from './pages/edit-storage.js';
import { type Device, PageServer, rename, schemaOf, settled } from './pages/page.fixture.js';
import { PATIENCE_MS, Patience, patient, warnOnce } from './patience.js';
import { at } from './wire.fixture.js';

const forEver = new Promise<never>(() => undefined);

/** What a storage may do instead of its work. */
const TROUBLES = {
  'hangs': () => forEver,
  'rejects': () => Promise.reject(new Error('broken')),
  'throws': () => {
    throw new Error('broken');
  },
};
type Trouble = keyof typeof TROUBLES;
const OPERATIONS = ['list', 'put', 'remove'] as const;
const CASES = (Object.keys(TROUBLES) as Trouble[]).flatMap((trouble) => OPERATIONS.map((operation) => [operation, trouble] as const));

/** The same storage, but for one operation. */
const broken = <S extends object>(storage: S, operation: keyof S, trouble: Trouble): S => ({ ...storage, [operation]: TROUBLES[trouble] });

let warnings: string[];
beforeEach(() => {
  // All that is here waits for, apart from the clock, is promises and the turn of a message channel.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  warnings = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a storage of messages', () => {
  const send = (id: string): Operation => ({ id, roomId: 'room', createdAt: at(0), kind: 'send', content: id, type: 'text', replyTo: null });

  it.each(CASES)('whose %s %s keeps no message from being sent, in order', async (operation, trouble) => {
    const sent: string[] = [];
    const request = ((_name: string, body: { clientMsgId: string }) => (sent.push(body.clientMsgId), Promise.resolve({}))) as never;
    const outbox = new Outbox(patient(broken(memoryOutbox(), operation, trouble), 'Messages are not kept'), { request }, () => undefined);
    outbox.open('ada');
    const first = outbox.add(send('a'));
    const second = outbox.add(send('b'));
    await later(2 * PATIENCE_MS);
    await Promise.all([first, second]);
    outbox.flush();
    const third = outbox.add(send('c'));
    await later(0);
    await third;
    expect(sent, 'without waiting again').toEqual(['a', 'b', 'c']);
    expect(warnings).toEqual(['Atrium: Messages are not kept.']);
  });

  it('that answers late still gives what was left, and nothing twice', async () => {
    const storage = memoryOutbox();
    await storage.put('ada', send('0'));
    const sent: string[] = [];
    const request = ((_name: string, body: { clientMsgId: string }) => (sent.push(body.clientMsgId), Promise.resolve({}))) as never;
    let isHanging = true;
    const outbox = new Outbox(patient({ ...storage, list: (userId) => (isHanging ? forEver : storage.list(userId)) }, ''), { request }, () => undefined);
    outbox.open('ada');
    const added = outbox.add(send('~'));
    await later(PATIENCE_MS);
    await added;
    // Settled, but still in the storage: the removal was not heard.
    await storage.put('ada', send('~'));
    isHanging = false;
    outbox.flush();
    await later(0);
    outbox.flush();
    await later(0);
    expect(sent).toEqual(['~', '0']);
  });
});

describe('a storage of edits', () => {
  /** Lets everything that waits for the storage give up, and then everything be sent. */
  async function run(device: Device): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await device.run();
      await later(PATIENCE_MS);
    }
    await device.run();
  }

  it.each(CASES)('whose %s %s keeps no page from being opened and no edit from being sent', async (operation, trouble) => {
    const server = new PageServer(schemaOf({ 1: [2, 3] }));
    const ada = server.device('ada', { storage: patient(broken(memoryEdits(), operation, trouble), 'Edits are not kept') });
    await import('./pages/page-editor.js');
    const opened = ada.page.open();
    await run(ada);
    await opened;
    const edited = ada.page.edit(rename(2, 'first'));
    await run(ada);
    expect(await edited).toMatchObject({ outcome: 'applied' });
    const next = ada.page.edit(rename(2, 'second'));
    await run(ada);
    expect(await next).toMatchObject({ outcome: 'applied' });
    expect(ada.page.saved.get()).toBe('saved');
    expect(server.schema).toMatchObject({ components: { 2: { name: 'second' } } });
    expect(warnings).toEqual(['Atrium: Edits are not kept.']);
  });

  it.each(Object.entries(TROUBLES))('is not written to where the lock request %s, and edits are sent all the same', async (_trouble, request) => {
    vi.stubGlobal('navigator', { locks: { request } });
    const storage = memoryEdits();
    await storage.put('ada', 'of another tab', { pageId: 'page', version: 0, edits: [rename(3, 'theirs')] });
    const server = new PageServer(schemaOf({ 1: [2, 3] }));
    const ada = server.device('ada', { storage: patient(storage, 'Edits are not kept') });
    await import('./pages/page-editor.js');
    const opened = ada.page.open();
    await run(ada);
    await opened;
    const edited = ada.page.edit(rename(2, 'sent'));
    await run(ada);
    expect(await edited).toMatchObject({ outcome: 'applied' });
    expect(server.schema).toMatchObject({ components: { 2: { name: 'sent' }, 3: { name: 'c3' } } });
    expect((await storage.list('ada')).map(({ key }) => key), 'what may belong to another tab stays').toEqual(['of another tab']);
    expect(warnings).toHaveLength(1);
  });

  it('gives back a lock that is granted too late', async () => {
    let grant: () => unknown = () => undefined;
    vi.stubGlobal('navigator', { locks: { request: (_name: string, _options: object, granted: (lock: object) => unknown) => ((grant = () => granted({})), forEver) } });
    const server = new PageServer(schemaOf({ 1: [2, 3] }));
    const ada = server.device('ada', { storage: patient(memoryEdits(), '') });
    await import('./pages/page-editor.js');
    const opened = ada.page.open();
    await run(ada);
    await opened;
    void ada.page.edit(rename(2, 'sent'));
    await run(ada);
    expect(grant(), 'a promise would hold it').toBeUndefined();
  });
});

describe('a storage of the sign-in', () => {
  const user = { id: 'ada' };
  const tokens = { user, accessToken: 'a', refreshToken: 'r', expiresIn: 900 };
  const signIn = () => vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(tokens))));

  it.each(['load', 'save', 'onChange', 'exclusively'] as const)('whose %s throws lets one sign in, refresh and sign out', async (operation) => {
    signIn();
    const auth = new Auth('http://atrium', broken({ ...memoryTokens(), onChange: () => () => undefined, exclusively: <T>(work: () => Promise<T>) => work() }, operation, 'throws'));
    await auth.login({ login: 'ada', password: 'secret' });
    expect(auth.user.get()).toEqual(user);
    expect(await auth.renew()).toBe('a');
    await auth.logout();
    expect([auth.user.get(), await auth.accessToken()]).toEqual([null, null]);
    auth.dispose();
  });

  it('that never grants a turn lets one refresh all the same, once', async () => {
    signIn();
    let work: (() => Promise<unknown>) | undefined;
    const auth = new Auth('http://atrium', { ...memoryTokens(), exclusively: (wanted) => ((work = wanted), forEver) });
    await auth.login({ login: 'ada', password: 'secret' });
    const fetched = vi.fn(() => Promise.resolve(new Response(JSON.stringify({ ...tokens, accessToken: 'b' }))));
    vi.stubGlobal('fetch', fetched);
    const renewed = auth.renew();
    await later(TURN_PATIENCE_MS);
    expect(await renewed).toBe('b');
    await work!();
    expect(fetched, 'a turn that comes too late is given back').toHaveBeenCalledTimes(1);
  });
});

describe('patience', () => {
  it('ends once, until there is an answer; and begins anew after it', async () => {
    const patience = new Patience(warnOnce('It does not work'));
    let answer: () => void = () => undefined;
    const hanging = () => new Promise<void>((resolve) => (answer = resolve));
    const first = expect(patience.ask(hanging)).rejects.toThrow('No answer for 3 s');
    await later(PATIENCE_MS);
    await first;
    await expect(patience.ask(() => Promise.resolve('done')), 'it is begun, and not waited for').rejects.toThrow('no answer');
    expect(await patience.ask(() => Promise.resolve('done'))).toBe('done');
    answer();
    const again = expect(patience.ask(() => forEver)).rejects.toThrow('No answer for 3 s');
    await later(PATIENCE_MS);
    await again;
    expect(warnings).toEqual(['Atrium: It does not work.']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not let more and more pile up', async () => {
    const patience = new Patience(warnOnce('It does not work'));
    let begun = 0;
    for (let i = 0; i < 1_000; i++) patience.ask(() => (begun++, forEver)).catch(() => undefined);
    await settled();
    expect(begun).toBe(100);
  });
});
