import type { IncomingMessage } from 'node:http';

/**
 * An origin (RFC 6454) as browsers write it: scheme and host in lower case, no default port, nothing behind. Undefined for what is none,
 * such as `null`, or an address with a path.
 */
export function canonicalOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, pathname, search, hash, username, password } = new URL(text);
  return origin === 'null' || pathname !== '/' || search || hash || username || password ? undefined : origin;
}

/** Which origins of browsers may call. `allowed` holds canonical origins, or `*` for all. */
export class AllowedOrigins {
  private readonly allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.allowed = new Set(allowed);
  }

  /** Whether a page of this origin may call; undefined, from programs that send no Origin, is nobody's page. */
  includes(origin: string | undefined): boolean {
    if (origin === undefined) return false;
    return this.allowed.has('*') || this.allowed.has(canonicalOrigin(origin) ?? '');
  }

  /** Programs send no Origin and are welcome; a browser's must be our own or a configured one. */
  admit({ headers: { origin, host } }: Pick<IncomingMessage, 'headers'>): boolean {
    return origin === undefined || this.includes(origin) || isOwn(origin, host);
  }
}

/** The Host header has the port that the client has written, which may be the default one of the origin's scheme. */
function isOwn(origin: string, host = ''): boolean {
  const canonical = canonicalOrigin(origin);
  return canonical !== undefined && canonical === canonicalOrigin(`${new URL(canonical).protocol}//${host}`);
}
