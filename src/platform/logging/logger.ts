import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import { type Logger, type LoggerOptions, pino } from 'pino';

const REDACTED = ['req.headers.authorization', 'req.headers.cookie', 'req.headers["idempotency-key"]', 'res.headers["set-cookie"]', '*.password', '*.token', '*.refreshToken', '*.accessToken', '*.deviceToken'];
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** JSON, one line an event; on a terminal the same for people. */
export function createLogger(level: string): Logger {
  const options: LoggerOptions = { level, redact: { paths: REDACTED, censor: '[redacted]' }, hooks: { logMethod: quietFramework } };
  if (!process.stdout.isTTY) return pino(options);
  return pino({ ...options, transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname,context', messageFormat: '{context} {msg}' } } });
}

/** What Nest tells while it puts the application together is for those who debug that. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'WebSocketsController', 'NestFactory', 'NestApplication']);
const INFO = 30;

const quietFramework: NonNullable<LoggerOptions['hooks']>['logMethod'] = function (args, log, level) {
  const [first] = args as unknown[];
  const context = typeof first === 'object' && first !== null ? (first as { context?: string }).context : undefined;
  if (level === INFO && context !== undefined && ASSEMBLY.has(context)) this.debug(...args);
  else log.apply(this, args);
};

/** The id under which a request appears in logs and answers: the proxy's, when it is harmless, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Requests are logged without bodies, headers or queries: what is private stays out of the logs. */
export function httpLogging(logger: Logger): Params {
  return {
    pinoHttp: {
      logger,
      quietReqLogger: true,
      genReqId: (request) => request.id,
      autoLogging: { ignore: (request) => isOperational(request.url) },
      customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) => (error || response.statusCode >= 500 ? 'error' : 'debug'),
      serializers: {
        req: (request: { method: string; url: string }) => ({ method: request.method, path: loggedPath(request.url) }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
    },
  };
}

/** What follows `/invite/` or `/invites/` is a token, and opens a door; unless it is the id of an invite, which opens nothing. */
const INVITE_TOKEN = /(\/invites?\/)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\/|$))[^/]+/i;

/** A URL without its query and without secrets. */
export function loggedPath(url: string): string {
  return url.split('?', 1)[0]!.replace(INVITE_TOKEN, '$1[redacted]');
}

function isOperational(url: string | undefined): boolean {
  return url === '/livez' || url === '/readyz' || url === '/metrics';
}
