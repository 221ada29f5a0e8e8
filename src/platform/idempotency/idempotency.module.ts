import { Logger, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Config } from '../config/config.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

const CLEANING_INTERVAL_MS = 600_000;

/** `Idempotency-Key` on all POSTs of users. */
@Module({
  providers: [IdempotencyKeysRepository, { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor }],
})
export class IdempotencyModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(IdempotencyModule.name);
  private cleaning: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.hasRole('worker')) return;
    const clean = () => this.keys.deleteExpired().catch((error: unknown) => this.logger.warn({ err: error }, 'expired idempotency keys could not be deleted'));
    this.cleaning = setInterval(() => void clean(), CLEANING_INTERVAL_MS);
    this.cleaning.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.cleaning);
  }
}
