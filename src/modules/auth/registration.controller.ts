import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { Public } from '../../platform/identity/public.js';
import { Registration } from '../../protocol/auth.js';
import { AuthService } from './auth.service.js';

@ApiTags('auth')
@Controller('auth/registration')
export class RegistrationController {
  constructor(private readonly auth: AuthService) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Get who may register: anyone, whoever has an invite, nobody' })
  @Answers(200, Registration)
  get(): Registration {
    return this.auth.registration;
  }
}
