import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The REST API, from the controllers and the schemas of `src/protocol`. */
export function createOpenApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Atrium')
    .setDescription(
      'REST API of Atrium, a self-hosted backend for live collaboration. Errors are problem documents (RFC 9457). ' +
        'Lists are pages `{ items, nextCursor }`. A POST with the header `Idempotency-Key` can be sent again safely. ' +
        'Live events are described in [/asyncapi.json](/asyncapi.json).',
    )
    .setVersion('1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, config, { operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}` });
}
