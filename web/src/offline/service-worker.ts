import { clientsClaim } from 'workbox-core';
import { addRoute, cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { isPathOfApp } from '../shell/paths.js';

/** Every file of this build, relative to this script; written by the build. `revision` is null where the name has a hash. */
declare const APP_FILES: { url: string; revision: string | null }[];

/** The page that every address of the app shows. */
const PAGE = './';
/** A server that has not answered by then is not waited for. */
const NAVIGATION_TIMEOUT_MS = 4_000;
/** What a proxy answers whose server is away. */
const AWAY = new Set([502, 503, 504]);

/**
 * Keeps the app on the device, so that it opens without a network. The page comes from the network while there is one; what has a hash in
 * its name comes from here. Nothing else is touched: answers of the API never get into a cache.
 *
 * A newer version waits until the last window with the older one is closed, which so goes on finding its own files.
 */
precache(APP_FILES);
cleanupOutdatedCaches();
clientsClaim();

// Before the files: the page is one of them, too.
registerRoute(
  ({ request, url }) => request.mode === 'navigate' && request.destination === 'document' && isPathOfApp(url, new URL(PAGE, location.href)),
  ({ request }) => showPage(request),
);
addRoute({ cleanURLs: false, directoryIndex: '', ignoreURLParametersMatching: [] });

async function showPage(request: Request): Promise<Response> {
  const answer = await Promise.race([fetch(request).catch(() => undefined), timeout(NAVIGATION_TIMEOUT_MS)]);
  if (answer && !AWAY.has(answer.status)) return answer;
  return (await matchPrecache(PAGE)) ?? answer ?? Response.error();
}

function timeout(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
