import { Listeners } from '../store.js';
import { Page, type PageContext } from './page.js';

/** Of a page that one may see from now on. */
export interface AddedPage {
  readonly pageId: string;
  readonly title: string;
  /** Id of the user who shared the page; absent when the signed-in user created it or accepted an invite. */
  readonly addedBy?: string;
}

/** The pages that somebody has looked at. */
export class Pages {
  private readonly pages = new Map<string, Page>();
  private readonly addedListeners = new Listeners<[AddedPage]>();

  constructor(private readonly context: PageContext) {
    context.connection.status.subscribe(() => {
      for (const page of this.pages.values()) page.connectionChanged();
    });
  }

  /** A handle; the same one for the same page. */
  get(pageId: string): Page {
    let page = this.pages.get(pageId);
    if (!page) this.pages.set(pageId, (page = new Page(pageId, this.context)));
    return page;
  }

  onAdded(listener: (added: AddedPage) => void): () => void {
    return this.addedListeners.add(listener);
  }

  /** After each connect, when what was missed has been told. */
  async reconnected(): Promise<void> {
    await Promise.all([...this.pages.values()].map((page) => page.reconnected()));
    await this.takeUpLeft();
  }

  /** Events that are no entries. */
  hear(name: string, payload: AddedPage & { userId: string }): void {
    const page = this.pages.get(payload.pageId);
    if (name !== 'page-added') return page?.hear(name, payload);
    void page?.appeared();
    this.addedListeners.tell(payload);
  }

  /** What was edited on a page before a reload goes to the server, whether or not that page is opened again. */
  private async takeUpLeft(): Promise<void> {
    const userId = this.context.ownId();
    if (userId === undefined) return;
    const left = await this.context.storage.list(userId).catch(() => []);
    const pages = [...new Set(left.map(({ kept }) => kept.pageId))].map((pageId) => this.get(pageId));
    // What fails for want of an answer is tried again after the next connect.
    await Promise.all(pages.filter((page) => !page.isLoaded).map((page) => page.takeUp().catch(() => undefined)));
  }

  /** Nobody is signed in any more, or somebody else. */
  clear(): void {
    for (const page of this.pages.values()) page.dispose();
    this.pages.clear();
  }

  /** No more requests and timers, until there is something new. */
  stop(): void {
    for (const page of this.pages.values()) page.stop();
  }
}
