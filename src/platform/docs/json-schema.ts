type Json = Record<string, unknown>;

/** Formats whose regular expression says nothing to a reader that the format has not said. */
const SELF_EVIDENT = new Set(['uuid', 'date-time', 'email']);

/** Zod's JSON Schema, for people: without patterns of well-known formats, and without the bounds that every integer of JavaScript has. */
export function readable<T>(schema: T): T {
  return mapObjects(schema, (object) => {
    const { pattern: _pattern, ...rest } = object;
    const kept = typeof object['format'] === 'string' && SELF_EVIDENT.has(object['format']) ? rest : { ...object };
    if (kept['minimum'] === Number.MIN_SAFE_INTEGER) delete kept['minimum'];
    if (kept['maximum'] === Number.MAX_SAFE_INTEGER) delete kept['maximum'];
    return kept;
  });
}

/** What we answer may gain fields (and never loses one), so a client must not refuse what it does not know. */
export function extensible<T>(schema: T): T {
  return mapObjects(schema, (object) => {
    if (object['additionalProperties'] !== false) return object;
    const { additionalProperties: _closed, ...open } = object;
    return open;
  });
}

/** Names of all components that something refers to, itself or through others. */
export function referredFrom(value: unknown, components: Json, found = new Set<string>()): Set<string> {
  for (const [, name] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (name === undefined || found.has(name)) continue;
    found.add(name);
    referredFrom(components[name], components, found);
  }
  return found;
}

/** A copy in which every object was replaced, the innermost first. */
export function mapObjects<T>(value: T, change: (object: Json) => Json): T {
  if (Array.isArray(value)) return value.map((item: unknown) => mapObjects(item, change)) as T;
  if (value === null || typeof value !== 'object') return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapObjects<unknown>(inner, change)]))) as T;
}
