import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AuditEvent, AuditEventPage, AuditQuery } from '../../protocol/audit.js';
import type { Page } from '../../protocol/primitives.js';
import { Answers } from '../docs/api.js';
import { AdminOnly } from '../identity/admin-only.js';
import { Audit } from './audit.js';

@ApiTags('admin')
@Controller('admin/audit')
@AdminOnly()
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get()
  @ApiOperation({ summary: 'List who has changed rights, sessions, accounts and settings, newest first' })
  @Answers(200, AuditEventPage)
  list(@Query({ schema: AuditQuery }) query: AuditQuery): Promise<Page<AuditEvent>> {
    return this.audit.list(query);
  }
}
