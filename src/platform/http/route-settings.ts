import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyRequest } from 'fastify';

/** What is known of a route before its body is read, and before any handler is looked at. */
export interface RouteSettings {
  /** The media types of its body, where that is not just `application/json`. */
  readonly consumes?: readonly string[];
  /** It is open to callers without an access token. */
  readonly isPublic?: boolean;
}

/** Adds settings to a route; several decorators of one method add up. */
export function ConfigureRoute(settings: RouteSettings): MethodDecorator {
  return (target, key, descriptor) => {
    const known = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) as RouteSettings | undefined;
    RouteConfig({ ...known, ...settings })(target, key, descriptor);
  };
}

/** Of the route that serves the request; empty where there is none. */
export function routeSettings(request: Pick<FastifyRequest, 'routeOptions'>): RouteSettings {
  return settingsIn(request.routeOptions.config);
}

/** Those that a route is registered with. */
export function settingsIn(config: unknown): RouteSettings {
  return (config as RouteSettings | undefined) ?? {};
}
