import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { toInputError } from './validation.js';

/** Validates every parameter that has a Standard Schema (`@Body({ schema })`); names the parameter in the path of an error. */
@Injectable()
export class InputPipe implements PipeTransform {
  async transform(value: unknown, { schema, data, type }: ArgumentMetadata): Promise<unknown> {
    if (!schema) return value;
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return result.value;
    const prefix = type === 'param' && data ? [data] : [];
    throw toInputError(result.issues.map((issue) => ({ ...issue, path: [...prefix, ...(issue.path ?? [])] })));
  }
}
