import { applyDecorators, SetMetadata } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { z } from 'zod';
import type { ClientEvent } from '../../protocol/events.js';
import type { AppSocket } from './app-socket.js';
import type { EncodedJson } from './encoded-json.js';

export const GATEWAY = 'atrium:gateway';
export const HANDLES = 'atrium:handles';

/**
 * The one decorator of every socket gateway. Its handlers run behind the event dispatcher: identity, limits, schema, error answers,
 * metrics. (Nest's own guards, pipes and filters cost 10 µs an event and do not reach all errors; see docs/architecture.md.)
 */
export const Gateway = (): ClassDecorator => applyDecorators(WebSocketGateway(), SetMetadata(GATEWAY, true));

/** A handler of `event`: gets the socket and the parsed body, and returns (or resolves to) the `data` of the ack. */
export function Handles<B extends z.ZodType, A extends z.ZodType>(event: ClientEvent<B, A>) {
  return <M extends (socket: AppSocket, body: z.output<B>) => Answer<z.input<A> | EncodedJson>>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>): void => {
    SubscribeMessage(event.name)(target, key, descriptor);
    SetMetadata(HANDLES, event)(target, key, descriptor);
  };
}

type Answer<T> = T | Promise<T>;
