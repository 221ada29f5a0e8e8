import { z } from 'zod';

/** In the answer to a request with an `Idempotency-Key`. */
export const Duplicate = z.literal(true).optional().meta({ description: 'This is a resend: nothing was done anew, and this is the thing as it is now' });
