import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { AdminOnly } from '../../platform/identity/admin-only.js';
import { SearchLimited } from '../../platform/rate-limit/search-limit.js';
import { Id, type Page } from '../../protocol/primitives.js';
import { AdminUpdateUser, User, UserPage, UsersQuery } from '../../protocol/users.js';
import { UsersService } from './users.service.js';

@ApiTags('admin')
@Controller('admin/users')
@AdminOnly()
export class AdminUsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @SearchLimited()
  @ApiOperation({ summary: 'List all users, suspended ones too' })
  @Answers(200, UserPage)
  list(@Query({ schema: UsersQuery }) query: UsersQuery): Promise<Page<User>> {
    return this.users.listAll(query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Suspend or reactivate a user, grant or revoke administration' })
  @Answers(200, User)
  update(@Param('id', { schema: Id }) id: string, @Body({ schema: AdminUpdateUser }) body: AdminUpdateUser): Promise<User> {
    return this.users.updateAsAdmin(id, body);
  }
}
