import { Global, Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { Audit } from './audit.js';
import { AuditRepository } from './audit.repository.js';
import { Refusals } from './refusals.js';

/** The audit log. Global, because every module records its changes. */
@Global()
@Module({ controllers: [AuditController], providers: [Audit, AuditRepository, Refusals], exports: [Audit] })
export class AuditModule {}
