import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Identity } from '../realtime/identity.js';
import type { Made, Ref } from './resend.js';

/**
 * Answers what a GET of the thing would answer this caller now, headers included.
 * @throws AppError when it is gone, or the caller may not see it any more
 */
export type ThingReader<R extends Ref = Ref> = (caller: Identity, ref: R, reply: FastifyReply) => object | Promise<object>;

/** Who can say what a thing is now, by kind. Modules register the kinds that their routes make. */
@Injectable()
export class Resends {
  private readonly readers = new Map<string, ThingReader<never>>();

  register<R extends Ref>(kind: string, read: ThingReader<R>): void {
    this.readers.set(kind, read);
  }

  async read({ kind, ref }: Made, caller: Identity, reply: FastifyReply): Promise<object> {
    const reader = this.readers.get(kind) as ThingReader | undefined;
    if (!reader) throw new Error(`nothing reads things of the kind ${kind}`);
    return reader(caller, ref, reply);
  }
}
