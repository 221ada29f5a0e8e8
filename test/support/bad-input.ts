/** A JSON Schema, as far as OpenAPI and Zod's own output use it. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  minLength?: number;
  maxLength?: number;
  nullable?: boolean;
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  schema: JsonSchema;
}

export interface Route {
  method: string;
  /** Below /api/v1, with `{parameters}`. */
  path: string;
  isPublic: boolean;
  parameters: Parameter[];
  body: JsonSchema | undefined;
  /** Of the body, the best one first. */
  mediaTypes: string[];
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  security?: Record<string, unknown>[];
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** Every route of the document, its references resolved. */
export function routesOf({ paths, components }: OpenApi): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody, security }]) => ({
      method: method.toUpperCase(),
      path: path.replace('/api/v1', ''),
      // No credentials at all, or `{}` as an alternative to them.
      isPublic: security !== undefined && (security.length === 0 || security.some((alternative) => Object.keys(alternative).length === 0)),
      parameters: parameters.map((parameter) => ({ ...parameter, schema: resolve(parameter.schema, components.schemas) })),
      mediaTypes: Object.keys(requestBody?.content ?? { 'application/json': {} }),
      body: requestBody && resolve(Object.values(requestBody.content)[0]!.schema, components.schemas),
    })),
  );
}

/** The schema that a reference stands for, and those of its fields and items. */
export function resolve(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  if (schema.$ref) return resolve(schemas[schema.$ref.split('/').at(-1)!]!, schemas);
  if (schema.allOf?.length === 1) return resolve(schema.allOf[0]!, schemas);
  if (schema.items) return { ...schema, items: resolve(schema.items, schemas) };
  if (!schema.properties) return schema;
  return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, resolve(property, schemas)])) };
}

/** The shapes of JSON that no schema of this type accepts. */
export function wrongTypesFor(schema: JsonSchema): unknown[] {
  const accepted = acceptedTypes(schema);
  const isOf: Record<string, unknown[]> = {
    string: ['text', '1', ''],
    integer: [0, 1],
    number: [1.5, -1.5, 1e308],
    boolean: [true, false],
    array: [[], ['text'], [[]], Array.from({ length: 10_000 }, () => 'text')],
    object: [{}, { length: 1 }, JSON.parse('{"__proto__":{"toString":"x"}}'), { constructor: { prototype: {} } }, { toString: 'x', $gt: '' }],
    null: [null],
  };
  return Object.entries(isOf).flatMap(([type, values]) => (accepted.has(type) ? [] : values));
}

function acceptedTypes(schema: JsonSchema): Set<string> {
  const alternatives = schema.anyOf ?? schema.oneOf;
  const types = new Set<string>(alternatives ? alternatives.flatMap((alternative) => [...acceptedTypes(alternative)]) : []);
  const literal = schema.enum?.[0] ?? schema.const;
  const type = schema.type ?? (literal === undefined ? undefined : typeof literal);
  if (type) types.add(type);
  if (schema.nullable) types.add('null');
  if (types.has('number')) types.add('integer');
  return types;
}

/** Text that is well-typed and ought to trip a careless program. */
export const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u0007\u001b[31m',
  '\ud800',
  'x\udfff',
  '\u202e\u2066',
  `'; DROP TABLE messages; --`,
  `" OR 1=1 --`,
  '$1',
  '%s%n%x',
  '${7*7}{{7*7}}',
  '../../../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  'NaN',
  '-1',
  '1e999',
  'x'.repeat(100_000),
  '😀'.repeat(20_000),
];

export const NASTY_NUMBERS = [-1, 0.5, -0.5, Number.MAX_SAFE_INTEGER + 1, 1e21, 1e308, -1e308, -(2 ** 63), 2 ** 63];

/** Ids that are none, for a path. */
export const NASTY_IDS = ['0', 'x', 'null', 'undefined', '%00', '%20', '..%2f..%2f', '%27%3B%20DROP%20TABLE%20rooms', '__proto__', 'constructor', '%F0%9F%98%80', '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a7', '-1', '1e99'];

/** Cursors that we did not make: not base64, not JSON, not of this list, not of these types. */
export const NASTY_CURSORS = [
  'x',
  '%00',
  '😀',
  ...[null, 1, 'x', {}, [], [1], ['x'], [null], [['x']], ['\u0000'], [{}], [`' OR 1=1`], ['x', 'y'], [1, 2], ['2026-01-01', 'x'], ['\u0000', '\u0000'], ['infinity', '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77'], ['2026-99-99T00:00:00.000Z', '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77'], ['x', 'y', 'z']].map((key) =>
    Buffer.from(JSON.stringify(key)).toString('base64url'),
  ),
  'A'.repeat(513),
];

/** Bodies that are refused before any schema is asked. */
export const BROKEN_JSON = ['{', '{"a":}', "{'a':1}", '[1,]', 'undefined', 'NaN', '\u0000', '{"a":1}}', '"\ud800', '{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"isAdmin":true}}}', '['.repeat(100_000)];

const FORMATS: Record<string, string> = { email: 'x@example.org', 'date-time': '2026-01-01T00:00:00.000Z' };

/** A value that the schema accepts: the smallest, made of `known` where the name is known. */
export function sampleOf(schema: JsonSchema, known: Record<string, unknown>, name = ''): unknown {
  if (name in known) return known[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return sampleOf(alternatives[0]!, known, name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((key) => [key, sampleOf(schema.properties![key]!, known, key)]));
    case 'array':
      return [sampleOf(schema.items ?? {}, known)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return schema.example ?? FORMATS[schema.format ?? ''] ?? 'x'.repeat(Math.max(1, schema.minLength ?? 1));
  }
}
