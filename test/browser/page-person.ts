import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openPage, type Person as BrowserPerson } from '../support/browser.js';
import { PASSWORD, type Person } from '../support/client.js';

/** Somebody who is signed in at a window of their own. */
export type Seated = BrowserPerson & { readonly screen: EditorScreen };

export async function sitDown(browser: Browser, url: string, person: Person, options: BrowserContextOptions = {}): Promise<Seated> {
  const own = await openPage(browser, { viewport: { width: 1440, height: 860 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  await own.page.goto(url);
  await own.page.getByRole('textbox', { name: 'E-mail address or username' }).fill(person.user.username);
  await own.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await own.page.getByRole('button', { name: 'Sign in' }).click();
  await own.page.getByRole('navigation', { name: 'Chats' }).waitFor();
  return { ...own, screen: new EditorScreen(own.page) };
}

/** A page that is open in the editor, as somebody works on it. */
export class EditorScreen {
  constructor(readonly page: Page) {}

  async open(url: string, pageId: string): Promise<void> {
    await this.page.goto(`${url}/pages/${pageId}`);
    await this.canvas.waitFor();
  }

  get tree(): Locator {
    return this.page.getByRole('tree', { name: 'Components' });
  }

  get canvas(): Locator {
    return this.page.getByRole('group', { name: /^Canvas of/ });
  }

  /** What is on the canvas, without what the editor draws over it. */
  shown(text: string): Locator {
    return this.canvas.locator('[data-component]').first().getByText(text, { exact: true });
  }

  get properties(): Locator {
    return this.page.getByRole('region', { name: 'Properties' });
  }

  row(name: string): Locator {
    return this.tree.getByRole('treeitem').filter({ has: this.page.locator('[data-name]').and(this.page.getByText(name, { exact: true })) });
  }

  /** As the tree has it: each line with its depth. */
  outline(): Promise<string[]> {
    return this.tree.getByRole('treeitem').evaluateAll((rows) => rows.map((row) => `${row.getAttribute('aria-level')} ${row.querySelector('[data-name]')?.textContent}`));
  }

  async add(type: string): Promise<void> {
    await this.page.getByRole('button', { name: `Add ${type}` }).click();
  }

  property(name: string): Locator {
    return this.properties.getByRole('textbox', { name, exact: true });
  }

  /** Drags by the mouse, to a share of the height of what it is let go over. */
  async drag(from: Locator, to: Locator, ratio = 0.5): Promise<void> {
    const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
    const { mouse } = this.page;
    await mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await mouse.down();
    await mouse.move(start.x + start.width / 2 + 8, start.y + start.height / 2 + 8, { steps: 3 });
    await mouse.move(end.x + end.width / 2, end.y + end.height * ratio, { steps: 8 });
    await mouse.up();
  }

  /** Drags by a finger that rests on it first, as otherwise it would scroll. */
  async dragByFinger(from: Locator, to: Locator, ratio = 0.5): Promise<void> {
    const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
    const session = await this.page.context().newCDPSession(this.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    const [x, fromY, toY] = [start.x + Math.min(start.width / 2, 100), start.y + start.height / 2, end.y + end.height * ratio];
    await touch('touchStart', [{ x, y: fromY }]);
    await this.page.locator('html[data-dragging]').waitFor();
    for (let step = 1; step <= 8; step++) await touch('touchMove', [{ x, y: fromY + ((toY - fromY) * step) / 8 }]);
    await touch('touchEnd', []);
    await session.detach();
  }
}
