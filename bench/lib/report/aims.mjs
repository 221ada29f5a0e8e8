/** How aims are judged and written; the suites have the aims themselves (`chat/aims.mjs`, `pages/aims.mjs`). */

/** True, false, or null when it was not measured. */
export function isReached(aim, value) {
  if (!Number.isFinite(value)) return null;
  if (aim.atLeast !== undefined) return value >= aim.atLeast;
  return aim.below !== undefined ? value < aim.below : value <= aim.atMost;
}

export function limitText({ atLeast, atMost, below, unit }) {
  const [sign, limit] = atLeast !== undefined ? ['≥', atLeast] : below !== undefined ? ['<', below] : ['≤', atMost];
  return `${sign} ${limit.toLocaleString('en')}${unit === '/s' || unit === '×' ? unit : ` ${unit}`}`;
}
