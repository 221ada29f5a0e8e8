import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openPage, type Person } from '../support/browser.js';
import { PASSWORD } from '../support/client.js';

/** Somebody at the web app, in English. What is done here is done as a person does it: by what is on the screen. */
export class WebPerson {
  private constructor(
    private readonly person: Person,
    private readonly url: string,
    readonly name: string,
  ) {}

  static async open(browser: Browser, url: string, name: string, options: BrowserContextOptions = {}): Promise<WebPerson> {
    return new WebPerson(await openPage(browser, options), url, name);
  }

  get page(): Page {
    return this.person.page;
  }

  /** What the page complained of: exceptions, errors in the console, breaches of the content policy. */
  get problems(): readonly string[] {
    return this.person.problems;
  }

  async signUp(): Promise<void> {
    const { page } = this;
    await page.goto(this.url);
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill(this.name);
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(`${this.name}@example.org`);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await this.rooms.waitFor();
  }

  async signIn(): Promise<void> {
    const { page } = this;
    await page.goto(this.url);
    await page.getByRole('textbox', { name: 'E-mail address or username' }).fill(this.name);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await this.rooms.waitFor();
  }

  get rooms(): Locator {
    return this.page.getByRole('navigation', { name: 'Chats' });
  }

  room(name: string): Locator {
    return this.rooms.getByRole('link', { name });
  }

  async add(what: 'New direct message' | 'Create a room' | 'Discover rooms'): Promise<void> {
    await this.rooms.getByRole('button', { name: 'New' }).click();
    await this.page.getByRole('menuitem', { name: what }).click();
  }

  async createRoom(name: string): Promise<void> {
    await this.add('Create a room');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await this.composer(name).waitFor();
  }

  async discoverAndJoin(name: string): Promise<void> {
    await this.add('Discover rooms');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill(name);
    await dialog.getByRole('button', { name: `Join ${name}` }).click();
    await this.composer(name).waitFor();
  }

  async writeTo(displayName: string): Promise<void> {
    await this.add('New direct message');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('combobox').or(dialog.getByRole('searchbox')).fill(displayName);
    await dialog.getByRole('option', { name: displayName }).click();
    await this.composer(displayName).waitFor();
  }

  composer(room: string): Locator {
    return this.page.getByRole('textbox', { name: `Message to ${room}` });
  }

  /** Writes into the room that is open. */
  async say(text: string): Promise<void> {
    const composer = this.page.getByRole('textbox', { name: /^Message to/ });
    await composer.fill(text);
    await composer.press('Enter');
  }

  get timeline(): Locator {
    return this.page.getByRole('list', { name: /^Messages in/ });
  }

  /** The message that contains the text. */
  message(text: string): Locator {
    return this.timeline.getByRole('listitem').filter({ hasText: text });
  }

  /** Chooses from the menu of a message. */
  async act(text: string, action: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  goOffline(): Promise<void> {
    return this.page.context().setOffline(true);
  }

  comeBack(): Promise<void> {
    return this.page.context().setOffline(false);
  }

  close(): Promise<void> {
    return this.person.close();
  }
}
