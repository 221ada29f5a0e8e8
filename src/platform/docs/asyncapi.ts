import { z } from 'zod';
import { CLIENT_EVENTS, type ClientEvent, SERVER_EVENTS, type ServerEvent } from '../../protocol/events.js';

type Json = Record<string, unknown>;

/** The Socket.IO events as an AsyncAPI 3.0 document, from the schemas of `src/protocol`. */
export function createAsyncApi(): Json {
  const components: Json = {};
  const sent: Record<string, ClientEvent> = CLIENT_EVENTS;
  const received: Record<string, ServerEvent> = SERVER_EVENTS;
  const messages: Json = {};
  const operations: Json = {};
  for (const [key, event] of Object.entries(sent)) {
    messages[`${key}`] = { name: event.name, summary: event.summary, payload: schemaOf(event.body, 'input', components) };
    messages[`${key}Ack`] = { name: `${event.name} (ack)`, summary: `{ data } or { error }`, payload: ackOf(event, components) };
    operations[`send-${event.name}`] = {
      action: 'receive',
      channel: { $ref: '#/channels/socket' },
      summary: event.summary,
      messages: [{ $ref: `#/channels/socket/messages/${key}` }],
      reply: { channel: { $ref: '#/channels/socket' }, messages: [{ $ref: `#/channels/socket/messages/${key}Ack` }] },
    };
  }
  for (const [key, event] of Object.entries(received)) {
    const name = `on${key[0]!.toUpperCase()}${key.slice(1)}`;
    messages[name] = { name: event.name, summary: event.volatile ? `${event.summary} (volatile)` : event.summary, payload: schemaOf(event.body, 'output', components) };
    operations[`on-${event.name}`] = {
      action: 'send',
      channel: { $ref: '#/channels/socket' },
      summary: event.summary,
      messages: [{ $ref: `#/channels/socket/messages/${name}` }],
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Atrium events',
      version: '1',
      description:
        'Socket.IO events of the namespace `/`, at the path `/socket.io`. Send the access token in the handshake: `auth: { token }`. ' +
        'Every event of a client takes an ack callback, which gets `{ data }` or `{ error }`. Events that are not volatile arrive in `seq` order per channel.',
    },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/', messages } },
    operations,
    components: { schemas: components },
  };
}

function ackOf(event: ClientEvent, components: Json): Json {
  return {
    oneOf: [
      { type: 'object', properties: { data: schemaOf(event.ack, 'output', components) }, required: ['data'] },
      { type: 'object', properties: { error: schemaOf(SERVER_EVENTS.error.body, 'output', components) }, required: ['error'] },
    ],
  };
}

/** JSON Schema of a body; schemas with an id are collected, and referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $defs, $schema: _dialect, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json;
  for (const [id, definition] of Object.entries(($defs as Json | undefined) ?? {})) components[id] = redirect(definition);
  return redirect(own) as Json;
}

function redirect(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redirect);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', '#/components/schemas/') : redirect(inner)]),
  );
}
