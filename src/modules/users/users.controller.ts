import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { SearchLimited } from '../../platform/rate-limit/search-limit.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { Id, type Page } from '../../protocol/primitives.js';
import { Profile, ProfilePage, ProfilesQuery, UpdateMe, User } from '../../protocol/users.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('me')
  @ApiOperation({ summary: 'Get your own profile' })
  @Answers(200, User)
  me(@CurrentUser() { userId }: Identity): Promise<User> {
    return this.users.getUser(userId);
  }

  @Patch('me')
  @ApiOperation({ summary: 'Update your profile' })
  @Answers(200, User)
  updateMe(@CurrentUser() { userId }: Identity, @Body({ schema: UpdateMe }) body: UpdateMe): Promise<User> {
    return this.users.updateMe(userId, body);
  }

  @Get()
  @SearchLimited()
  @ApiOperation({ summary: 'Find users by part of their name, or several users by id' })
  @Answers(200, ProfilePage)
  list(@Query({ schema: ProfilesQuery }) query: ProfilesQuery): Promise<Page<Profile>> {
    return this.users.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a user' })
  @Answers(200, Profile)
  get(@Param('id', { schema: Id }) id: string): Promise<Profile> {
    return this.users.getProfile(id);
  }
}
