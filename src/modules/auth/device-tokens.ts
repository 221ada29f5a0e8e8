import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../../platform/config/config.js';
import { MAX_DEVICE_TOKEN_CHARS } from '../../protocol/auth.js';
import { Id } from '../../protocol/primitives.js';

/** `d1.<content>.<MAC>`, both in base64url. The version comes first, so that a later one can mean something else. */
const VERSION = 'd1';
const FORMAT = /^d1\.(?<content>[\w-]{1,900})\.(?<mac>[\w-]{43})$/;
/** People who share a computer; of more, the ones who signed in last. */
const MAX_USERS = 5;
/** A device on which somebody has not signed in or refreshed for so long is a stranger's again. */
export const DEVICE_SECONDS = 365 * 86_400;

const Content = z.object({
  /** Random, and the same for as long as the device keeps its token. */
  id: z.string(),
  /** The users who signed in on this device, with the Unix time of each sign-in in seconds; most recent first. */
  users: z.array(z.tuple([Id, z.int()])).max(MAX_USERS),
});
type Content = z.output<typeof Content>;

/** A device that has presented a genuine token. */
export interface KnownDevice {
  readonly id: string;
  /** Whether this user has signed in here before. */
  knows(userId: string): boolean;
}

/**
 * Makes and reads device tokens: signed notes, kept by the device alone, of who has signed in there before. A token opens nothing. It only
 * decides that attempts to sign in from this device are counted by themselves, and not with those of strangers.
 */
@Injectable()
export class DeviceTokens {
  private readonly key: Buffer;

  constructor(config: Config) {
    this.key = Buffer.from(hkdfSync('sha256', config.get('JWT_SECRET'), '', 'atrium device tokens', 32));
  }

  /** Undefined for whatever the server did not make: such a device is simply not known. */
  find(text: string | undefined): KnownDevice | undefined {
    const content = this.open(text);
    if (!content) return undefined;
    const oldest = nowInSeconds() - DEVICE_SECONDS;
    return { id: content.id, knows: (userId) => content.users.some(([id, at]) => id === userId && at > oldest) };
  }

  /** The token of a device, after this user has signed in there. @param before the token that it had, if any */
  issue(userId: string, before: string | undefined): string {
    const known = this.open(before);
    const others = known?.users.filter(([id]) => id !== userId) ?? [];
    const users: Content['users'] = [[userId, nowInSeconds()], ...others].slice(0, MAX_USERS) as Content['users'];
    const content = Buffer.from(JSON.stringify({ id: known?.id ?? randomBytes(16).toString('base64url'), users } satisfies Content)).toString('base64url');
    return `${VERSION}.${content}.${this.macOf(content).toString('base64url')}`;
  }

  private open(text: string | undefined): Content | undefined {
    if (text === undefined || text.length > MAX_DEVICE_TOKEN_CHARS) return undefined;
    const { content, mac } = FORMAT.exec(text)?.groups ?? {};
    if (content === undefined || mac === undefined) return undefined;
    const given = Buffer.from(mac, 'base64url');
    if (!timingSafeEqual(given, this.macOf(content))) return undefined;
    return Content.safeParse(JSON.parse(Buffer.from(content, 'base64url').toString())).data;
  }

  private macOf(content: string): Buffer {
    return createHmac('sha256', this.key).update(`${VERSION}.${content}`).digest();
  }
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
