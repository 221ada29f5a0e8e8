import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { BlocksController } from './blocks.controller.js';
import { BlocksService } from './blocks.service.js';

@Module({ imports: [UsersModule, RoomsModule], controllers: [BlocksController], providers: [BlocksService] })
export class BlocksModule {}
