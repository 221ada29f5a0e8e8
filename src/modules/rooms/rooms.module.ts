import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { UsersModule } from '../users/users.module.js';
import { DirectRooms } from './direct-rooms.js';
import { MembersController } from './members.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';
import { Memberships } from './memberships.js';
import { ReadingService } from './reading.service.js';
import { ReceiptsRepository } from './receipts.repository.js';
import { RoomPasswords } from './room-passwords.js';
import { RoomInvites } from './room-invites.js';
import { RoomInvitesController } from './room-invites.controller.js';
import { RoomMemberEntity } from './room-member.entity.js';
import { RoomSuccession } from './room-succession.js';
import { RoomSubscriptions } from './room-subscriptions.js';
import { RoomEntity } from './room.entity.js';
import { RoomsController } from './rooms.controller.js';
import { RoomsGateway } from './rooms.gateway.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomsService } from './rooms.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([RoomEntity, RoomMemberEntity]), AuthModule, UsersModule],
  controllers: [RoomsController, MembersController, RoomInvitesController],
  providers: [RoomsService, MembersService, ReadingService, RoomSubscriptions, RoomPasswords, RoomInvites, RoomsGateway, RoomsRepository, MembersRepository, ReceiptsRepository, Memberships, DirectRooms, RoomSuccession],
  exports: [Memberships, DirectRooms],
})
export class RoomsModule {}
