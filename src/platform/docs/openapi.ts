import type { INestApplicationContext } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { markOptionalBody } from './api.js';
import { extensible, readable, referredFrom } from './json-schema.js';

const DESCRIPTION = `REST API of Atrium, a self-hosted backend for live collaboration.

Send the access token of \`POST /auth/login\` as \`Authorization: Bearer …\`. Bodies are JSON in camelCase, ids are UUIDs, times are ISO 8601 in UTC.

- **Errors** are problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with a stable \`code\`. What you may not see answers 404.
- **Lists** are pages \`{ items, nextCursor }\`; pass \`nextCursor\` on as \`cursor\`.
- **Retries** are safe: a POST with the header \`Idempotency-Key\`, or a body with its own \`clientMsgId\`, is carried out once. For a day, a resend is answered with what the request made, as that is now, with \`duplicate: true\`; what is gone answers 404. The routes that hand out secrets (\`/auth/…\` and those that make invites) ignore the header, because a secret is not kept. After 429 and 503 wait as long as \`Retry-After\` says.
- **Live events** of Socket.IO are described in [asyncapi.json](asyncapi.json).`;

/** In this order. */
const TAGS: Record<string, string> = {
  auth: 'Register, sign in, refresh, and see where you are signed in',
  users: 'Profiles',
  workspaces: 'Teams and what belongs to them',
  rooms: 'Conversations and their members',
  messages: 'What is said in rooms',
  pages: 'Low-code pages that are edited together',
  boards: 'Whiteboards that are edited together',
  invites: 'Links that let somebody in',
  search: 'Find messages and pages',
  webhooks: 'Events from and to other systems',
  internal: 'For other services of the operator',
  admin: 'For administrators of the server',
};

interface Operation {
  tags?: string[];
  security?: object[];
  requestBody?: { required?: boolean };
  parameters?: unknown[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

/** The REST API, from the controllers and the schemas of `src/protocol`; with the server's address, when it is known. */
export function createOpenApi(app: INestApplicationContext, publicUrl?: string): OpenAPIObject {
  const builder = publicUrl === undefined ? new DocumentBuilder() : new DocumentBuilder().addServer(publicUrl.replace(/\/+$/, ''));
  const config = builder.setTitle('Atrium').setDescription(DESCRIPTION).setVersion('1').addBearerAuth().addSecurityRequirements('bearer').build();
  const document = SwaggerModule.createDocument(app as never, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return polish(readable(document));
}

function polish(document: OpenAPIObject): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path as Record<string, Operation>));
  for (const operation of operations) {
    // `Public` says "also without a token"; plainer is that none is needed.
    if (operation.security?.some((requirement) => Object.keys(requirement).length === 0)) operation.security = [];
    markOptionalBody(operation);
    const { default: problem } = operation.responses;
    if (problem?.content?.['application/json']) problem.content = { 'application/problem+json': problem.content['application/json'] };
    operation.responses = extensible(operation.responses);
  }
  const schemas = (document.components?.schemas ?? {}) as Record<string, unknown>;
  const asked = referredFrom(operations.map(({ requestBody, parameters }) => [requestBody, parameters]), schemas);
  for (const [name, schema] of Object.entries(schemas)) if (!asked.has(name)) schemas[name] = extensible(schema);
  const used = new Set(operations.flatMap(({ tags }) => tags ?? []));
  const known = Object.entries(TAGS).filter(([name]) => used.has(name));
  const { contact: _empty, ...info } = document.info;
  return { ...document, info, tags: known.map(([name, description]) => ({ name, description })) };
}
