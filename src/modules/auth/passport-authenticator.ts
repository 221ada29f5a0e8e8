import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequestAuthenticator } from '../../platform/admission/request-authenticator.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { refused } from './authenticator.js';
import { JwtStrategy } from './jwt.strategy.js';

/** What a Passport strategy calls when it has come to a verdict. */
interface Verdict {
  success(identity: Identity): void;
  fail(reason: unknown): void;
  error(error: unknown): void;
}

/** Runs the Passport strategy before a request has a body, as Passport's own middleware would do after it. */
@Injectable()
export class PassportAuthenticator extends RequestAuthenticator {
  constructor(private readonly strategy: JwtStrategy) {
    super();
  }

  authenticate(request: FastifyRequest): Promise<Identity> {
    return new Promise((resolve, reject) => {
      const verdict: Verdict = { success: resolve, fail: (reason) => reject(refused(reason)), error: reject };
      const attempt = Object.assign(Object.create(this.strategy) as JwtStrategy, verdict);
      attempt.authenticate(request as never);
    });
  }
}
