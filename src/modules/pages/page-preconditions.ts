import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import type { Preconditions } from '../../platform/http/preconditions.js';
import type { PatchResult } from '../../protocol/pages.js';
import { PageAccess } from './page-access.js';
import { PageReadingService } from './page-reading.service.js';

/**
 * What preconditions mean for PATCH. PUT and DELETE need them to hold for the page as it is; a patch is made on a version and carried over
 * what has happened since, so one strong tag in `If-Match` names that version, which may be an older one.
 */
@Injectable()
export class PagePreconditions {
  constructor(
    private readonly access: PageAccess,
    private readonly reading: PageReadingService,
  ) {}

  /**
   * Applies a patch to the version that the preconditions name; undefined stands for the present one.
   * @throws AppError PRECONDITION_FAILED · what `apply` throws
   */
  async patch(userId: string, pageId: string, conditions: Preconditions, apply: (version: number | undefined) => Promise<PatchResult>): Promise<PatchResult> {
    if (conditions.areNone) return apply(undefined);
    const { base } = conditions;
    if (base !== undefined) return this.patchOn(base, apply);
    return conditions.orAbsent(async () => {
      await this.access.require(pageId, userId, 'document:edit');
      const { version } = await this.reading.summary(userId, pageId);
      conditions.require(version);
      return apply(conditions.nameVersions ? version : undefined);
    });
  }

  private async patchOn(base: number, apply: (version: number) => Promise<PatchResult>): Promise<PatchResult> {
    try {
      return await apply(base);
    } catch (error) {
      throw isAhead(error, base) ? notYet(error) : error;
    }
  }
}

/** The patch was refused because the page has not come to its version yet. */
function isAhead(error: unknown, base: number): error is AppError {
  return error instanceof AppError && error.code === 'VERSION_CONFLICT' && (error.details.extra?.['version'] as number) < base;
}

function notYet({ details }: AppError): AppError {
  return new AppError('PRECONDITION_FAILED', { detail: 'The version that If-Match names does not exist', extra: { version: details.extra!['version'] } });
}
