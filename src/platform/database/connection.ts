import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { ImpatientClient } from './impatient-client.js';
import { APPLICATION_LIMITS, sessionConfig } from './session.js';
import { Foundation1700000000000 } from './migrations/1700000000000-foundation.js';
import { Accounts1700000001000 } from './migrations/1700000001000-accounts.js';
import { RoomSearch1700000002000 } from './migrations/1700000002000-room-search.js';
import { Pages1700000003000 } from './migrations/1700000003000-pages.js';
import { PageContent1700000004000 } from './migrations/1700000004000-page-content.js';
import { IdempotencyRefs1700000005000 } from './migrations/1700000005000-idempotency-refs.js';
import { RightsVersion1700000006000 } from './migrations/1700000006000-rights-version.js';
import { Receipts1700000006500 } from './migrations/1700000006500-receipts.js';
import { Sessions1700000007000 } from './migrations/1700000007000-sessions.js';
import { Blocks1700000007500 } from './migrations/1700000007500-blocks.js';
import { Audit1700000012000 } from './migrations/1700000012000-audit.js';
import { KeyedFingerprints1700000013000 } from './migrations/1700000013000-keyed-fingerprints.js';
import { UserSearch1700000014000 } from './migrations/1700000014000-user-search.js';
import { PlainPayloads1700000009000 } from './migrations/1700000009000-plain-payloads.js';
import { Quotas1700000011000 } from './migrations/1700000011000-quotas.js';
import { AdminClaims1700000011500 } from './migrations/1700000011500-admin-claims.js';
import { UsernameSkeletons1700000008000 } from './migrations/1700000008000-username-skeletons.js';

/** Seqs, ordinals and counts are far below 2^53: numbers, not strings. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export const CONNECT_TIMEOUT_MS = 1_500;

/** Without entities: each module brings its own to the application, and migrations are plain SQL. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  const { connectionString, options } = sessionConfig(url, APPLICATION_LIMITS);
  return {
    type: 'postgres',
    url: connectionString,
    applicationName: 'atrium',
    migrations: [
      Foundation1700000000000,
      Accounts1700000001000,
      RoomSearch1700000002000,
      Pages1700000003000,
      PageContent1700000004000,
      IdempotencyRefs1700000005000,
      RightsVersion1700000006000,
      Receipts1700000006500,
      Sessions1700000007000,
      Blocks1700000007500,
      UsernameSkeletons1700000008000,
      PlainPayloads1700000009000,
      Quotas1700000011000,
      AdminClaims1700000011500,
      Audit1700000012000,
      KeyedFingerprints1700000013000,
      UserSearch1700000014000,
    ],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { Client: ImpatientClient, keepAlive: true, options },
    logging: false,
  };
}
