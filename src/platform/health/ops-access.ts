import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

/** Marks what has come in by OPS_PORT. */
const INSIDE = 'x-atrium-ops';
const OPS_PATHS = new Set(['/livez', '/readyz', '/health', '/metrics']);
const DOCUMENTS = new Set(['/openapi.json', '/openapi.yaml', '/asyncapi.json']);

/** How a request for something operational is answered. */
export type OpsAnswer = 'as-ever' | 'not-here' | 'ask-for-token';

/**
 * Who may see how this process is, and its documentation. Outside production everybody, unless the settings say otherwise. In production
 * what comes by OPS_PORT, or has OPS_TOKEN where that is set; orchestrators need neither to ask `/livez` and `/readyz`, and everybody may
 * hear from `/health` whether all is well, where there is no OPS_PORT.
 */
@Injectable()
export class OpsAccess {
  readonly port: number | undefined;
  readonly areDocsPublic: boolean;
  private readonly inside = randomBytes(16).toString('hex');
  private readonly tokenHash: Buffer | undefined;
  private readonly isProduction: boolean;

  constructor(config: Config) {
    const token = config.get('OPS_TOKEN');
    this.port = config.get('OPS_PORT');
    this.tokenHash = token === undefined ? undefined : hashOf(token);
    this.isProduction = config.isProduction;
    this.areDocsPublic = (config.get('DOCS') ?? (config.isProduction ? 'private' : 'public')) === 'public';
  }

  /** Where metrics are, and where documentation is: on which of the two ports, or nowhere. */
  get places(): { metrics: 'main' | 'ops' | null; docs: 'main' | 'ops' | null } {
    const guarded = this.port !== undefined ? 'ops' : this.tokenHash !== undefined ? 'main' : null;
    return { metrics: guarded ?? (this.isProduction ? null : 'main'), docs: this.areDocsPublic ? 'main' : guarded };
  }

  /** Headers that mark a request as one that has come in by OPS_PORT. */
  get insideHeaders(): Record<string, string> {
    return { [INSIDE]: this.inside };
  }

  /** @param route as it is registered, not as the URL is written, which can be done in many ways: /metrics/, /%6Detrics */
  judge(route: string, headers: IncomingHttpHeaders): OpsAnswer {
    if (isDocumentation(route)) return this.areDocsPublic ? 'as-ever' : this.judgePrivate(headers, true);
    if (!OPS_PATHS.has(route)) return 'as-ever';
    if (this.port !== undefined && headers[INSIDE] !== this.inside) return 'not-here';
    return route === '/metrics' ? this.judgePrivate(headers, this.isProduction) : 'as-ever';
  }

  /** Whether the caller may see more of `/health` than that all is well. */
  maySeeDetail(headers: IncomingHttpHeaders): boolean {
    return this.judgePrivate(headers, this.isProduction) === 'as-ever';
  }

  /** Served at OPS_PORT. */
  isInside(path: string): boolean {
    return OPS_PATHS.has(path) || (!this.areDocsPublic && isDocumentation(path));
  }

  /** @param isHidden where the settings give no way to it */
  private judgePrivate({ authorization, [INSIDE]: mark }: IncomingHttpHeaders, isHidden: boolean): OpsAnswer {
    if (this.port !== undefined && mark !== this.inside) return 'not-here';
    if (this.tokenHash !== undefined) return this.isToken(authorization) ? 'as-ever' : 'ask-for-token';
    return this.port === undefined && isHidden ? 'not-here' : 'as-ever';
  }

  /** RFC 6750. Hashed, so that the comparison takes as long whatever is sent. */
  private isToken(authorization: string | undefined): boolean {
    const [scheme, token = ''] = (authorization ?? '').split(' ');
    return scheme?.toLowerCase() === 'bearer' && timingSafeEqual(hashOf(token), this.tokenHash!);
  }
}

function isDocumentation(path: string): boolean {
  return DOCUMENTS.has(path) || path === '/docs' || path.startsWith('/docs/');
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
