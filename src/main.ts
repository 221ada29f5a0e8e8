import { type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { type Config, ConfigError, findUnusedSettings, parseEnvironment } from './platform/config/config.js';
import { completeConfig } from './platform/config/load-config.js';
import { EmbeddedPostgres } from './platform/database/embedded-postgres.js';
import { migrate } from './platform/database/migrate.js';
import { OpsAccess } from './platform/health/ops-access.js';
import { createLogger } from './platform/logging/logger.js';
import { Drain } from './platform/shutdown/drain.js';
import { StartupError } from './platform/startup-error.js';

/** Two signals this close together are one request to stop (a terminal and a supervisor both send theirs). */
const IMPATIENCE_MS = 1_000;

async function start(): Promise<void> {
  const startedAt = performance.now();
  const settings = parseEnvironment(process.env, (path) => readFileSync(path, 'utf8'));
  const logger = createLogger(settings.LOG_LEVEL);
  for (const name of findUnusedSettings(process.env)) logger.warn(`${name} is set, but this version does not use it`);
  if (settings.BOOTSTRAP_ADMIN_EMAIL) logger.warn('BOOTSTRAP_ADMIN_EMAIL is set, and makes nobody an administrator: anybody could register with that address. Use: npm run admin -- <username or e-mail>');
  const stop = new Stopper(logger, settings.SHUTDOWN_DEADLINE * 1000);
  // The application's code loads while PostgreSQL starts.
  const loading = import('./app.setup.js');
  try {
    if (!settings.DATABASE_URL) {
      stop.postgres = await EmbeddedPostgres.start({ dataDir: settings.DATA_DIR, log: (level, message) => logger[level](message) });
    }
    const config = completeConfig(settings, settings.DATABASE_URL ?? stop.postgres!.url);
    await migrate(config.get('DATABASE_URL'), { log: (message) => logger.info(message) });
    const { createApp, offerAdminClaim, servesWebApp } = await loading;
    const app = await createApp(config, logger);
    stop.app = app;
    await listen(app, config);
    announce(app, config, { startedAt, embedded: stop.postgres !== undefined, hasWebApp: servesWebApp(config), claim: await offerAdminClaim(app, config) });
  } catch (error) {
    await stop.postgres?.stop();
    throw error;
  }
}

async function listen(app: NestFastifyApplication, config: Config): Promise<void> {
  try {
    await app.listen(config.get('PORT'), config.get('HOST'));
  } catch (error) {
    await app.close();
    const { code, port = config.get('PORT') } = error as NodeJS.ErrnoException & { port?: number };
    const setting = port === config.get('OPS_PORT') ? 'OPS_PORT' : 'PORT';
    if (code === 'EADDRINUSE') throw new StartupError(`Port ${port} is taken by another program`, `Stop it, or choose another port: ${setting}=${port + 1} npm start`, { cause: error });
    if (code === 'EACCES') throw new StartupError(`This user may not listen on port ${port}`, `Choose a port above 1023: ${setting}=3000 npm start`, { cause: error });
    throw error;
  }
}

interface Start {
  startedAt: number;
  embedded: boolean;
  hasWebApp: boolean;
  /** The token by which somebody becomes the first administrator. */
  claim: string | undefined;
}

function announce(app: NestFastifyApplication, config: Config, { startedAt, embedded, hasWebApp, claim }: Start): void {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const origin = `http://localhost:${port}`;
  const ops = `http://localhost:${config.get('OPS_PORT') ?? port}`;
  const places = app.get(OpsAccess).places;
  const docs = places.docs === 'ops' ? ops : origin;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const announced = [
    ...(hasWebApp ? [['Web app', origin]] : []),
    ...(places.docs ? [['API documentation', `${docs}/docs`], ['Events (AsyncAPI)', `${docs}/asyncapi.json`]] : []),
    ['Health', `${ops}/health`],
    ...(places.metrics ? [['Metrics', `${ops}/metrics`]] : []),
  ];
  process.stdout.write(
    `\n  Atrium is ready at ${origin}  (${seconds} s, ${embedded ? 'embedded PostgreSQL' : 'your PostgreSQL'})\n\n` +
      `${announced.map(([name, url]) => `    ${name!.padEnd(20)}${url}`).join('\n')}\n\n`,
  );
  if (claim === undefined) return;
  const base = (config.get('PUBLIC_URL') ?? origin).replace(/\/+$/, '');
  process.stdout.write(`  There is no administrator yet. To become the one, open this link within a day:\n\n    ${base}/setup#${claim}\n\n`);
}

/** Stops in order: drain, application, PostgreSQL; and by force when that takes too long, or when asked twice. */
class Stopper {
  app: NestFastifyApplication | undefined;
  postgres: EmbeddedPostgres | undefined;
  private askedAt: number | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly deadlineMs: number,
  ) {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => this.request(signal));
  }

  private request(signal: string): void {
    const now = performance.now();
    if (this.askedAt === undefined) {
      this.askedAt = now;
      this.logger.info(`${signal}: shutting down`);
      void this.stop();
    } else if (now - this.askedAt > IMPATIENCE_MS) {
      this.logger.warn(`${signal} again: stopping at once`);
      process.exit(1);
    }
  }

  private async stop(): Promise<void> {
    const deadline = setTimeout(() => {
      this.logger.error('the shutdown took too long; stopping at once');
      process.exit(1);
    }, this.deadlineMs);
    try {
      await this.app?.get(Drain).run();
      await this.app?.close();
      await this.postgres?.stop();
      clearTimeout(deadline);
      this.logger.info('stopped');
      process.exit(0);
    } catch (error) {
      this.logger.error({ err: error }, 'the shutdown failed');
      process.exit(1);
    }
  }
}

try {
  await start();
} catch (error) {
  if (error instanceof ConfigError) fail(error.message, 'docs/configuration.md explains every setting.', ConfigError.exitCode);
  if (error instanceof StartupError) fail(error.message, error.hint, error.exitCode);
  throw error;
}

function fail(message: string, hint: string, exitCode: number): never {
  process.stderr.write(`\n  Atrium cannot start. ${message}\n\n  ${hint}\n\n`);
  process.exit(exitCode);
}
