/** The beginning of a message on one line, at most `max` code points long. */
export function excerpt(content: string, max = 120): string {
  // A code point has at most two code units: what is behind cannot matter.
  const line = content.slice(0, max * 4).replace(/\s+/gu, ' ').trim();
  const points = [...line];
  return points.length > max ? `${points.slice(0, max).join('').trimEnd()}…` : line;
}
