import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime, formatRelative } from './format.js';

const MINUTE_MS = 60_000;

/** How long ago, kept true while it is shown; the exact time as its tooltip. */
export function RelativeTime({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const now = useNow();
  return (
    <time dateTime={at} title={formatDateTime(at, i18n.language)}>
      {formatRelative(at, i18n.language, now)}
    </time>
  );
}

/** The present time, to the minute. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
