/** The addresses of the app. */
export const paths = {
  home: '/',
  room: (roomId: string): string => `/rooms/${encodeURIComponent(roomId)}`,
  pages: '/pages',
  page: (pageId: string): string => `/pages/${encodeURIComponent(pageId)}`,
  invite: '/invite/:token',
  setup: '/setup',
  signIn: '/sign-in',
  signUp: '/sign-up',
} as const;

/** The first segments of those addresses. */
const SEGMENTS: ReadonlySet<string> = new Set(['', 'rooms', 'pages', 'invite', 'setup', 'sign-in', 'sign-up']);

/** Whether the app that is served at `home` shows something at this address. */
export function isPathOfApp(url: URL, home: URL): boolean {
  if (url.origin !== home.origin || !url.pathname.startsWith(home.pathname)) return false;
  return SEGMENTS.has(url.pathname.slice(home.pathname.length).split('/', 1)[0]!);
}

/** `path?next=wanted`, or just `path` when home was wanted. */
export function withNext(path: string, wanted: string): string {
  return wanted === paths.home ? path : `${path}?next=${encodeURIComponent(wanted)}`;
}

/** The wanted page of a `?next=`. Only a path of our own: another origin's would make the sign-in page a lure. */
export function nextOf(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  if (!next.startsWith('/')) return paths.home;
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : paths.home;
}
