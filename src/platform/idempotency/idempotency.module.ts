import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Housekeeping } from '../housekeeping/housekeeping.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { Resends } from './resends.js';

const CLEANING_INTERVAL_MS = 600_000;

/** `Idempotency-Key` on all POSTs of users. Modules register what their POSTs make with `Resends`. */
@Global()
@Module({
  providers: [Resends, IdempotencyKeysRepository, { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor }],
  exports: [Resends],
})
export class IdempotencyModule {
  constructor(keys: IdempotencyKeysRepository, housekeeping: Housekeeping) {
    housekeeping.every(CLEANING_INTERVAL_MS, 'expired idempotency keys could not be deleted', () => keys.deleteExpired());
  }
}
