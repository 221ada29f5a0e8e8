import { Module } from '@nestjs/common';
import { PageAccess } from './page-access.js';
import { PageSlugsRepository } from './page-slugs.repository.js';

/** Who may see and change pages. */
@Module({
  providers: [PageAccess, PageSlugsRepository],
  exports: [PageAccess],
})
export class PageAccessModule {}
