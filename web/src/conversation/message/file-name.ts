/** The last part of an address as a person would read it; null when it ends in none. */
export function fileNameOf(href: string): string | null {
  const last = new URL(href).pathname.split('/').at(-1) ?? '';
  if (last === '') return null;
  try {
    return decodeURIComponent(last);
  } catch {
    // Not UTF-8: as it is written.
    return last;
  }
}
