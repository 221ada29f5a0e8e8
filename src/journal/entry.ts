import type { Sql } from '../platform/database/database.js';
import type { ErrorCode } from '../protocol/errors.js';
import type { EntryView } from '../protocol/entries.js';

export type ChannelKind = 'room' | 'page' | 'board';

/** What a client calls a channel that is not there. */
export const CHANNEL_NOT_FOUND = { room: 'ROOM_NOT_FOUND', page: 'PAGE_NOT_FOUND', board: 'BOARD_NOT_FOUND' } as const satisfies Record<ChannelKind, ErrorCode>;

/** The right by which an entry is made, as it was read from the database. */
export interface Permit {
  /** The channel's `rights_version` when the right was read. While the channel still has that one, nobody has lost a right in it. */
  readonly version: number;
  /**
   * Reads the right again, over this connection, which has the channel locked at `version`; from then on that is the permit's.
   * @throws AppError the right is gone
   */
  renew(version: number, sql: Sql): Promise<void>;
}

/** An entry to be committed. The journal chooses `seq` and `at`. */
export interface NewEntry {
  readonly kind: ChannelKind;
  readonly channelId: string;
  readonly type: string;
  readonly actorId: string | null;
  /** Asked for again when rights in the channel have been taken away since; the entry is refused when it is gone. Without one nothing is asked. */
  readonly permit?: Permit | undefined;
  /** Made by the client: the same (channel, actor, opId) is stored once, for ever. */
  readonly opId?: string | undefined;
  /** Of the body that was sent under `opId` (`BodyFingerprints`): the same id with another body is refused. */
  readonly fingerprint?: number;
  /** Stored with the entry, and sent as its fields. */
  readonly payload?: Record<string, unknown>;
  readonly bytes?: Buffer;
  /** True for what can be unread; such entries get the channel's next `ordinal`. */
  readonly counted?: boolean;
  /** Values for the columns of projections; not kept in the journal. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** The fields to send, when they are not the payload (because a projection's row holds them). */
  readonly fields?: (placed: Placed) => Record<string, unknown>;
}

/** Where and when an entry was committed. */
export interface Placed {
  readonly seq: number;
  readonly ordinal: number;
  /** ISO 8601, the database's clock. */
  readonly at: string;
}

export interface AppendResult extends Placed {
  /** This opId was committed before; `seq` and `at` are of that first time. */
  readonly duplicate: boolean;
}

/** The entry as clients get it. */
export function toView(entry: NewEntry, placed: Placed): EntryView {
  const { channelId, type, actorId } = entry;
  const fields = entry.fields ? entry.fields(placed) : entry.payload;
  return { channelId, seq: placed.seq, type, actorId, at: placed.at, ...fields };
}

/** The same as JSON text; undefined when what is sent is not the stored payload, which is JSON already. */
export function encodeView({ channelId, type, actorId, fields }: NewEntry, { seq, at }: Placed, payload: string | undefined): string | undefined {
  if (payload === undefined || payload === '{}' || fields) return undefined;
  return `{"channelId":"${channelId}","seq":${seq},"type":"${type}","actorId":${actorId === null ? 'null' : `"${actorId}"`},"at":"${at}",${payload.slice(1)}`;
}
