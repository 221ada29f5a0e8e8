/** What all servers are loaded with. */

/** A message's content: ASCII, so that bytes are characters. */
export const CONTENT_BYTES = 200;
/** In scenarios with rooms of 10 and more. */
export const SOCKETS = 1000;
