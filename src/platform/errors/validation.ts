import type { z } from 'zod';
import type { FieldError } from '../../protocol/errors.js';
import { AppError } from './app-error.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
}

/** More wrong fields than a person would read; an answer must stay small however large the request was. */
const MAX_FIELD_ERRORS = 20;

/** `['positions', 3, 'seq']` → `positions[3].seq` */
export function formatPath(path: Issue['path'] = []): string {
  let text = '';
  for (const part of path) {
    const key = typeof part === 'object' ? part.key : part;
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}

/** Turns the issues of a Standard Schema (here: Zod) into the error that names every wrong field. */
export function toInputError(issues: readonly Issue[]): AppError {
  const errors = issues.slice(0, MAX_FIELD_ERRORS).flatMap(toFieldErrors);
  const first = errors[0];
  const detail = first ? (first.path ? `${first.path}: ${first.message}` : first.message) : undefined;
  return new AppError('INVALID_INPUT', { ...(detail && { detail }), errors });
}

function toFieldErrors(issue: Issue): FieldError[] {
  const base = formatPath(issue.path);
  if (issue.code !== 'unrecognized_keys' || !issue.keys) return [{ path: base, message: issue.message }];
  return issue.keys.slice(0, MAX_FIELD_ERRORS).map((key) => {
    const name = key.slice(0, 64);
    return { path: base ? `${base}.${name}` : name, message: 'is not a known field' };
  });
}

/**
 * Parses untrusted input.
 * @throws AppError INVALID_INPUT with the path of every wrong field
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw toInputError(result.error.issues);
}
