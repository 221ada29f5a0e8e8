import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Housekeeping } from '../housekeeping/housekeeping.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

const CLEANING_INTERVAL_MS = 600_000;

/** `Idempotency-Key` on all POSTs of users. */
@Module({
  providers: [IdempotencyKeysRepository, { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor }],
})
export class IdempotencyModule {
  constructor(keys: IdempotencyKeysRepository, housekeeping: Housekeeping) {
    housekeeping.every(CLEANING_INTERVAL_MS, 'expired idempotency keys could not be deleted', () => keys.deleteExpired());
  }
}
