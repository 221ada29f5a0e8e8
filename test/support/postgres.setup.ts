import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { EmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of a role that may create databases. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for all specs of a project: TEST_DATABASE_URL if set, else a server of its own, removed afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['TEST_DATABASE_URL'];
  if (external) {
    offer(project, external);
    return () => Promise.resolve();
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-test-'));
  const postgres = await EmbeddedPostgres.start({ dataDir, log: () => undefined });
  offer(project, postgres.adminUrl);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Specs read it with `inject`, programs they start from the environment. */
function offer(project: TestProject, url: string): void {
  project.provide('postgresUrl', url);
  process.env['ATRIUM_TEST_PG_URL'] = url;
}
