import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

/** Metadata key that the interceptor reads. */
export const RESEND = 'atrium:resend';

/** What identifies the thing that a request made, as it is kept: small, and without anything that may be edited or erased. */
export type Ref = string | Readonly<Record<string, string | number | readonly number[]>>;

/** The parameters of a path, by name. */
export type PathParams = Readonly<Record<string, string | undefined>>;

/** How a route answers a request that comes again. */
export interface ResendRule {
  /** What kind of thing the route makes; absent when its answer names nothing. */
  readonly kind?: string;
  readonly refOf?: (answer: never, params: PathParams) => Ref;
}

/** A thing that was made, by its kind. */
export interface Made {
  readonly kind: string;
  readonly ref: Ref;
}

const HEADER = {
  name: 'Idempotency-Key',
  required: false,
  description: 'Made by the client. The request is carried out once; for a day, a resend with the same key is answered with what it made, as that is now, and `Idempotent-Replayed: true`',
};

/**
 * For a POST whose answer names nothing: a resend is answered alike, without a body.
 */
export function Resend(): MethodDecorator;
/**
 * For a POST that makes something. Only `refOf(answer, path parameters)` is kept; a resend is answered by the reader that is registered
 * for the kind (`Resends`), with the thing as it is now, marked `duplicate`.
 */
export function Resend<A>(kind: string, refOf: (answer: A, params: PathParams) => Ref): MethodDecorator;
export function Resend(kind?: string, refOf?: ResendRule['refOf']): MethodDecorator {
  return applyDecorators(SetMetadata(RESEND, { ...(kind !== undefined && { kind }), ...(refOf && { refOf }) } satisfies ResendRule), ApiHeader(HEADER));
}
