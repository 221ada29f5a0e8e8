import { foreignHostOf } from './foreign-host.js';

export interface HeldImages {
  /** The document with what stands for images of other hosts. */
  readonly html: string;
  /** Which these are, each once. */
  readonly hosts: readonly string[];
}

/** Takes the images of other hosts out of a document, but for those that were asked for. What is parsed so loads nothing. */
export function holdForeignImages(html: string, shown: ReadonlySet<string>, placeOf: (host: string) => string): HeldImages {
  const document = new DOMParser().parseFromString(html, 'text/html');
  const hosts = new Set<string>();
  for (const image of document.querySelectorAll('img')) {
    const host = foreignHostOf(image.getAttribute('src') ?? '');
    if (host === null || shown.has(host)) continue;
    hosts.add(host);
    const place = document.createElement('div');
    place.className = 'no-image';
    place.textContent = [image.alt, placeOf(host)].filter(Boolean).join(' · ');
    image.replaceWith(place);
  }
  return { html: `<!doctype html>${document.documentElement.outerHTML}`, hosts: [...hosts] };
}
