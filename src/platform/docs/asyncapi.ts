import { z } from 'zod';
import { CLIENT_EVENTS, type ClientEvent, SERVER_EVENTS, type ServerEvent } from '../../protocol/events.js';
import { extensible, mapObjects, readable } from './json-schema.js';

type Json = Record<string, unknown>;

/**
 * The Socket.IO events as an AsyncAPI 3.0 document, from the schemas of `src/protocol`. It speaks for the server: what clients send,
 * it receives. With the server's address, when it is known.
 */
export function createAsyncApi(publicUrl?: string): Json {
  const components: Json = {};
  components['Failed'] = object({ error: schemaOf(SERVER_EVENTS.error.body, 'output', components) });
  const messages: Json = {};
  const operations: Json = {};
  for (const event of Object.values<ClientEvent>(CLIENT_EVENTS)) {
    const key = `${event.name}.request`;
    messages[key] = { name: event.name, title: event.name, summary: event.summary, payload: schemaOf(event.body, 'input', components) };
    messages[`${event.name}.ack`] = {
      name: `${event.name} (ack)`,
      title: `${event.name} (ack)`,
      summary: '`{ data }`, or `{ error }`',
      payload: { oneOf: [object({ data: schemaOf(event.ack, 'output', components) }), { $ref: '#/components/schemas/Failed' }] },
    };
    operations[`receive-${event.name}`] = {
      action: 'receive',
      channel: { $ref: '#/channels/socket' },
      summary: event.summary,
      messages: [messageRef(key)],
      reply: { channel: { $ref: '#/channels/socket' }, messages: [messageRef(`${event.name}.ack`)] },
    };
  }
  for (const event of Object.values<ServerEvent>(SERVER_EVENTS)) {
    const summary = event.volatile ? `${event.summary} (volatile)` : event.summary;
    messages[event.name] = { name: event.name, title: event.name, summary, payload: schemaOf(event.body, 'output', components) };
    operations[`send-${event.name}`] = { action: 'send', channel: { $ref: '#/channels/socket' }, summary, messages: [messageRef(event.name)] };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Atrium events',
      version: '1',
      description:
        'Socket.IO events of the namespace `/`, at the path `/socket.io`. Send the access token in the handshake: `auth: { token }`. ' +
        'A handshake that cannot succeed (`UNAUTHENTICATED`) is answered with `connect_error`, whose `data` is the error. One that may succeed later (`UNAVAILABLE`, ' +
        '`RATE_LIMITED`) is refused by HTTP 503 or 429, or by closing the connection, so that Socket.IO clients come back by themselves; a client that sets ' +
        '`auth: { explainRefusals: true }` reconnects on its own, and gets `connect_error` with `retryAfterMs` instead of the closed connection. ' +
        'Every event of a client takes an ack callback, which gets `{ data }` or `{ error }`; without one, an error comes as an `error` event. ' +
        'Events arrive in `seq` order per channel, each as soon as it is on disk; those marked volatile may be dropped or merged. ' +
        'The answer to `resume` and `room-join` comes before the live events that continue it: take it in the ack callback itself, because code after an `await` runs later.',
    },
    ...(publicUrl !== undefined && { servers: { public: serverAt(new URL(publicUrl)) } }),
    defaultContentType: 'application/json',
    channels: { socket: { address: '/', messages } },
    operations,
    components: { schemas: components },
  };
}

function serverAt({ host, protocol, pathname }: URL): Json {
  return { host, pathname: `${pathname.replace(/\/+$/, '')}/socket.io`, protocol: protocol === 'https:' ? 'wss' : 'ws', protocolVersion: 'Socket.IO 5' };
}

const messageRef = (key: string) => ({ $ref: `#/channels/socket/messages/${key}` });
const object = (properties: Json) => ({ type: 'object', properties, required: Object.keys(properties) });

/** JSON Schema of a body; schemas with an id are collected, and referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $defs, $schema: _dialect, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json;
  const prepare = (each: unknown) => redirect(readable(io === 'output' ? extensible(each) : each)) as Json;
  for (const [id, definition] of Object.entries(($defs as Json | undefined) ?? {})) components[id] = prepare(definition);
  return prepare(own);
}

function redirect(value: unknown): unknown {
  return mapObjects(value, (each) => (typeof each['$ref'] === 'string' ? { ...each, $ref: each['$ref'].replace('#/$defs/', '#/components/schemas/') } : each));
}
