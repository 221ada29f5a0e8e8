import { Injectable } from '@nestjs/common';
import { BoundedCache } from '../../platform/memory/bounded-cache.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { DocumentRole } from '../../protocol/access.js';
import type { DocumentAction } from '../access/document.policy.js';
import { type DocumentPermit, Grants } from '../access/grants.js';
import { ChannelAccess } from '../channels/channel-access.js';
import { type PageNames, PageSlugsRepository } from './page-slugs.repository.js';

const NAMES = { name: 'page-names', maxBytes: 12 * 1024 * 1024, entryBytes: 120 };

/** A page as clients call it and as the journal does, and what somebody is on it. */
export interface PageRight extends PageNames {
  readonly role: DocumentRole;
  /** For the entry that is made by this right. */
  readonly permit: DocumentPermit;
}

/** Who may do what with a page, asked by the name that clients use. */
@Injectable()
export class PageAccess {
  /** Slug → channel, and back. Names are given once, so only what is missing is asked again. */
  private readonly channels = new BoundedCache<string>(NAMES);
  private readonly slugs = new BoundedCache<string>(NAMES);
  private readonly loading = new Map<string, Promise<string>>();

  constructor(
    private readonly pages: PageSlugsRepository,
    private readonly grants: Grants,
    access: ChannelAccess,
  ) {
    access.register({ readable: (userId, channelIds) => this.readable(userId, channelIds) });
  }

  /**
   * What the user is on the page, if that allows the action; at once when nothing has to be looked up.
   * @throws AppError PAGE_NOT_FOUND to strangers, and when the page is deleted · PERMISSION_DENIED to members without the right
   */
  require(pageId: string, userId: string, action: DocumentAction): PageRight | Promise<PageRight> {
    const id = this.channels.get(pageId);
    if (id === undefined) return this.load(pageId).then((loaded) => this.requireOn(loaded, pageId, userId, action));
    return this.requireOn(id, pageId, userId, action);
  }

  /** The page's name for clients, if somebody on this node has asked for the page or follows it; undefined also for what is no page. */
  knownSlugOf(channelId: string): string | undefined {
    return this.slugs.get(channelId);
  }

  /** The page's name for clients. @throws AppError PAGE_NOT_FOUND */
  async slugOf(channelId: string): Promise<string> {
    return this.slugs.get(channelId) ?? this.keep(await this.pages.findById(channelId)).pageId;
  }

  /** Whoever follows a page hears who comes and goes under its name: so that is known from here on. */
  private async readable(userId: string, channelIds: readonly string[]): Promise<Set<string>> {
    const readable = await this.grants.readableNow(userId, channelIds);
    const unknown = [...readable].filter((id) => !this.slugs.has(id));
    if (unknown.length > 0) for (const names of await this.pages.findMany(unknown)) this.keep(names);
    return readable;
  }

  private requireOn(id: string, pageId: string, userId: string, action: DocumentAction): PageRight | Promise<PageRight> {
    const permit = this.grants.require(id, userId, action, 'PAGE_NOT_FOUND');
    return permit instanceof Promise ? permit.then((confirmed) => toRight(pageId, confirmed)) : toRight(pageId, permit);
  }

  /** One query for all who ask at once. */
  private load(pageId: string): Promise<string> {
    let loading = this.loading.get(pageId);
    if (!loading) {
      loading = this.pages
        .findBySlug(pageId)
        .then((names) => this.keep(names).id)
        .finally(() => this.loading.delete(pageId));
      this.loading.set(pageId, loading);
    }
    return loading;
  }

  private keep(names: PageNames | null): PageNames {
    if (!names) throw new AppError('PAGE_NOT_FOUND');
    this.channels.set(names.pageId, names.id);
    this.slugs.set(names.id, names.pageId);
    return names;
  }
}

function toRight(pageId: string, permit: DocumentPermit): PageRight {
  return { id: permit.channelId, pageId, role: permit.role, permit };
}
