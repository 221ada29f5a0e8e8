import { Value } from '@atrium/client';
import { useReadable } from '@atrium/client/react';
import { foreignHostOf } from './foreign-host.js';

/** Hosts whose images somebody has asked for, until the page is left. */
const shownHosts = new Value<ReadonlySet<string>>(new Set());

export function showImagesOf(...hosts: readonly string[]): void {
  shownHosts.update((shown) => new Set([...shown, ...hosts]));
}

export function useShownHosts(): ReadonlySet<string> {
  return useReadable(shownHosts);
}

/** The other host whose image this is, as long as nobody has asked for its images; null for what may be loaded at once. */
export function useForeignHost(address: string | null | undefined): string | null {
  const shown = useShownHosts();
  const host = address ? foreignHostOf(address) : null;
  return host === null || shown.has(host) ? null : host;
}
