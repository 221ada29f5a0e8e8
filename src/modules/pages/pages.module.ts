import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { PageAccessModule } from './page-access.module.js';
import { PageAllowances } from './page-allowances.js';
import { PageCursors } from './page-cursors.js';
import { PageEditingService } from './page-editing.service.js';
import { PageEntity } from './page.entity.js';
import { PageHistoryController } from './page-history.controller.js';
import { PageHistoryRepository } from './page-history.repository.js';
import { PageHistoryService } from './page-history.service.js';
import { PageKind } from './page-kind.js';
import { PagePast } from './page-past.js';
import { PagePreviewController } from './page-preview.controller.js';
import { PagePreconditions } from './page-preconditions.js';
import { PageReadingService } from './page-reading.service.js';
import { PageUndoRepository } from './page-undo.repository.js';
import { PageUndoService } from './page-undo.service.js';
import { PagesController } from './pages.controller.js';
import { PagesGateway } from './pages.gateway.js';
import { PagesRepository } from './pages.repository.js';
import { PagesService } from './pages.service.js';
import { PageSettings } from './page-settings.js';
import { PageSnapshotsRepository } from './page-snapshots.repository.js';
import { PageSubscriptions } from './page-subscriptions.js';

@Module({
  imports: [TypeOrmModule.forFeature([PageEntity]), UsersModule, PageAccessModule],
  controllers: [PagesController, PageHistoryController, PagePreviewController],
  providers: [PagesService, PageReadingService, PageEditingService, PagePreconditions, PageSubscriptions, PagesGateway, PageCursors, PageKind, PagePast, PageHistoryService, PageHistoryRepository, PageUndoService, PageUndoRepository, PagesRepository, PageSnapshotsRepository, PageSettings, PageAllowances],
})
export class PagesModule {}
