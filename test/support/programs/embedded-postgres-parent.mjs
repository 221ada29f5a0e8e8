// A process that owns an embedded PostgreSQL, for tests that kill it. Says {url, adminUrl, pid} when it is up.
import { registerHooks } from 'node:module';

// The sources name their imports as they are after the build; here they run unbuilt.
registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/');
    return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

const { EmbeddedPostgres } = await import('../../../src/platform/database/embedded-postgres.ts');
const postgres = await EmbeddedPostgres.start({ dataDir: process.argv[2], log: () => undefined });
console.log(JSON.stringify({ url: postgres.url, adminUrl: postgres.adminUrl, pid: postgres.pid }));
