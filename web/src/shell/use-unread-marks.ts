import { useEffect } from 'react';

const ICON = 'favicon.svg';
const UNREAD_ICON = 'favicon-unread.svg';

/** Marks the icon of the tab while something is unread; of the app, too, where it is installed. */
export function useUnreadMarks(unread: number): void {
  const isUnread = unread > 0;
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (!icon || !isUnread) return;
    icon.href = icon.href.replace(ICON, UNREAD_ICON);
    return () => {
      icon.href = icon.href.replace(UNREAD_ICON, ICON);
    };
  }, [isUnread]);
  useEffect(() => {
    if (!('setAppBadge' in navigator)) return;
    // Browsers refuse it to pages that are not installed.
    void navigator.setAppBadge(unread).catch(() => undefined);
  }, [unread]);
}
