import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { PAGE_LIMITS, type PageLimits } from './document/page-limits.js';

/** How large pages and patches may be on this server. */
@Injectable()
export class PageSettings {
  readonly limits: PageLimits;

  constructor(config: Config) {
    this.limits = {
      ...PAGE_LIMITS,
      pageBytes: config.get('PAGE_MAX_BYTES'),
      components: config.get('PAGE_MAX_COMPONENTS'),
      patchBytes: config.get('PATCH_MAX_BYTES'),
      patchOperations: config.get('PATCH_MAX_OPERATIONS'),
    };
  }
}
