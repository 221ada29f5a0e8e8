import { STATUS_CODES } from 'node:http';
import { applyDecorators, Body, HttpCode } from '@nestjs/common';
import { ApiDefaultResponse, ApiExtension, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { Problem } from '../../protocol/errors.js';

/**
 * What a route answers: sets the status, and documents it with its schema (none for 204). Every other answer is a problem document
 * (RFC 9457), which is documented along with it.
 */
export function Answers(status: number, schema?: z.ZodType, description = STATUS_CODES[status] ?? ''): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, description, ...(schema && { standardSchema: schema }) }),
    ApiDefaultResponse({ description: 'Any error, as a problem document', standardSchema: Problem }),
  );
}

const OPTIONAL_BODY = 'x-optional-body';

/** `@Body({ schema })` of a request that may come without one. */
export function OptionalBody(schema: z.ZodType): ParameterDecorator {
  return (target, key, index) => {
    Body({ schema: schema.optional() })(target, key, index);
    // The description would otherwise call it required.
    ApiExtension(OPTIONAL_BODY, true)(target, key, Object.getOwnPropertyDescriptor(target, key!));
  };
}

/** Takes the mark of `OptionalBody` off an operation's description. */
export function markOptionalBody(operation: { requestBody?: { required?: boolean } | undefined; [OPTIONAL_BODY]?: unknown }): void {
  if (operation[OPTIONAL_BODY] && operation.requestBody) operation.requestBody.required = false;
  delete operation[OPTIONAL_BODY];
}
