import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MetadataScanner, NestFactory, Reflector } from '@nestjs/core';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../src/app.module.js';
import { Config, parseEnvironment } from '../src/platform/config/config.js';
import { createLogger } from '../src/platform/logging/logger.js';
import { RateLimits } from '../src/platform/rate-limit/rate-limits.js';
import { EventDispatcher } from '../src/platform/realtime/event-dispatcher.js';
import { GATEWAY, HANDLES } from '../src/platform/realtime/gateway.decorator.js';
import { CLIENT_EVENTS, type ClientEvent } from '../src/protocol/events.js';

/** Keys under which Nest's own decorators leave their marks. */
const NEST_GATEWAY = 'websockets:is_gateway';
const NEST_HANDLER = 'websockets:message_mapping';
const NEST_EVENT = 'message';

type Class = (new (...args: never[]) => object) & { name: string };

const src = join(import.meta.dirname, '..', 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .sort();

const config = new Config({ ...parseEnvironment({ LOG_LEVEL: 'silent', RATE_LIMITS: 'off' }, String), DATABASE_URL: 'postgres://nowhere', JWT_SECRET: 'x'.repeat(32) });

/** Gateways that any file exports, and those that the application has as providers. */
let exported: Class[];
let provided: Class[];

beforeAll(async () => {
  // Two that start something when they are imported.
  const modules = await Promise.all(sources.filter((name) => name !== 'main.ts' && name !== 'admin.ts').map((name) => import(pathToFileURL(join(src, name)).href) as Promise<Record<string, unknown>>));
  exported = modules.flatMap((module) => Object.values(module).filter(isGateway));
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(config, createLogger('silent')), { preview: true, logger: false });
  const { container } = app as unknown as { container: { getModules(): Map<string, { providers: Map<unknown, { metatype: unknown }> }> } };
  const providers = [...container.getModules().values()].flatMap((module) => [...module.providers.values()].map(({ metatype }) => metatype));
  provided = [...new Set(providers.filter(isGateway))];
});

function isGateway(value: unknown): value is Class {
  return typeof value === 'function' && Reflect.getMetadata(NEST_GATEWAY, value) === true;
}

function handlersOf(gateway: Class): { method: string; nest: string; ours: ClientEvent | undefined }[] {
  const prototype = gateway.prototype as Record<string, object>;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .filter((method) => Reflect.hasMetadata(NEST_HANDLER, prototype[method]!))
    .map((method) => ({
      method: `${gateway.name}.${method}`,
      nest: Reflect.getMetadata(NEST_EVENT, prototype[method]!) as string,
      ours: Reflect.getMetadata(HANDLES, prototype[method]!) as ClientEvent | undefined,
    }));
}

/** The real dispatcher, told of these classes as Nest's discovery would tell it. */
function dispatcherOf(gateways: Class[]): EventDispatcher {
  const discovery = { getProviders: () => gateways.map((metatype) => ({ metatype, instance: Object.create(metatype.prototype as object) as object })) };
  const dispatcher = new EventDispatcher(discovery as never, new MetadataScanner(), new Reflector(), new RateLimits(config), {} as never, {} as never, {} as never, {} as never);
  dispatcher.onApplicationBootstrap();
  return dispatcher;
}

describe('gateways', () => {
  it('are all behind our decorator, so that the dispatcher finds them', () => {
    expect(exported.length).toBeGreaterThanOrEqual(4);
    expect(exported.filter((gateway) => Reflect.getMetadata(GATEWAY, gateway) !== true).map(({ name }) => name)).toEqual([]);
  });

  it('are all part of the application', () => {
    expect(provided.map(({ name }) => name).sort()).toEqual(exported.map(({ name }) => name).sort());
  });

  it('have handlers of protocol events only, under the name that Nest knows too', () => {
    const handlers = exported.flatMap(handlersOf);
    expect(handlers.filter(({ ours }) => ours === undefined || !Object.values<ClientEvent>(CLIENT_EVENTS).includes(ours)).map(({ method }) => method)).toEqual([]);
    for (const { method, nest, ours } of handlers) expect(nest, method).toBe(ours!.name);
  });
});

describe('the dispatcher', () => {
  it('has exactly one handler for every client event of the protocol, and no other', () => {
    const promised = Object.values(CLIENT_EVENTS).map(({ name }) => name);
    expect(new Set(promised).size).toBe(promised.length);
    expect(dispatcherOf(provided).events.sort()).toEqual([...promised].sort());
    expect(provided.flatMap(handlersOf)).toHaveLength(promised.length);
  });

  it('refuses two handlers for one event', () => {
    const [gateway] = provided.filter((each) => handlersOf(each).length > 0);
    expect(() => dispatcherOf([gateway!, gateway!])).toThrow(/two handlers for/);
  });
});

describe('nobody goes around the dispatcher', () => {
  const trees = sources.map((name) => ts.createSourceFile(name, readFileSync(join(src, name), 'utf8'), ts.ScriptTarget.Latest, true));
  const outside = trees.filter(({ fileName }) => !fileName.startsWith('platform/realtime/'));

  it('with a listener on a socket or server of Socket.IO', () => {
    expect(outside.flatMap(listenersOn)).toEqual([]);
    // The search finds those that are where they belong.
    expect(trees.flatMap(listenersOn).length).toBeGreaterThan(2);
  });

  it(`with Nest's own decorators`, () => {
    const decorators = ['WebSocketGateway', 'SubscribeMessage', 'WebSocketServer', 'ConnectedSocket', 'MessageBody'];
    const uses = outside.filter(({ text }) => new RegExp(`\\b(${decorators.join('|')})\\b`).test(text)).map(({ fileName }) => fileName);
    expect(uses).toEqual([]);
  });
});

/** Calls such as `socket.on(…)`, `socket.onAny(…)`, `server.use(…)`, in files that can have one of Socket.IO's in their hands. */
function listenersOn(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  if (!/from '(socket\.io|.*\/realtime\/.*|\.\/app-socket\.js)'/.test(tree.text)) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: target, name } = node.expression;
      const targetName = ts.isPropertyAccessExpression(target) ? target.name.text : target.getText(tree);
      if (/^(on|once|onAny|prependAny|use|addListener)$/.test(name.text) && /^(socket|server|io|namespace|nsp|sockets)$/.test(targetName)) {
        found.push(`${tree.fileName}: ${node.expression.getText(tree)}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
