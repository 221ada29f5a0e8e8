import { SetMetadata } from '@nestjs/common';

/** Metadata key that the interceptor reads. */
export const IGNORES_KEY = 'atrium:without-idempotency-key';

/**
 * For routes that hand out secrets, which must not be kept and cannot be told again: an `Idempotency-Key` is ignored there, and a resend
 * is carried out anew.
 */
export const WithoutIdempotencyKey = (): ClassDecorator & MethodDecorator => SetMetadata(IGNORES_KEY, true);
