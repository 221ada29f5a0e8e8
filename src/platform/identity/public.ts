import { applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { ConfigureRoute } from '../http/route-settings.js';

/** Opens a route to callers without an access token. They are limited by address, and their bodies are small. */
export const Public = (): MethodDecorator => applyDecorators(ConfigureRoute({ isPublic: true }), ApiSecurity({}));
