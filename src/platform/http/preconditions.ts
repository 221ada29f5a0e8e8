import { AppError } from '../errors/app-error.js';

/** The entity tag of a version (RFC 9110 §8.8.3). */
export function toETag(version: number): string {
  return `"${version}"`;
}

const ANY = '*';
const TAG = /^(?:W\/)?"(\d{1,15})"$/;

/**
 * The version that `If-Match` asks for; undefined for none, and for `*`, which asks for any.
 * @throws AppError INVALID_INPUT for what is no version of ours
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === ANY) return undefined;
  const version = TAG.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw AppError.invalid('If-Match', 'must be the ETag of a version, such as "42"');
  return Number(version);
}

/** Whether `If-None-Match` names this version, so that the client has it already (RFC 9110 §13.1.2: compared weakly). */
export function isKnown(ifNoneMatch: string | undefined, version: number): boolean {
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === ANY || TAG.exec(tag.trim())?.[1] === String(version)) ?? false;
}

/** Whether `If-None-Match` asks to write only what is not there yet (RFC 9110 §13.1.2: `*`). */
export function isOnlyIfAbsent(ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.trim() === ANY;
}
