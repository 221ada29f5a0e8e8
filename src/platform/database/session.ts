/**
 * Settings of a session that our SQL, and the reading of its results, rely on. A database or a role can have others as its defaults
 * (`ALTER DATABASE … SET`), so every connection asks for these, and the start checks that it got them. Values are written as PostgreSQL
 * shows them.
 */
export const RELIED_ON: Readonly<Record<string, string>> = {
  // The driver reads dates, intervals and bytes as text.
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  // Our texts have no escapes, and NULL in an array that the driver writes is NULL.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  // Locks are taken so that each statement sees what was committed before it; a stricter isolation fails instead of waiting.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // An ack means that it is on disk.
  synchronous_commit: 'on',
};

/** For what the application does all day. Compiling a plan costs more than any of our queries takes. */
export const APPLICATION_LIMITS: Readonly<Record<string, string>> = {
  jit: 'off',
  // The client gives up long before; what it leaves behind ends here.
  statement_timeout: '5s',
  lock_timeout: '0',
  // A process that stalls in the middle of a transaction (frozen, swapped out) must not keep its locks: others write to the same channels.
  idle_in_transaction_session_timeout: '5s',
  // Connections of pools, and those that listen, wait for work as long as it takes.
  idle_session_timeout: '0',
};

/** For migrations, which may rewrite a large table, but must not queue up everybody behind a lock. */
export const MIGRATION_LIMITS: Readonly<Record<string, string>> = {
  statement_timeout: '0',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
};

/** How to connect: for the driver's client and pool. */
export interface SessionConfig {
  readonly connectionString: string;
  /** Sent when the connection is made, in which way it costs no round trip; stands above defaults of database and role. */
  readonly options: string;
}

/** A connection to `url` whose session has what we rely on, and `more`. What the URL itself asks for (`?options=`) is kept, below ours. */
export function sessionConfig(url: string, more: Readonly<Record<string, string>>): SessionConfig {
  const [address = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  const asked = parameters.getAll('options');
  // The driver prefers the URL's to those beside it.
  parameters.delete('options');
  const ours = Object.entries({ ...RELIED_ON, ...more }).map(([name, value]) => `-c ${name}=${escapeOption(value)}`);
  return { connectionString: parameters.size === 0 ? address : `${address}?${parameters.toString()}`, options: [...asked, ...ours].join(' ') };
}

/** Options are separated by spaces (libpq, "options"). */
function escapeOption(value: string): string {
  return value.replace(/[\\ ]/g, '\\$&');
}
