// npm run docs: writes what is generated from the code into docs/. With --check it only compares, and fails on a difference.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describeConfiguration } from './lib/configuration-table.mjs';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { reportFailure } from './lib/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  const { node } = await ensureInstalled(root);
  await ensureBuilt(root, node);
  const files = await generate();
  if (process.argv.includes('--check')) check(files);
  else write(files);
} catch (error) {
  reportFailure(error);
}

/** @returns {Promise<Record<string, string>>} contents by path */
async function generate() {
  const built = (path) => import(pathToFileURL(join(root, 'dist', 'src', path)).href);
  const config = await built('platform/config/config.js');
  const { createAsyncApi } = await built('platform/docs/asyncapi.js');
  return {
    'docs/openapi.json': toJson(await describeRest(built, config)),
    'docs/asyncapi.json': toJson(createAsyncApi()),
    'docs/configuration.md': describeConfiguration({ ...config, exitCode: config.ConfigError.exitCode }),
  };
}

/** The application is only previewed: nothing is created, so it needs no database. */
async function describeRest(built, { Config, parseEnvironment }) {
  const { NestFactory } = await import('@nestjs/core');
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const { AppModule } = await built('app.module.js');
  const { API_PREFIX, OPS_PATHS } = await built('app.setup.js');
  const { createOpenApi } = await built('platform/docs/openapi.js');
  const { createLogger } = await built('platform/logging/logger.js');
  const settings = parseEnvironment({}, String);
  const config = new Config({ ...settings, DATABASE_URL: 'postgres://preview', JWT_SECRET: 'preview' });
  const app = await NestFactory.create(AppModule.forRoot(config, createLogger('silent')), new FastifyAdapter(), { preview: true, logger: false });
  app.setGlobalPrefix(API_PREFIX, { exclude: OPS_PATHS });
  return createOpenApi(app);
}

/** One order whatever the order of modules and imports, so that a difference is a change. What a person reads stays as it is written. */
function toJson(document) {
  const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { paths, components, ...rest } = document;
  const ordered = { ...rest, ...(paths && { paths: sorted(paths) }), ...(components && { components: { ...components, schemas: sorted(components.schemas) } }) };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function write(files) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content);
  console.log(`✓ ${Object.keys(files).join(', ')}`);
}

function check(files) {
  const stale = Object.keys(files).filter((path) => read(path) !== files[path]);
  for (const path of stale) console.error(`✗ ${path} does not match the code: run \`npm run docs\` and commit it.`);
  if (stale.length > 0) process.exitCode = 1;
  else console.log(`✓ ${Object.keys(files).join(', ')} match the code`);
}

function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
