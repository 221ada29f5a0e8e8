/** Limits that clients may rely on. The `session` event repeats them, so that a client needs no copy. */
export const LIMITS = {
  /** Unicode code points in one message. */
  messageChars: 16_000,
  /** Bytes of one HTTP body. */
  bodyBytes: 1_048_576,
  /** Bytes of one HTTP body of a caller who is not signed in. */
  publicBodyBytes: 16_384,
  /** Bytes of a page as JSON text, unless the server is set otherwise. */
  pageBytes: 5_000_000,
  /** Bytes of one HTTP body that is a whole page, which may have escapes and spaces that do not count there. */
  pageBodyBytes: 6_291_456,
  /**
   * Bytes of one socket frame. Twice the HTTP limit, because the engine cuts the connection of whoever exceeds it:
   * an event that is merely too large for its schema must still get its error.
   */
  frameBytes: 2_097_152,
  /** Events of one socket that may wait for their ack. */
  unackedEvents: 1_000,
  /** Connections of one user to one node. */
  socketsPerUser: 100,
  /** Items of one page of a list. */
  pageItems: 200,
  /** People whom one user can block. */
  blocks: 1_000,
  /** Channels of one `resume`. */
  resumeChannels: 1_000,
  /** Entries of one channel that `resume` hands out; a client further behind gets `reset`. */
  resumeEntries: 1_000,
  /** Entries of all channels of one `resume` together; the channels that miss least come first, the others get `reset`. */
  resumeEntriesInAll: 5_000,
  /** Bytes of one answer to `resume`, about: less than the backlog beyond which a reader counts as too slow. */
  resumeBytes: 1_500_000,
  /** Members up to which a read position is announced to the whole room (beyond, it would be quadratic). */
  announcedReaders: 100,
  /** Operations of one JSON patch, unless the server is set otherwise. */
  patchOperations: 1_000,
  /** Bytes of one JSON patch, unless the server is set otherwise. */
  patchBytes: 262_144,
  /** Cursor positions of one sender that others get in a second; the newest wins. */
  cursorsPerSecond: 20,
} as const;
