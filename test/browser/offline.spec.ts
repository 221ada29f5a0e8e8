import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Server } from '../support/server.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';
const OFFLINE = /cannot be reached/;

let server: Server;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: WebPerson;
let ben: WebPerson;

beforeAll(async () => {
  server = await Server.start();
  ({ browser, close: closeBrowser } = await launchBrowser());
  ada = await WebPerson.open(browser, server.url, 'ada');
  ben = await WebPerson.open(browser, server.url, 'ben');
  await ada.signUp();
  await ben.signUp();
  await ada.createRoom(ROOM);
  await ben.discoverAndJoin(ROOM);
  await ben.say('Said before');
  await ben.say('Said in secret');
  await ada.message('Said in secret').waitFor();
});
afterAll(async () => {
  await closeBrowser();
  await server.remove();
});

/** The worker has all files, and answers for this page. */
const isKept = ({ page }: WebPerson) => page.evaluate(() => navigator.serviceWorker.controller !== null);

/** What is in every cache of the origin, and in the database of rooms. */
const kept = ({ page }: WebPerson) =>
  page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('atrium-rooms');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
    const rooms = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction('rooms').objectStore('rooms').getAll();
      request.onsuccess = () => resolve(request.result as unknown[]);
    });
    database.close();
    return { urls: caches_.flat(), rooms: JSON.stringify(rooms) };
  });

describe('without a network', { timeout: 180_000 }, () => {
  it('the app says so as soon as the browser knows, and takes it back', async () => {
    const banner = ada.page.getByText(OFFLINE);
    await ada.goOffline();
    // No ping or ack is missed by then.
    await banner.waitFor({ timeout: 5_000 });
    await keepScreenshot(ada.page, 'offline');
    await ada.comeBack();
    await banner.waitFor({ state: 'detached' });
  });

  it('a reload shows the app, the rooms and their messages; what is written then is sent later', async () => {
    await eventually('the app is kept', () => isKept(ada));
    await eventually('so are the messages', async () => (await kept(ada)).rooms.includes('Said in secret'));
    await server.end('SIGTERM');
    await ada.page.reload();
    await ada.message('Said before').waitFor();
    await ada.message('ben').first().waitFor();
    await ada.room(ROOM).waitFor();
    await ada.page.getByText(OFFLINE).waitFor();
    await keepScreenshot(ada.page, 'offline-reload');
    await ada.say('Written without a server');
    await ada.message('Written without a server').waitFor();
    // An address that was not visited before, too.
    await ada.page.goto(`${server.url}/pages`);
    await ada.page.getByRole('navigation', { name: 'Pages', exact: true }).waitFor();
    await keepScreenshot(ada.page, 'offline-pages');
    await server.launch();
    await ben.message('Written without a server').waitFor();
  });

  it('nothing is kept but the files of the app, and what was erased is gone', async () => {
    await ben.act('Said in secret', 'Delete');
    await ben.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await ada.page.goto(server.url);
    await ada.room(ROOM).click();
    await ada.message('Message deleted').waitFor();
    await eventually('it is erased here', async () => !(await kept(ada)).rooms.includes('Said in secret'));
    const { urls, rooms } = await kept(ada);
    expect(rooms).toContain('Said before');
    expect(urls.length).toBeGreaterThan(50);
    const paths = urls.map((url) => url.replace(server.url, '').replace(/\?.*/, ''));
    expect(paths.filter((path) => !/^\/(assets\/[\w.-]+)?$|^\/[\w-]+\.(js|svg|webmanifest)$/.test(path))).toEqual([]);
  });

  it('and after the sign-out nothing of a person is left on the device', async () => {
    await ada.page.getByRole('button', { name: 'Account and settings' }).first().click();
    await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await ada.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await eventually('the rooms are gone', async () => (await kept(ada)).rooms === '[]');
    expect([...ada.problems, ...ben.problems].filter((problem) => problem.startsWith('exception'))).toEqual([]);
  });
});
