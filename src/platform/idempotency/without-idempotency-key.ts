import { SetMetadata } from '@nestjs/common';

/** Metadata key that the interceptor reads. */
export const IGNORES_KEY = 'atrium:without-idempotency-key';

/** For routes whose answers hold secrets, which must not be kept: an `Idempotency-Key` is ignored there. */
export const WithoutIdempotencyKey = (): ClassDecorator & MethodDecorator => SetMetadata(IGNORES_KEY, true);
