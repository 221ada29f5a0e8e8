import { z } from 'zod';
import { InviteToken } from './access.js';
import { Id, Timestamp } from './primitives.js';
import { DisplayName, User, Username } from './users.js';

/** NIST SP 800-63B: length counts, composition rules do not. */
export const Password = z.string().min(8).max(256, { abort: true }).refine((p) => p.isWellFormed(), 'must be well-formed Unicode').meta({
  description: 'Not one of the most common passwords, nor made of your name, your address or the name of the server; any characters',
});

export const MAX_DEVICE_TOKEN_CHARS = 1_024;

const DeviceToken = z.string().max(MAX_DEVICE_TOKEN_CHARS).meta({
  description: 'The `deviceToken` of an earlier answer, by which a device is known where its users have signed in before. It opens nothing: attempts to sign in from a known device are only counted apart from those of strangers',
});

const Cookie = z.boolean().meta({
  description: 'For pages of this server: the refresh token and the device token are set as cookies that no script can read, and left out of the answer. Pages of other origins get them in the answer all the same',
});

export const Register = z
  .strictObject({
    email: z.string().max(254, { abort: true }).check(z.email()),
    username: Username,
    password: Password,
    displayName: DisplayName.optional(),
    inviteToken: InviteToken.max(512).optional().meta({ description: 'Of an invite to a room or page, which is accepted with the registration' }),
    deviceToken: DeviceToken.optional(),
    cookie: Cookie.optional(),
  })
  .meta({ id: 'Register' });
export type Register = z.output<typeof Register>;

/** How accounts can be created. `invite`: only with an invite to a room or page. */
export const Registration = z.object({ mode: z.enum(['open', 'invite', 'closed']) }).meta({ id: 'Registration' });
export type Registration = z.output<typeof Registration>;

export const Login = z
  .strictObject({
    login: z.string().min(1).max(254).meta({ description: 'E-mail address or username' }),
    password: z.string().min(1).max(256),
    deviceToken: DeviceToken.optional(),
    cookie: Cookie.optional(),
  })
  .meta({ id: 'Login' });
export type Login = z.output<typeof Login>;

/** Without it, that of the cookie. */
const RefreshToken = z.string().min(1).max(512).optional().meta({ description: 'May be left out by pages of this server that have it in the cookie; then so may the whole body' });

export const Refresh = z
  .strictObject({ refreshToken: RefreshToken, deviceToken: DeviceToken.optional(), cookie: Cookie.optional() })
  .meta({ id: 'Refresh' });
export type Refresh = z.output<typeof Refresh>;

export const Logout = z.strictObject({ refreshToken: RefreshToken }).meta({ id: 'Logout' });
export type Logout = z.output<typeof Logout>;

export const ChangePassword = z
  .strictObject({ current: z.string().min(1).max(256), next: Password })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.output<typeof ChangePassword>;

/** The answer to register, login and refresh. */
export const Tokens = z
  .object({
    user: User,
    accessToken: z.string(),
    refreshToken: z.string().optional().meta({ description: 'Absent when it is in the cookie' }),
    expiresIn: z.int().meta({ description: 'Seconds until the access token expires' }),
    deviceToken: z.string().optional().meta({ description: 'To be kept by the device, also after it signs out, and sent with the next sign-in. Absent when it is in the cookie' }),
  })
  .meta({ id: 'Tokens' });
export type Tokens = z.output<typeof Tokens>;
/** With all that a device has to keep, none of it in cookies. */
export type IssuedTokens = Required<Tokens>;

/** One signed-in device. */
export const Session = z
  .object({
    id: Id,
    current: z.boolean(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    expiresAt: Timestamp,
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof Session>;

export const SessionList = z.object({ items: z.array(Session), nextCursor: z.null() });
export type SessionList = z.output<typeof SessionList>;
