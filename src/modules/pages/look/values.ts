import type { Json, JsonObject } from '../document/json-value.js';

/* What stands in a component may come from any client: whatever it is, something harmless can be read out of it. */

/** A member of its own; nothing of what every object has. */
export function valueOf(props: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(props, name) ? props[name] : undefined;
}

/** What a person would read of a value: nothing of an object or a list. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function textsOf(list: Json | undefined, most: number): string[] {
  return Array.isArray(list) ? list.slice(0, most).map(textOf) : [];
}

const LINKED = new Set(['http:', 'https:', 'mailto:']);
const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/** An address that may be followed; undefined for any other. It is the browser's own reading of the text, so that nothing hides in it. */
export function linkOf(value: Json | undefined): string | undefined {
  const url = urlOf(value);
  return url && LINKED.has(url.protocol) ? url.href : undefined;
}

/** An address of an image; undefined for any other. A picture cannot run anything, an SVG in an `img` neither. */
export function imageOf(value: Json | undefined): string | undefined {
  const url = urlOf(value);
  if (!url) return undefined;
  return url.protocol === 'http:' || url.protocol === 'https:' || IMAGE_DATA.test(url.href) ? url.href : undefined;
}

function urlOf(value: Json | undefined): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  // A user or password before the host makes one host look like another.
  return url && url.username === '' && url.password === '' ? url : undefined;
}
