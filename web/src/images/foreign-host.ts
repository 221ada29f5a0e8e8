/**
 * The host from which an image would be fetched that is not our own; null for images of this server, and for those that bring their content
 * along. Whoever serves an image learns who looks at it, and when.
 */
export function foreignHostOf(address: string, own: string = location.origin): string | null {
  if (!URL.canParse(address, own)) return null;
  const { protocol, origin, host } = new URL(address, own);
  return (protocol === 'https:' || protocol === 'http:') && origin !== own ? host : null;
}
