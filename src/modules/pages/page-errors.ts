import { AppError } from '../../platform/errors/app-error.js';
import { PatchError } from './document/json-document.js';
import { StaleVersion } from './page.document.js';

/** The member of the body that had the patch, or the page, and the version that it met. */
interface Place {
  readonly at?: 'patches' | 'schema';
  readonly version?: number;
}

/** What the page says no with, as clients see it. */
function toPageError(error: unknown, { at = 'patches', version }: Place): unknown {
  if (error instanceof StaleVersion) return new AppError('VERSION_CONFLICT', { detail: error.message, extra: { version: error.version, current: error.current } });
  if (!(error instanceof PatchError)) return error;
  const path = at === 'patches' ? `patches${error.at}` : at;
  return new AppError(error.code, { detail: `${path}: ${error.message}`, errors: [{ path, message: error.message }], ...(version !== undefined && { extra: { version } }) });
}

/** Runs `work`, and lets nothing of the page's own errors out. */
export function orPageError<T>(work: () => T, place: Place = {}): T {
  try {
    return work();
  } catch (error) {
    throw toPageError(error, place);
  }
}
