/** Has the browser keep the app, once it is on the screen. Where browsers have no service workers (plain http), it needs the network. */
export function keepApp(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const script = new URL(`${import.meta.env.BASE_URL}sw.js`, document.baseURI);
  // A browser that is told to keep nothing refuses, and everything else works.
  addEventListener('load', () => void navigator.serviceWorker.register(script).catch(() => undefined));
}
