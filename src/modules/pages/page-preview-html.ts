import type { Json } from './document/json-value.js';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** What has no place in HTML (HTML §3.2.5: no controls but white space, no halves of surrogate pairs). */
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/g;

/** The text as it stands in HTML, within elements and within quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** What a person would read of a value: nothing of an object or a list. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
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
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;

/** A language tag (BCP 47); undefined for what is none. */
export function languageOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && LANGUAGE.test(value) ? value : undefined;
}
