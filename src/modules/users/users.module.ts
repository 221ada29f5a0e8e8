import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminClaimsController } from './admin-claims.controller.js';
import { AdminClaimsRepository } from './admin-claims.repository.js';
import { AdminClaims } from './admin-claims.service.js';
import { Administration } from './administration.js';
import { AdminUsersController } from './admin-users.controller.js';
import { BlocksRepository } from './blocks.repository.js';
import { Contacts } from './contacts.js';
import { InvitedRegistrations } from './invited-registrations.js';
import { Quotas } from './quotas.js';
import { Succession } from './succession.js';
import { UserEntity } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([UserEntity])],
  controllers: [UsersController, AdminUsersController, AdminClaimsController],
  providers: [UsersService, UsersRepository, Contacts, BlocksRepository, Succession, Quotas, InvitedRegistrations, AdminClaims, AdminClaimsRepository, Administration],
  exports: [UsersService, Contacts, Succession, Quotas, InvitedRegistrations, AdminClaims],
})
export class UsersModule {}
