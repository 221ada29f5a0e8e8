import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { canonicalOrigin } from './origins.js';

type Asked = Pick<FastifyRequest, 'headers' | 'host' | 'protocol'>;

/**
 * Tells requests of the pages that this server itself gives out, such as the web app, from those of other pages and of programs. Pages of
 * CORS_ORIGINS may call, but are not our own.
 */
@Injectable()
export class OwnPages {
  private readonly publicUrl: URL | undefined;
  private readonly believesProxies: boolean;

  constructor(config: Config) {
    const url = config.get('PUBLIC_URL');
    this.publicUrl = url === undefined ? undefined : new URL(url);
    this.believesProxies = config.get('TRUST_PROXY') !== false;
  }

  /** A page of our own has sent it, by what the browser says of it. Undefined when nothing is said, as by programs. */
  sent(request: Asked): boolean | undefined {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined) {
      const page = canonicalOrigin(origin);
      return page !== undefined && page === this.originOf(request, page);
    }
    return site === undefined ? undefined : site === 'same-origin';
  }

  /** Our pages are reached by https. */
  areSecure(request: Asked): boolean {
    if (this.publicUrl) return this.publicUrl.protocol === 'https:';
    return this.originOf(request, canonicalOrigin(request.headers.origin ?? ''))?.startsWith('https:') ?? false;
  }

  /** Where the request has reached us. Whether that was https nobody knows behind a proxy that is not believed: then the page's word counts. */
  private originOf({ headers, host, protocol }: Asked, page: string | undefined): string | undefined {
    if (this.publicUrl) return this.publicUrl.origin;
    const isTold = this.believesProxies && headers['x-forwarded-proto'] !== undefined;
    const scheme = isTold || page === undefined ? `${protocol}:` : new URL(page).protocol;
    return canonicalOrigin(`${scheme}//${host}`);
  }
}
