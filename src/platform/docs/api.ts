import { STATUS_CODES } from 'node:http';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiDefaultResponse, ApiResponse } from '@nestjs/swagger';
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
