import { Injectable } from '@nestjs/common';

/** Says which channels of one kind a user may follow. Each module with channels of its own registers one. */
export interface ChannelReader {
  /** Those of the channels that are of this kind and that the user may read, from the database: a cache could be late. */
  readable(userId: string, channelIds: readonly string[]): Promise<Set<string>>;
}

/** Who may follow which channel, whatever its kind. */
@Injectable()
export class ChannelAccess {
  private readonly readers: ChannelReader[] = [];

  register(reader: ChannelReader): void {
    this.readers.push(reader);
  }

  async readable(userId: string, channelIds: readonly string[]): Promise<Set<string>> {
    const sets = await Promise.all(this.readers.map((reader) => reader.readable(userId, channelIds)));
    return new Set(sets.flatMap((set) => [...set]));
  }
}
