import { basePath } from '../shell/base-path.js';

/** Has the browser keep the app, once it is on the screen. Where browsers have no service workers (plain http), it needs the network. */
export function keepApp(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // A browser that is told to keep nothing refuses, and everything else works.
  const keep = (): void => void navigator.serviceWorker.register(`${basePath}/sw.js`).catch(() => undefined);
  addEventListener('load', keep);
  // What the network broke off begins again.
  addEventListener('online', keep);
}
