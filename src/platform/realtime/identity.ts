/** Who is behind a request or a socket. */
export interface Identity {
  readonly userId: string;
  readonly sessionId: string;
  readonly isAdmin: boolean;
  /** When the access token expires, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Checks the token of a handshake as REST checks its header. Implemented by the auth module. */
export abstract class SocketAuthenticator {
  /** @throws AppError UNAUTHENTICATED · UNAVAILABLE */
  abstract authenticate(token: string): Promise<Identity>;
  /** Whether the session still stands, asked after anything that could have ended it meanwhile. */
  abstract stands(identity: Identity): Promise<boolean>;
  /** Those of the sessions that do not stand any more, from the database. */
  abstract findEnded(sessionIds: readonly string[]): Promise<Set<string>>;
}
