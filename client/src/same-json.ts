import { equalJson, type Json } from '../../src/modules/pages/document/json-value.js';

/** Whether two values are the same as JSON. The order of members does not count: it differs from one answer of the server to the next. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return equalJson(a as Json, b as Json);
}
