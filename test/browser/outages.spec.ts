import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Api, PASSWORD } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { Server } from '../support/server.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';
/** A half-open connection is noticed by the ack that does not come, after 10 s; then a new one has to be made. */
const PATIENCE_MS = 45_000;

let server: Server;
let proxy: FaultyProxy;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: WebPerson;
let ben: WebPerson;

/** Ada's network is the proxy; Ben's is a good one. */
beforeAll(async () => {
  server = await Server.start();
  proxy = await FaultyProxy.start(server.port);
  ({ browser, close: closeBrowser } = await launchBrowser());
  ada = await WebPerson.open(browser, proxy.url, 'ada');
  ben = await WebPerson.open(browser, server.url, 'ben');
  for (const { page } of [ada, ben]) page.setDefaultTimeout(PATIENCE_MS);
  await ada.signUp();
  await ben.signUp();
  await ada.createRoom(ROOM);
  await ben.discoverAndJoin(ROOM);
});
afterAll(async () => {
  await closeBrowser();
  await proxy.stop();
  await server.remove();
});

/** Which of the texts are on the screen, in the order of the screen. */
async function shown({ timeline }: WebPerson, texts: readonly string[]): Promise<string[]> {
  const rows = await timeline.getByRole('listitem').allInnerTexts();
  return rows.flatMap((row) => texts.filter((text) => row.split('\n').includes(text)));
}

async function stored(): Promise<string[]> {
  const { accessToken } = await new Api(server.url).post<Tokens>('/auth/login', { login: 'ada', password: PASSWORD });
  const api = new Api(server.url, accessToken);
  const room = (await api.get<Page<MyRoom>>('/rooms')).items.find(({ name }) => name === ROOM)!;
  return (await api.get<History>(`/rooms/${room.id}/messages?limit=200`)).items.map(({ content }) => content!);
}

/** Each text once, in this order, and nothing between. */
async function expectOnce(...texts: string[]): Promise<void> {
  expect((await stored()).filter((text) => texts.includes(text))).toEqual(texts);
}

describe('a browser behind a bad network', { timeout: 180_000 }, () => {
  it('notices a connection that is half open, and sends again', async () => {
    proxy.halfOpen();
    await ada.say('Into the void');
    await ada.message('Into the void').getByText('Sending').first().waitFor({ state: 'attached' });
    await ben.message('Into the void').waitFor();
    await expectOnce('Into the void');
  });

  it('says that it is cut off, keeps what is written, and catches up', async () => {
    proxy.refuse();
    proxy.reset();
    const retry = ada.page.getByRole('button', { name: 'Retry now' });
    await retry.waitFor();
    await keepScreenshot(ada.page, 'cut-off');
    await ada.say('One while away');
    await ada.say('两条离线消息');
    await ben.say('Said meanwhile');
    proxy.heal();
    // It may just now be trying by itself.
    await Promise.any([retry.click({ timeout: 5_000 }), retry.waitFor({ state: 'detached' })]);
    await ben.message('两条离线消息').waitFor();
    await ada.message('Said meanwhile').waitFor();
    await retry.waitFor({ state: 'detached' });
    await expectOnce('One while away', '两条离线消息');
  });

  it('survives a stall, a cut in the middle of a frame, and kill -9 of the server with a reload', async () => {
    proxy.stall();
    await ada.say('Held back');
    proxy.heal();
    await ben.message('Held back').waitFor();
    proxy.cut(5);
    await ada.say('Cut in the middle');
    await ben.message('Cut in the middle').waitFor();
    await server.end('SIGKILL');
    await ada.say('To a dead server');
    await ada.message('To a dead server').waitFor();
    await server.launch();
    await ada.page.reload();
    await ben.message('To a dead server').waitFor();
    await expectOnce('Held back', 'Cut in the middle', 'To a dead server');
  });

  it('shows in the end what the server has, in both browsers', async () => {
    const truth = await stored();
    for (const person of [ada, ben]) await eventually(`${person.name} sees what is stored`, async () => JSON.stringify(await shown(person, truth)) === JSON.stringify(truth));
    expect([...ada.problems, ...ben.problems].filter((problem) => problem.startsWith('exception'))).toEqual([]);
  });
});
