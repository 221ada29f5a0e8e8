import { Global, Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { DocumentMembers } from './document-members.js';
import { Grants } from './grants.js';
import { GrantsRepository } from './grants.repository.js';
import { InviteTargets } from './invite-targets.js';
import { InvitesController } from './invites.controller.js';
import { InvitesRepository } from './invites.repository.js';
import { InvitesService } from './invites.service.js';

/** Who may do what with documents, and invites to whatever people can be invited to. Modules that have such things need it. */
@Global()
@Module({
  imports: [UsersModule],
  controllers: [InvitesController],
  providers: [Grants, GrantsRepository, DocumentMembers, InviteTargets, InvitesService, InvitesRepository],
  exports: [Grants, DocumentMembers, InviteTargets, InvitesService],
})
export class AccessModule {}
