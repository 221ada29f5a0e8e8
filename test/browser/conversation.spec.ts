import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';
const QUIET_ROOM = 'Lighthouse 灯塔';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } satisfies BrowserContextOptions;

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let roomId: string;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  ada = await crowd.person('ada');
  await ada.post('/rooms', { name: QUIET_ROOM });
  ({ id: roomId } = await ada.post<{ id: string }>('/rooms', { name: ROOM }));
  for (let i = 1; i <= 60; i++) await ada.post(`/rooms/${roomId}/messages`, { clientMsgId: `m${i}`, content: `Message ${i}.` });
  // More than a page of members, the last of whom is not on the first.
  for (let i = 1; i <= 105; i++) await (await crowd.person('sailor')).post(`/rooms/${roomId}/join`);
  await (await crowd.person('ben', '本杰明')).post(`/rooms/${roomId}/join`);
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

async function signIn(options?: BrowserContextOptions): Promise<WebPerson> {
  const person = await WebPerson.open(browser, product.url, ada.user.username, options);
  await person.signIn();
  return person;
}

const isFocused = (element: Locator) => element.evaluate((node) => node === document.activeElement);

describe('opening a room', { timeout: 120_000 }, () => {
  it('is the beginning of writing: by the mouse, by the keyboard, by its address', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(ROOM).click();
    await eventually('the composer has the focus', () => isFocused(person.composer(ROOM)));
    await page.keyboard.type('Half a sent');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('searchbox').fill(QUIET_ROOM);
    await page.getByRole('dialog').getByRole('option', { name: QUIET_ROOM }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually('the other composer has it', () => isFocused(person.composer(QUIET_ROOM)));
    await page.goto(`${product.url}/rooms/${roomId}`);
    await eventually('it has it again', () => isFocused(person.composer(ROOM)));
    // Behind the draft, where the writer was.
    await page.keyboard.type('ence');
    expect(await person.composer(ROOM).inputValue()).toBe('Half a sentence');
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('leaves the focus alone for who was sent to a message', async () => {
    const person = await signIn();
    await person.page.goto(`${product.url}/rooms/${roomId}?m=10`);
    await person.message('Message 10.').waitFor();
    expect(await isFocused(person.composer(ROOM))).toBe(false);
    await person.close();
  });

  it('brings up no keyboard on a phone', async () => {
    const person = await signIn(PHONE);
    await person.room(ROOM).tap();
    await person.message('Message 60.').waitFor();
    expect(await isFocused(person.composer(ROOM))).toBe(false);
    await person.close();
  });
});

describe('the toolbar of a message', { timeout: 120_000 }, () => {
  it('is whole wherever the message stands in the list, and over what comes after it', async () => {
    const person = await signIn();
    const { page } = person;
    await page.goto(`${product.url}/rooms/${roomId}?m=30`);
    const row = person.message('Message 30.');
    await row.waitFor();
    // How much of the row the upper edge of the list hides: nothing, or more and more.
    for (const hiddenPx of [-4, 0, 6, 14]) {
      // The list may still be settling: what moved away from under the pointer is put under it again.
      await eventually(`the toolbar is whole with ${hiddenPx} px hidden`, async () => {
        await row.evaluate((element, hidden) => {
          const scroller = element.closest('[role=list]')!;
          scroller.scrollTop += element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + hidden;
        }, hiddenPx);
        const box = (await row.boundingBox())!;
        await page.mouse.move(box.x + 120, box.y + box.height - 4);
        // Not that of the row over which the pointer was before.
        return row.getByRole('toolbar').evaluateAll(([element]) => {
          const { left, width, top, bottom } = element!.getBoundingClientRect();
          return [top + 1, bottom - 1].every((y) => element!.contains(document.elementFromPoint(left + width / 2, y)));
        });
      });
      if (hiddenPx === 0) await keepScreenshot(page, 'toolbar-of-first-row');
    }
    expect(person.problems).toEqual([]);
    await person.close();
  });
});

describe('emoji', { timeout: 120_000 }, () => {
  it('are found by a word, chosen by the keyboard, and come where one was writing', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(QUIET_ROOM).click();
    const composer = person.composer(QUIET_ROOM);
    await composer.fill('Hello  there');
    for (let i = 0; i < ' there'.length; i++) await composer.press('ArrowLeft');
    await page.getByRole('button', { name: 'Insert an emoji' }).click();
    const picker = page.getByRole('dialog', { name: 'Insert an emoji' });
    await picker.getByRole('gridcell').first().waitFor();
    await eventually('the field has the focus', () => isFocused(picker.getByRole('searchbox')));
    await page.keyboard.type('fox');
    await picker.getByRole('gridcell', { name: 'Fox' }).waitFor();
    await page.keyboard.press('Enter');
    await picker.waitFor({ state: 'detached' });
    await eventually('the composer has the focus', () => isFocused(composer));
    await page.keyboard.type('!');
    expect(await composer.inputValue()).toBe('Hello 🦊! there');
    await page.keyboard.press('Control+z');
    expect(await composer.inputValue()).toBe('Hello  there');
    await composer.fill('');
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('come by kind and in the skin tone that was chosen, in the language of the page', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(QUIET_ROOM).click();
    const open = async (): Promise<Locator> => {
      await page.getByRole('button', { name: /Insert an emoji|插入表情/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('gridcell').first().waitFor();
      return dialog;
    };
    let picker = await open();
    await picker.getByRole('button', { name: 'Skin tone: none' }).click();
    await picker.getByRole('button', { name: 'Skin tone: light' }).waitFor();
    await picker.getByRole('button', { name: 'People' }).click();
await picker.getByRole('gridcell', { name: 'Waving hand' }).click();
    expect(await person.composer(QUIET_ROOM).inputValue()).toBe('👋🏻');
    picker = await open();
    await picker.getByRole('button', { name: 'Skin tone: light' }).waitFor();
    await picker.getByRole('button', { name: 'Flags' }).click();
    await picker.getByText('Flags', { exact: true }).waitFor();
    await picker.getByRole('gridcell', { name: /flag/ }).first().waitFor();
    await picker.getByRole('searchbox').fill('nothing of the kind');
    await picker.getByText('No emoji found.').waitFor();
    await page.keyboard.press('Escape');
    await picker.waitFor({ state: 'detached' });
    await page.evaluate(() => localStorage.setItem('atrium:language', 'zh'));
    await page.reload();
    picker = await open();
    await picker.getByRole('searchbox', { name: '搜索表情' }).fill('帆船');
    await picker.getByRole('gridcell').filter({ hasText: '⛵' }).waitFor();
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('say when they could not be loaded, and load when asked again', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(QUIET_ROOM).click();
    await page.route('**/emoji/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Insert an emoji' }).click();
    const picker = page.getByRole('dialog', { name: 'Insert an emoji' });
    await picker.getByText('The emoji could not be loaded.').waitFor();
    await keepScreenshot(page, 'emoji-failed');
    await page.unroute('**/emoji/**');
    await picker.getByRole('button', { name: 'Try again' }).click();
    await picker.getByRole('gridcell').first().waitFor();
    await person.close();
  });

  it('leave the composer in sight on a phone', async () => {
    const person = await signIn(PHONE);
    const { page } = person;
    await person.room(QUIET_ROOM).tap();
    await page.getByRole('button', { name: 'Insert an emoji' }).tap();
    const picker = page.getByRole('dialog', { name: 'Insert an emoji' });
    await picker.getByRole('gridcell').first().waitFor();
    const [above, below] = [(await picker.boundingBox())!, (await person.composer(QUIET_ROOM).boundingBox())!];
    expect(above.y + above.height).toBeLessThanOrEqual(below.y);
    expect(above.x).toBeGreaterThanOrEqual(0);
    expect(above.x + above.width).toBeLessThanOrEqual(PHONE.viewport.width);
    expect(await isFocused(picker.getByRole('searchbox'))).toBe(false);
    await picker.getByRole('gridcell').first().tap();
    expect(await person.composer(QUIET_ROOM).inputValue()).toBe('😀');
    expect(person.problems).toEqual([]);
    await person.close();
  });
});

describe('the members of a room', { timeout: 120_000 }, () => {
  it('are found by the server, and what is done about them is seen', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(ROOM).click();
    await page.getByRole('button', { name: 'Members' }).click();
    const dialog = page.getByRole('dialog');
    const rows = dialog.getByRole('listitem');
    const search = dialog.getByRole('searchbox', { name: 'Search members' });
    await search.fill('杰明');
    await rows.filter({ hasText: '本杰明' }).waitFor();
    expect(await rows.count()).toBe(1);
    await dialog.getByRole('button', { name: 'Manage 本杰明' }).click();
    await page.getByRole('menuitem', { name: /admin/ }).click();
    await rows.filter({ hasText: 'Admin' }).waitFor();
    await keepScreenshot(page, 'members-found');
    await search.fill('nobody at all');
    await dialog.getByText('Nobody matches.').waitFor();
    await search.fill('');
    await rows.filter({ hasText: ada.user.username }).waitFor();
    expect(await rows.count()).toBeGreaterThan(5);
    expect(person.problems).toEqual([]);
    await person.close();
  });
});

describe('what one writes', { timeout: 120_000 }, () => {
  it('is seen, wherever one was reading', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(ROOM).click();
    await person.message('Message 60.').waitFor();
    await person.message('Message 60.').hover();
    await eventually('the newest message has left the list', async () => {
      // The list of a room that has just opened may still be on its way to the end: who reads turns the wheel again.
      await page.mouse.wheel(0, -1_500);
      return (await person.message('Message 60.').count()) === 0;
    });
    await person.say('Written from above');
    await eventually('it is in sight', () => isInSight(person.message('Written from above')));
    await page.goto(`${product.url}/rooms/${roomId}?m=5`);
    await person.message('Message 5.').waitFor();
    await person.say('Written from far above');
    await eventually('it is in sight', () => isInSight(person.message('Written from far above')));
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('can be edited from the menu that was opened while it was on its way', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(QUIET_ROOM).click();
    await person.composer(QUIET_ROOM).waitFor();
    await person.goOffline();
    await person.say('On its way');
    await person.message('On its way').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy text' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Edit' }).count()).toBe(0);
    await person.comeBack();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Edit message' }).fill('It came');
    await page.keyboard.press('Enter');
    await person.message('It came').getByText('edited').waitFor();
    await person.close();
  });
});

/** Between the header and the composer. */
const isInSight = (message: Locator) =>
  message.evaluate((element) => {
    const [row, list] = [element.getBoundingClientRect(), element.closest('[role=list]')!.getBoundingClientRect()];
    return row.top >= list.top && row.bottom <= list.bottom;
  });

describe('emoji by their names', { timeout: 120_000 }, () => {
  it('are found by what they mean, the best first, and Enter takes it', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(QUIET_ROOM).click();
    const composer = person.composer(QUIET_ROOM);
    for (const [query, emoji] of [['fire', '🔥'], ['smile', '😄'], ['thumbs up', '👍️']] as const) {
      await composer.fill('');
      await page.getByRole('button', { name: 'Insert an emoji' }).click();
      const picker = page.getByRole('dialog', { name: 'Insert an emoji' });
      await picker.getByRole('searchbox').fill(query);
      await picker.getByText('Found').waitFor();
      await eventually('the best is the first', async () => (await picker.getByRole('gridcell').first().textContent()) === emoji);
      if (query === 'fire') await keepScreenshot(page, 'emoji-found');
      await page.keyboard.press('Enter');
      await picker.waitFor({ state: 'detached' });
      expect(await composer.inputValue()).toBe(emoji);
    }
    // The arrows choose another one.
    await composer.fill('');
    await page.getByRole('button', { name: 'Insert an emoji' }).click();
    const picker = page.getByRole('dialog', { name: 'Insert an emoji' });
    await picker.getByRole('searchbox').fill('cat');
    await eventually('cats are there', async () => (await picker.getByRole('gridcell').first().textContent()) === '🐈️');
    const second = await picker.getByRole('gridcell').nth(1).textContent();
    for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    expect(await composer.inputValue()).toBe(second);
    await composer.fill('');
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('are offered while a shortcode is written, by the keyboard and the mouse', async () => {
    const person = await signIn();
    const { page } = person;
    await person.room(QUIET_ROOM).click();
    const composer = person.composer(QUIET_ROOM);
    const offered = page.getByRole('listbox', { name: 'Emoji for what is written' });
    await composer.pressSequentially('Well done :tad');
    await offered.getByRole('option', { name: /party popper/ }).waitFor();
    expect(await composer.getAttribute('aria-activedescendant')).toBe(await offered.getByRole('option', { selected: true }).getAttribute('id'));
    await keepScreenshot(page, 'emoji-suggestions');
    await page.keyboard.press('Enter');
    expect(await composer.inputValue()).toBe('Well done 🎉');
    await composer.pressSequentially(' :smi');
    await offered.waitFor();
    await page.keyboard.press('ArrowDown');
    const second = await offered.getByRole('option').nth(1).locator('span').first().textContent();
    await page.keyboard.press('Tab');
    expect(await composer.inputValue()).toBe(`Well done 🎉 ${second}`);
    await composer.fill('');
    await composer.pressSequentially('It is :fir');
    await offered.getByRole('option', { name: /^fire/ }).first().click();
    expect(await composer.inputValue()).toBe('It is 🔥');
    await page.keyboard.press('Control+z');
    expect(await composer.inputValue()).toBe('It is :fir');
    await page.keyboard.press('Escape');
    await offered.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await person.message('It is :fir').waitFor();
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('replace a whole shortcode, and nothing that merely has colons', async () => {
    const person = await signIn();
    await person.room(QUIET_ROOM).click();
    const composer = person.composer(QUIET_ROOM);
    await composer.pressSequentially('At 10:30 :smile: and :nosuchthing:');
    await eventually('it is replaced', async () => (await composer.inputValue()) === 'At 10:30 😄 and :nosuchthing:');
    await composer.fill('');
    await person.close();
  });

  it('are found in Chinese', async () => {
    const person = await signIn();
    await person.room(QUIET_ROOM).click();
    await person.page.evaluate(() => localStorage.setItem('atrium:language', 'zh'));
    await person.page.reload();
    const composer = person.page.getByRole('textbox', { name: QUIET_ROOM });
    await composer.pressSequentially('好：火');
    const offered = person.page.getByRole('listbox', { name: '匹配的表情' });
    await offered.getByRole('option').first().waitFor();
    await person.page.keyboard.press('Enter');
    expect(await composer.inputValue()).toBe('好🔥');
    await composer.fill('');
    await person.close();
  });
});
