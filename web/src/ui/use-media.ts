import { useSyncExternalStore } from 'react';

/** Where the list and the conversation are two screens; the stylesheets say the same. */
export const PHONE = '(max-width: 719.98px)';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const subscribe = (listener: () => void): (() => void) => {
    const media = matchMedia(query);
    media.addEventListener('change', listener);
    return () => media.removeEventListener('change', listener);
  };
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
