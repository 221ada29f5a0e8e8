import { useCallback } from 'react';
import { plainText } from './message-tree.js';
import { type Parse, useParser } from './use-parser.js';

/** The beginning of a message on one line, as it reads without the marks of Markdown, at most `max` code points long. */
export function excerptOf(parse: Parse, content: string, max = 120): string {
  // What is far behind cannot matter.
  const beginning = content.slice(0, max * 8).toWellFormed();
  const line = plainText(parse(beginning)).replace(/\s+/gu, ' ').trim();
  const points = [...line];
  return points.length > max ? `${points.slice(0, max).join('').trimEnd()}…` : line;
}

/** `excerptOf`, by what messages are read with now. */
export function useExcerpt(): (content: string, max?: number) => string {
  const parse = useParser();
  return useCallback((content, max) => excerptOf(parse, content, max), [parse]);
}
