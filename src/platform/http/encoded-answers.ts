import type { FastifyInstance } from 'fastify';
import { EncodedJson } from '../realtime/encoded-json.js';

/** Routes may answer with JSON that is text already, which is passed on as it is; interceptors see it on its way like any other answer. */
export function answerEncodedJson(fastify: FastifyInstance): void {
  fastify.setReplySerializer((answer) => (answer instanceof EncodedJson ? answer.text : JSON.stringify(answer)));
}
