const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** For how long a link may open something, in seconds. */
export const EXPIRY_SECONDS = { hour: HOUR_SECONDS, day: DAY_SECONDS, week: 7 * DAY_SECONDS, month: 30 * DAY_SECONDS, year: 365 * DAY_SECONDS } as const;
export type Expiry = keyof typeof EXPIRY_SECONDS;
export const EXPIRIES = Object.keys(EXPIRY_SECONDS) as Expiry[];

/** How often a link may be used. */
export const USES = ['any', '1', '5', '25', '100'] as const;
export type Uses = (typeof USES)[number];

/** Null for any number. */
export function maxUsesOf(uses: Uses): number | null {
  return uses === 'any' ? null : Number(uses);
}
