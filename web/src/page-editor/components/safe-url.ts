/** Where a link may lead: not into a script. Null for anything else, and for what is no address. */
export function linkUrl(text: string): string | null {
  return urlOf(text, /^(https?|mailto):$/);
}

/** Where an image may come from: the web, or itself. */
export function imageUrl(text: string): string | null {
  return /^data:image\//i.test(text.trim()) ? text.trim() : urlOf(text, /^https?:$/);
}

function urlOf(text: string, protocols: RegExp): string | null {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return null;
  return protocols.test(new URL(trimmed).protocol) ? trimmed : null;
}
