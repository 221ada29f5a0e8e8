import { defineConfig } from 'vitest/config';

/**
 * Three sizes of tests (see docs/architecture.md): unit specs stand beside the code and touch no I/O,
 * medium specs use a real PostgreSQL, e2e specs start the built product and speak HTTP and Socket.IO to it.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.spec.ts', 'test/*.spec.ts'] } },
      {
        test: {
          name: 'medium',
          include: ['test/medium/**/*.spec.ts'],
          globalSetup: ['test/support/postgres.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          globalSetup: ['test/support/postgres.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
    fileParallelism: false,
  },
});
