import { parseMarkdown, plainText } from './markdown.js';

/** The beginning of a message on one line, as it reads without the marks of Markdown, at most `max` code points long. */
export function excerpt(content: string, max = 120): string {
  // What is far behind cannot matter.
  const beginning = content.slice(0, max * 8).toWellFormed();
  const line = plainText(parseMarkdown(beginning)).replace(/\s+/gu, ' ').trim();
  const points = [...line];
  return points.length > max ? `${points.slice(0, max).join('').trimEnd()}…` : line;
}
