import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { Resend } from '../../platform/idempotency/resend.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { ClaimAdmin } from '../../protocol/users.js';
import { AdminClaims } from './admin-claims.service.js';

@ApiTags('auth')
@Controller('auth/claim-admin')
export class AdminClaimsController {
  constructor(private readonly claims: AdminClaims) {}

  @Post()
  @Resend()
  @ApiOperation({ summary: 'Become the administrator of a server that has none, by the link that it prints when it starts' })
  @Answers(204)
  claim(@CurrentUser() { userId }: Identity, @Body({ schema: ClaimAdmin }) { token }: ClaimAdmin): Promise<void> {
    return this.claims.claim(token, userId);
  }
}
