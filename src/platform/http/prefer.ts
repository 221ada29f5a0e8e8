/** Whether `Prefer` (RFC 7240) names this preference, whatever its parameters. */
export function isPreferred(prefer: string | undefined, preference: string): boolean {
  return prefer?.split(',').some((each) => each.trim().split(';')[0]!.trim().toLowerCase() === preference) ?? false;
}
