import { AtriumClient, Value } from '@atrium/client';
import { absoluteUrl } from './shell/base-path.js';

/** After this what the device has kept is shown, although it may be old. */
const PATIENCE_MS = 2_000;

/** The server that the app came from. */
export const client = new AtriumClient(absoluteUrl(''), { cookie: true });

/**
 * Whether the first attempt to catch up is over. Until then what the device has kept may be older than what is known in a moment, and
 * where one goes on reading another place.
 */
export const hasStarted = new Value(!navigator.onLine);
const stop = client.onStatus((status) => {
  if (status !== 'connecting') start();
});
const timer = setTimeout(start, PATIENCE_MS);

function start(): void {
  stop();
  clearTimeout(timer);
  hasStarted.set(true);
}
