import { AtriumError } from '@atrium/client';
import type { TFunction } from 'i18next';
import i18next from 'i18next';
import { formatDuration } from '../ui/format.js';

/** What went wrong, in the reader's language. For a code that is newer than we are, in the server's words. */
export function errorText(t: TFunction, error: unknown): string {
  const { code, message, retryAfterMs, quota } = AtriumError.from(error);
  if (code === 'RATE_LIMITED' && retryAfterMs !== undefined) {
    return t('errors.RATE_LIMITED_FOR', { wait: formatDuration(retryAfterMs, i18next.language) });
  }
  // A limit that is newer than we are is described by the server.
  if (quota) return t(`errors.QUOTA_EXCEEDED_FOR.${quota.limit as 'QUOTA_ROOMS'}`, { max: quota.max.toLocaleString(i18next.language), defaultValue: message });
  return t(`errors.${code}`, { defaultValue: message });
}
