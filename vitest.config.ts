import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const client = (file: string) => fileURLToPath(new URL(`client/src/${file}`, import.meta.url));
/** The web app imports the SDK by its name, and gets its sources, as in web/vite.config.ts. */
const SDK = [
  { find: /^@atrium\/client$/, replacement: client('index.ts') },
  { find: /^@atrium\/client\/look$/, replacement: client('look.ts') },
  { find: /^@atrium\/client\/react$/, replacement: client('react.ts') },
];

/** Specs that run the built product, on a PostgreSQL of their own. */
const withProduct = { globalSetup: ['test/support/postgres.setup.ts'], hookTimeout: 60_000 };

/**
 * The sizes of tests (see docs/architecture.md): unit specs stand beside the code and touch no I/O, medium specs use a real
 * PostgreSQL, e2e specs start the built product and speak HTTP and Socket.IO to it, client specs do so through the SDK, and
 * browser specs sit down at the web app.
 */
export default defineConfig({
  test: {
    projects: [
      { resolve: { alias: SDK }, test: { name: 'unit', include: ['{src,client/src}/**/*.spec.ts', 'web/src/**/*.spec.{ts,tsx}', 'test/*.spec.ts'], testTimeout: 60_000 } },
      { test: { ...withProduct, name: 'medium', include: ['test/medium/**/*.spec.ts'], testTimeout: 60_000 } },
      { test: { ...withProduct, name: 'e2e', include: ['test/e2e/**/*.spec.ts'], testTimeout: 120_000 } },
      { test: { ...withProduct, name: 'client', include: ['test/client/**/*.spec.ts'], testTimeout: 120_000 } },
      { test: { ...withProduct, name: 'browser', setupFiles: ['test/support/browser.setup.ts'], include: ['test/browser/**/*.spec.ts'], testTimeout: 180_000 } },
    ],
    // Specs wait for processes and for time to pass more than they compute; more than two would starve each other on a small machine.
    maxWorkers: 2,
  },
});
