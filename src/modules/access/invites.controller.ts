import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { Resend } from '../../platform/idempotency/resend.js';
import { Resends } from '../../platform/idempotency/resends.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { Public } from '../../platform/identity/public.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { AcceptedInvite, InvitePreview, InviteToken } from '../../protocol/access.js';
import { Id } from '../../protocol/primitives.js';
import { InvitesService } from './invites.service.js';

/** What is kept of an acceptance for a resend: what it let somebody into. */
const ADMISSION = 'admission';
type AcceptedRef = Pick<AcceptedInvite, 'kind' | 'id'>;

@ApiTags('invites')
@Controller('invites')
export class InvitesController {
  constructor(
    private readonly invites: InvitesService,
    resends: Resends,
  ) {
    resends.register<AcceptedRef>(ADMISSION, ({ userId }, { kind, id }) => invites.accepted(kind, id, userId));
  }

  @Get(':token')
  @Public()
  @ApiOperation({ summary: 'Get what an invite leads to; works without an account' })
  @Answers(200, InvitePreview)
  preview(@Param('token', { schema: InviteToken }) token: string): Promise<InvitePreview> {
    return this.invites.preview(token);
  }

  @Post(':token/accept')
  @Resend(ADMISSION, ({ kind, id }: AcceptedInvite): AcceptedRef => ({ kind, id }))
  @ApiOperation({ summary: 'Accept an invite; a current member keeps their role, or gets a higher one' })
  @Answers(200, AcceptedInvite)
  accept(@CurrentUser() { userId }: Identity, @Param('token', { schema: InviteToken }) token: string): Promise<AcceptedInvite> {
    return this.invites.accept(token, userId);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Revoke an invite' })
  @Answers(204)
  revoke(@CurrentUser() { userId }: Identity, @Param('id', { schema: Id }) id: string): Promise<void> {
    return this.invites.revoke(id, userId);
  }
}
