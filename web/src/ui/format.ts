/** Everything that depends on a locale, by `Intl`. Formatters are expensive to make, so each is made once. */
const made = new Map<string, unknown>();

function once<T>(kind: string, locale: string, make: () => T): T {
  const key = `${kind} ${locale}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

const dateFormat = (kind: string, locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(kind, locale, () => new Intl.DateTimeFormat(locale, options));

const relativeFormat = (locale: string): Intl.RelativeTimeFormat => once('relative', locale, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));

type Moment = Date | string | number;

/** Calendar days from `moment` to `now`, where the reader is: 0 today, 1 yesterday. */
export function daysAgo(moment: Moment, now: Moment = Date.now()): number {
  const startOf = (at: Date): number => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((startOf(new Date(now)) - startOf(new Date(moment))) / 86_400_000);
}

/** "14:05" */
export function formatTime(moment: Moment, locale: string): string {
  return dateFormat('time', locale, { timeStyle: 'short' }).format(new Date(moment));
}

/** "Today", "Yesterday", "Monday", "3 March", "3 March 2024": the heading of a day. */
export function formatDay(moment: Moment, locale: string, now: Moment = Date.now()): string {
  const at = new Date(moment);
  const days = daysAgo(at, now);
  if (days === 0 || days === 1) return capitalised(relativeFormat(locale).format(-days, 'day'), locale);
  if (days > 1 && days < 7) return capitalised(dateFormat('weekday', locale, { weekday: 'long' }).format(at), locale);
  if (at.getFullYear() === new Date(now).getFullYear()) return dateFormat('day', locale, { day: 'numeric', month: 'long' }).format(at);
  return dateFormat('day-year', locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

/** As short as it can be, for lists: the time today, then the weekday, then the date. */
export function formatShort(moment: Moment, locale: string, now: Moment = Date.now()): string {
  const at = new Date(moment);
  const days = daysAgo(at, now);
  if (days <= 0) return formatTime(at, locale);
  if (days === 1) return capitalised(relativeFormat(locale).format(-1, 'day'), locale);
  if (days < 7) return dateFormat('short-weekday', locale, { weekday: 'short' }).format(at);
  if (at.getFullYear() === new Date(now).getFullYear()) return dateFormat('short-day', locale, { day: 'numeric', month: 'short' }).format(at);
  return dateFormat('short-year', locale, { day: 'numeric', month: 'numeric', year: '2-digit' }).format(at);
}

/** Date and time in full, for tooltips. */
export function formatDateTime(moment: Moment, locale: string): string {
  return dateFormat('date-time', locale, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(moment));
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "now", "5 minutes ago", "yesterday". What is to come is rounded, so that what lasts seven days begins with "in 7 days". */
export function formatRelative(moment: Moment, locale: string, now: Moment = Date.now()): string {
  const seconds = (new Date(moment).getTime() - new Date(now).getTime()) / 1000;
  for (const [unit, length] of UNITS) {
    const amount = seconds / length;
    if (Math.abs(amount) >= 1) return relativeFormat(locale).format(amount > 0 ? Math.round(amount) : Math.trunc(amount), unit);
  }
  return relativeFormat(locale).format(0, 'second');
}

/** "Ada, Lin and Sam" */
export function formatList(items: readonly string[], locale: string): string {
  return once('list', locale, () => new Intl.ListFormat(locale, { type: 'conjunction' })).format(items);
}

export function formatNumber(value: number, locale: string): string {
  return once('number', locale, () => new Intl.NumberFormat(locale)).format(value);
}

/** For badges: beyond 99 the number itself says nothing more. */
export function formatCount(count: number, locale: string): string {
  return count > 99 ? `${formatNumber(99, locale)}+` : formatNumber(count, locale);
}

/** "20 seconds", "3 minutes", rounded up: for how long to wait. */
export function formatDuration(ms: number, locale: string): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [unit, value] = seconds < 120 ? ['second', seconds] : ['minute', Math.ceil(seconds / 60)];
  return once(`duration-${unit}`, locale, () => new Intl.NumberFormat(locale, { style: 'unit', unit: String(unit), unitDisplay: 'long' })).format(Number(value));
}

function capitalised(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
