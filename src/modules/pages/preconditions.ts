import { AppError } from '../../platform/errors/app-error.js';

/** The entity tag of a version (RFC 9110 §8.8.3). */
export function toETag(version: number): string {
  return `"${version}"`;
}

const TAG = /^(?:W\/)?"(\d{1,15})"$/;

/**
 * The version that `If-Match` asks for; undefined for none, and for `*`, which asks for any.
 * @throws AppError INVALID_INPUT for what is no version of ours
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = TAG.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw AppError.invalid('If-Match', 'must be the ETag of a version, such as "42"');
  return Number(version);
}

/** Whether `If-None-Match` names this version, so that the client has it already (RFC 9110 §13.1.2: compared weakly). */
export function isKnown(ifNoneMatch: string | undefined, version: number): boolean {
  return ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || TAG.exec(tag.trim())?.[1] === String(version)) ?? false;
}

/** Whether `Prefer` (RFC 7240) asks for the plain optimistic lock. */
export function prefersStrict(prefer: string | undefined): boolean {
  return prefer?.split(',').some((preference) => preference.trim().split(';')[0]!.trim().toLowerCase() === 'strict') ?? false;
}
