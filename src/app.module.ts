import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { JournalModule } from './journal/journal.module.js';
import { AccessModule } from './modules/access/access.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { BlocksModule } from './modules/blocks/blocks.module.js';
import { ChannelsModule } from './modules/channels/channels.module.js';
import { CollabModule } from './modules/collab/collab.module.js';
import { MessagesModule } from './modules/messages/messages.module.js';
import { PagesModule } from './modules/pages/pages.module.js';
import { PageAccessModule } from './modules/pages/page-access.module.js';
import { PresenceModule } from './modules/presence/presence.module.js';
import { RoomsModule } from './modules/rooms/rooms.module.js';
import { UsersModule } from './modules/users/users.module.js';
import { AdmissionModule } from './platform/admission/admission.module.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { BusModule } from './platform/bus/bus.module.js';
import type { Config } from './platform/config/config.js';
import { ConfigModule } from './platform/config/config.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { InputPipe } from './platform/errors/input.pipe.js';
import { ProblemFilter } from './platform/errors/problem.filter.js';
import { HealthModule } from './platform/health/health.module.js';
import { HousekeepingModule } from './platform/housekeeping/housekeeping.module.js';
import { IdempotencyModule } from './platform/idempotency/idempotency.module.js';
import { httpLogging } from './platform/logging/logger.js';
import { RateLimitModule } from './platform/rate-limit/rate-limit.module.js';
import { RealtimeModule } from './platform/realtime/realtime.module.js';
import { ShutdownModule } from './platform/shutdown/shutdown.module.js';

/** The table of contents. Arrows point upwards only: protocol ← platform ← journal ← modules (test/architecture.spec.ts). */
@Module({})
export class AppModule {
  static forRoot(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        // platform: machinery that knows no feature
        ConfigModule.forRoot(config),
        LoggerModule.forRoot(httpLogging(logger)),
        DatabaseModule,
        BusModule,
        RateLimitModule,
        AdmissionModule,
        ShutdownModule,
        HousekeepingModule,
        HealthModule,
        IdempotencyModule,
        AuditModule,
        RealtimeModule,
        // the heart
        JournalModule,
        // the product
        UsersModule,
        AuthModule,
        ChannelsModule,
        PresenceModule,
        AccessModule,
        CollabModule,
        RoomsModule,
        MessagesModule,
        BlocksModule,
        PagesModule,
        PageAccessModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: InputPipe },
      ],
    };
  }
}
