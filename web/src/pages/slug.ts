/** Whether the server would take it as a page's own name; nothing at all leaves the choice to the server. */
export function isSlug(slug: string): boolean {
  return /^[A-Za-z0-9_-]{0,64}$/.test(slug);
}
