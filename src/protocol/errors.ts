import { z } from 'zod';

/** Every error that a client can get: one code, one HTTP status, one title. Codes are only ever added. */
export const ERRORS = {
  INVALID_INPUT: [400, 'The request is not valid'],
  UNAUTHENTICATED: [401, 'Authentication is required'],
  PERMISSION_DENIED: [403, 'You may not do this'],
  QUOTA_EXCEEDED: [403, 'A limit is reached'],
  NOT_FOUND: [404, 'Not found'],
  USER_NOT_FOUND: [404, 'User not found'],
  ROOM_NOT_FOUND: [404, 'Room not found'],
  MESSAGE_NOT_FOUND: [404, 'Message not found'],
  PAGE_NOT_FOUND: [404, 'Page not found'],
  BOARD_NOT_FOUND: [404, 'Board not found'],
  WORKSPACE_NOT_FOUND: [404, 'Workspace not found'],
  INVITE_NOT_FOUND: [404, 'Invite not found'],
  ALREADY_EXISTS: [409, 'It exists already'],
  VERSION_CONFLICT: [409, 'The version has moved on'],
  GROUP_FULL: [409, 'The room is full'],
  IDEMPOTENCY_MISMATCH: [409, 'This id was used with another request'],
  INVITE_EXPIRED: [410, 'The invite has expired'],
  PRECONDITION_FAILED: [412, 'The precondition does not hold'],
  PAYLOAD_TOO_LARGE: [413, 'The request is too large'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'This media type is not supported here'],
  PATCH_FAILED: [422, 'The patch does not apply'],
  INVARIANT_VIOLATED: [422, 'The result would be invalid'],
  RATE_LIMITED: [429, 'Too many requests'],
  INTERNAL_ERROR: [500, 'Something went wrong on our side'],
  UNAVAILABLE: [503, 'Temporarily unavailable; try again'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof ERRORS;

export const FieldError = z.object({
  path: z.string().meta({ description: 'Where in the input, e.g. `positions[3].seq`, empty for the whole; of INVITE_EXPIRED, where in the invite: `maxUses` or `expiresAt`' }),
  message: z.string(),
});
export type FieldError = z.output<typeof FieldError>;

/** RFC 9457 problem document, the body of every HTTP error. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(FieldError).optional(),
    limit: z.string().optional().meta({ description: 'Of QUOTA_EXCEEDED: the name of the limit, such as `QUOTA_ROOMS`' }),
    max: z.int().optional().meta({ description: 'Of QUOTA_EXCEEDED: how much the limit allows' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof Problem>;

/** The `error` of a socket ack, and the argument of the `error` event when there was no ack callback. */
export const SocketError = z
  .looseObject({
    code: Problem.shape.code,
    message: z.string(),
    errors: z.array(FieldError).optional(),
    retryAfterMs: z.int().optional(),
    limit: Problem.shape.limit,
    max: Problem.shape.max,
    event: z.string().optional(),
  })
  .meta({ id: 'SocketError' });
export type SocketError = z.output<typeof SocketError>;
