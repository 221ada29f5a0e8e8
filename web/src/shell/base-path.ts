/** The path below which the server is reached, such as `/team/chat`, as it has written it into the page; empty for none. */
export const basePath = (document.querySelector<HTMLMetaElement>('meta[name="atrium:base"]')?.content ?? '').replace(/\/+$/, '');

/** An address of the app as others see it. */
export function absoluteUrl(path: string): string {
  return `${location.origin}${basePath}${path}`;
}
