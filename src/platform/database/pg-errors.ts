/** SQLSTATE classes after which the same statement may succeed later: connection, resources, operator intervention, read-only. */
const TRANSIENT_CLASSES = new Set(['08', '53', '57', '58']);
const TRANSIENT_CODES = new Set(['25006', '40001', '40P01', '55P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'ENOTFOUND']);
/** What `pg` throws without a code. */
const TRANSIENT_MESSAGES = /Query read timeout|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end|not queryable/;

const UNIQUE_VIOLATION = '23505';
/** Text that PostgreSQL cannot hold, or a value that does not parse: the input is at fault, wherever it slipped through. */
const BAD_VALUE = new Set(['22021', '22P05', '22P02', '22003', '22007', '22008']);

interface PgError extends Error {
  code?: string;
  constraint?: string;
  driverError?: PgError;
}

function codeOf(error: unknown): string | undefined {
  const { code, driverError } = (error ?? {}) as PgError;
  return driverError?.code ?? code;
}

/** True when the database is away, frozen, starting, failing over or overloaded: worth a retry, and never the client's fault. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isTransient);
  const code = codeOf(error);
  if (code && (TRANSIENT_CODES.has(code) || (code.length === 5 && TRANSIENT_CLASSES.has(code.slice(0, 2))))) return true;
  return error instanceof Error && TRANSIENT_MESSAGES.test(error.message);
}

/** True when the statement only has to be run again: a deadlock or serialization failure was resolved against it. */
export function isConcurrencyFailure(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001';
}

/** True when somebody else kept the row locked for too long. Nothing was written. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

/** True when a table or a column is missing: the schema is older than the code. */
export function isUndefinedInSchema(error: unknown): boolean {
  const code = codeOf(error);
  return code === '42P01' || code === '42703';
}

/** True when the role may not do this. */
export function isPermissionDenied(error: unknown): boolean {
  return codeOf(error) === '42501';
}

/** True when a unique key refused the row; with `constraint`, that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== UNIQUE_VIOLATION) return false;
  const violated = ((error as PgError).driverError ?? (error as PgError)).constraint;
  return constraint === undefined || violated === constraint;
}

/** True when PostgreSQL could not read a value, for example text with NUL. */
export function isBadValue(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && BAD_VALUE.has(code);
}
