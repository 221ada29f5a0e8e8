import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { PageAccess } from './page-access.js';
import { PageAnnouncements } from './page-announcements.js';
import { PageInvites } from './page-invites.js';
import { PageMembersController } from './page-members.controller.js';
import { PageMembersService } from './page-members.service.js';
import { PageSlugsRepository } from './page-slugs.repository.js';
import { PageSuccession } from './page-succession.js';

/** Who may see and change pages. */
@Module({
  imports: [UsersModule],
  controllers: [PageMembersController],
  providers: [PageAccess, PageAnnouncements, PageMembersService, PageInvites, PageSlugsRepository, PageSuccession],
  exports: [PageAccess, PageAnnouncements, PageMembersService],
})
export class PageAccessModule {}
