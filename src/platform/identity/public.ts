import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** Metadata key that the guard reads. */
export const IS_PUBLIC = 'atrium:public';

/** Opens a route, or all routes of a controller, to callers without an access token. They are limited by address. */
export const Public = (): ClassDecorator & MethodDecorator => applyDecorators(SetMetadata(IS_PUBLIC, true), ApiSecurity({}));
