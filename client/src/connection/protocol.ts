import type { output } from 'zod';
import type { CLIENT_EVENTS, SERVER_EVENTS } from '../../../src/protocol/events.js';

type ClientEvents = typeof CLIENT_EVENTS;
type ServerEvents = typeof SERVER_EVENTS;

/** Names of the events that a client sends. */
export type ClientEventName = ClientEvents[keyof ClientEvents]['name'];
type ClientEventOf<N extends ClientEventName> = Extract<ClientEvents[keyof ClientEvents], { name: N }>;
export type BodyOf<N extends ClientEventName> = output<ClientEventOf<N>['body']>;
export type AckOf<N extends ClientEventName> = output<ClientEventOf<N>['ack']>;

/** Names of the events that the server sends. */
export type ServerEventName = ServerEvents[keyof ServerEvents]['name'];
export type PayloadOf<N extends ServerEventName> = output<Extract<ServerEvents[keyof ServerEvents], { name: N }>['body']>;
