import type { Json } from './document/json-value.js';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** What has no place in HTML (HTML §3.2.5: no controls but white space, no halves of surrogate pairs). */
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/g;

/** The text as it stands in HTML, within elements and within quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;

/** A language tag (BCP 47); undefined for what is none. */
export function languageOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && LANGUAGE.test(value) ? value : undefined;
}
