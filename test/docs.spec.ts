import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Environment } from '../src/platform/config/config.js';
import { CLIENT_EVENTS, SERVER_EVENTS } from '../src/protocol/events.js';

// Whether these are the documents of this code is asked by `npm run docs -- --check`; here, whether they are good ones.
const read = (name: string) => readFileSync(join(import.meta.dirname, '..', 'docs', name), 'utf8');

interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; required: boolean; schema?: object }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}
interface OpenApi {
  openapi: string;
  info: object;
  tags: { name: string; description: string }[];
  security: object[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: object };
}
interface AsyncApi {
  asyncapi: string;
  channels: { socket: { messages: Record<string, { name: string; payload: unknown }> } };
  operations: Record<string, { action: string; messages: { $ref: string }[]; reply?: { messages: { $ref: string }[] } }>;
  components: { schemas: Record<string, unknown> };
}

const openApi = JSON.parse(read('openapi.json')) as OpenApi;
const asyncApi = JSON.parse(read('asyncapi.json')) as AsyncApi;
const operations = Object.entries(openApi.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ title: `${method.toUpperCase()} ${path}`, path, operation })));

/** Every `$ref` in the document, and those that lead nowhere. */
function danglingRefs(document: unknown): { refs: number; dangling: string[] } {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!);
  const leadsSomewhere = (ref: string) => {
    let value: unknown = document;
    for (const part of ref.replace(/^#\//, '').split('/')) value = (value as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
    return ref.startsWith('#/') && value !== undefined;
  };
  return { refs: refs.length, dangling: refs.filter((ref) => !leadsSomewhere(ref)) };
}

describe('docs/openapi.json', () => {
  it('is an OpenAPI 3 document without dangling references or unused schemas', () => {
    expect(openApi.openapi).toMatch(/^3\.\d\.\d$/);
    const { refs, dangling } = danglingRefs(openApi);
    expect(dangling).toEqual([]);
    expect(refs).toBeGreaterThan(20);
    const text = JSON.stringify(openApi);
    expect(Object.keys(openApi.components.schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`))).toEqual([]);
  });

  it('has an id of its own for every operation', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.length).toBeGreaterThan(30);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[A-Z]\w+_[a-z]\w+$/.test(id))).toEqual([]);
  });

  it.each(operations)('$title has a summary, a known tag, parameters, and says what it answers', ({ path, operation }) => {
    expect(operation.summary).toMatch(/^\S.{4,}/);
    expect(operation.summary).not.toMatch(/\.$/);
    expect(operation.tags).toHaveLength(1);
    expect(openApi.tags.map(({ name }) => name)).toContain(operation.tags![0]);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared.map(({ name }) => name).sort()).toEqual(inPath.sort());
    for (const parameter of operation.parameters ?? []) expect(parameter.schema, parameter.name).toBeDefined();

    const { default: problem, ...answers } = operation.responses;
    expect(problem?.content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
    const successes = Object.entries(answers).filter(([status]) => /^[23]\d\d$/.test(status));
    expect(successes.length).toBeGreaterThan(0);
    for (const [status, answer] of successes) if (status.startsWith('2') && status !== '204') expect(answer.content, status).toBeDefined();
  });

  it('asks for a token everywhere but where nobody can have one', () => {
    expect(openApi.security).toEqual([{ bearer: [] }]);
    expect(openApi.components.securitySchemes).toHaveProperty('bearer');
    const open = operations.filter(({ operation }) => operation.security !== undefined);
    for (const { title, operation } of open) expect(operation.security, title).toEqual([]);
    for (const { title } of open) expect(title).toMatch(/ \/api\/v1\/(auth|webhooks|invites|internal)\//);
    expect(open.map(({ title }) => title)).toEqual(expect.arrayContaining(['POST /api/v1/auth/register', 'POST /api/v1/auth/login', 'POST /api/v1/auth/refresh']));
  });

  it('does not close what may gain fields: our answers', () => {
    for (const { title, operation } of operations) expect(JSON.stringify(operation.responses), title).not.toContain('"additionalProperties":false');
    expect(JSON.stringify(openApi.components.schemas['Message'])).not.toContain('"additionalProperties":false');
    expect(openApi.components.schemas['PostMessage']).toMatchObject({ additionalProperties: false });
  });
});

describe('docs/asyncapi.json', () => {
  const { messages } = asyncApi.channels.socket;

  it('is an AsyncAPI 3 document without dangling references', () => {
    expect(asyncApi.asyncapi).toBe('3.0.0');
    const { refs, dangling } = danglingRefs(asyncApi);
    expect(dangling).toEqual([]);
    expect(refs).toBeGreaterThan(20);
  });

  it('has every event of the protocol, and no other', () => {
    const names = (action: string) => Object.values(asyncApi.operations).filter((operation) => operation.action === action).map((operation) => nameOf(operation.messages[0]!));
    const nameOf = ({ $ref }: { $ref: string }) => messages[$ref.split('/').at(-1)!]!.name;
    expect(names('receive').sort()).toEqual(Object.values(CLIENT_EVENTS).map(({ name }) => name).sort());
    expect(names('send').sort()).toEqual(Object.values(SERVER_EVENTS).map(({ name }) => name).sort());
  });

  it('has the ack of every client event', () => {
    for (const { name } of Object.values(CLIENT_EVENTS)) {
      const [data, failed] = (messages[`${name}.ack`]!.payload as { oneOf: [{ required: string[] }, unknown] }).oneOf;
      expect(data.required).toEqual(['data']);
      expect(failed).toEqual({ $ref: '#/components/schemas/Failed' });
    }
  });

  it('describes the fields of a message', () => {
    expect(Object.keys((messages['new-message']!.payload as { properties: object }).properties)).toEqual(expect.arrayContaining(['channelId', 'seq', 'roomId', 'content', 'senderId']));
    expect(messages['send-message.request']!.payload).toEqual({ $ref: '#/components/schemas/SendMessage' });
  });
});

describe('docs/configuration.md', () => {
  const text = read('configuration.md');

  it.each(Object.keys(Environment.shape))('explains %s', (name) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    const [, , initial, meaning, values] = row!.split('|').map((cell) => cell.trim());
    expect(initial).not.toMatch(/^$|undefined|object/);
    expect(meaning).toMatch(/\w{3}/);
    expect(values).toMatch(/\w/);
  });

  it('explains the exit code and the files of secrets', () => {
    expect(text).toContain('exit code 78');
    expect(text).toContain('JWT_SECRET_FILE=');
  });
});
