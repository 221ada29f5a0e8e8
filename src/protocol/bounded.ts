import { z } from 'zod';

/** More wrong members than anybody would read: to find them all would cost more than to read the input did. */
export const MAX_ISSUES = 20;

interface Payload {
  value: unknown;
  issues: z.core.$ZodRawIssue[];
}

/** Runs the schema of one member; what is wrong there is noted under its key. */
function readMember(schema: z.core.$ZodType, value: unknown, key: PropertyKey, issues: Payload['issues'], context: z.core.ParseContextInternal): unknown {
  // No schema of the wire is asynchronous.
  const read = schema._zod.run({ value, issues: [] }, context) as Payload;
  if (read.issues.length > 0) issues.push(...z.core.util.prefixIssues(key, read.issues));
  return read.value;
}

function tooMany(origin: 'array' | 'record', maximum: number, input: unknown, inst: z.core.$ZodType): z.core.$ZodRawIssue {
  return { code: 'too_big', origin: origin === 'array' ? 'array' : 'object', maximum, inclusive: true, input, inst, continue: false };
}

/** Zod's array, but of one that is too long no element is looked at, and of wrong elements no more than `MAX_ISSUES`. */
const BoundedArray = z.core.$constructor<z.ZodArray, z.core.$ZodArrayDef & { readonly most: number }>('BoundedArray', (inst, def) => {
  z.ZodArray.init(inst, def);
  const { element, most } = def;
  inst._zod.parse = ((payload: Payload, context: z.core.ParseContextInternal) => {
    const input = payload.value;
    if (!Array.isArray(input)) payload.issues.push({ expected: 'array', code: 'invalid_type', input, inst });
    else if (input.length > most) payload.issues.push(tooMany('array', most, input, inst));
    else {
      const items: unknown[] = [];
      for (let i = 0; i < input.length && payload.issues.length < MAX_ISSUES; i++) items.push(readMember(element, input[i], i, payload.issues, context));
      payload.value = items;
    }
    return payload;
  }) as never;
});

/** Zod's record of any names, bounded in the same way. Values that may be anything are left where they are. */
const BoundedRecord = z.core.$constructor<z.ZodRecord, z.core.$ZodRecordDef & { readonly most: number }>('BoundedRecord', (inst, def) => {
  z.ZodRecord.init(inst, def);
  const { valueType, most } = def;
  const isAnything = valueType._zod.def.type === 'unknown' && valueType._zod.def.checks === undefined;
  inst._zod.parse = ((payload: Payload, context: z.core.ParseContextInternal) => {
    const input = payload.value;
    if (!z.core.util.isPlainObject(input)) payload.issues.push({ expected: 'record', code: 'invalid_type', input, inst });
    else {
      const names = Object.keys(input);
      if (names.length > most) payload.issues.push(tooMany('record', most, input, inst));
      else if (!isAnything) payload.value = readMembers(valueType, input, names, payload.issues, context);
    }
    return payload;
  }) as never;
});

function readMembers(schema: z.core.$ZodType, input: Record<string, unknown>, names: readonly string[], issues: Payload['issues'], context: z.core.ParseContextInternal): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const name of names) {
    if (name === '__proto__') continue;
    members[name] = readMember(schema, input[name], name, issues, context);
    if (issues.length >= MAX_ISSUES) break;
  }
  return members;
}

/** At most so many elements: z.array for what comes from outside. */
export function listOf<T extends z.ZodType>(element: T, most: number): z.ZodArray<T> {
  const schema = new BoundedArray({ type: 'array', element, most }) as unknown as z.ZodArray<T>;
  return schema.max(most);
}

/** At most so many members of any names: z.record for what comes from outside. */
export function mapOf<T extends z.ZodType>(value: T, most: number): z.ZodRecord<z.ZodString, T> {
  return new BoundedRecord({ type: 'record', keyType: z.string(), valueType: value, most }) as unknown as z.ZodRecord<z.ZodString, T>;
}
