import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const PAGE = 'index.html';
/** Keeps the app on the device. */
const SERVICE_WORKER = 'sw.js';
/** Where the build puts what carries a hash of its content in its name. */
const HASHED = 'assets';
const ASSET_NAME = /^[\w-][\w.-]*$/;
/** Stored beside the originals by the build; nobody asks for them by name. */
const COMPRESSED = /\.(?:br|gz)$/;

/**
 * What a page may do: run and fetch what comes from here, and show images from anywhere, since messages carry their addresses; the app asks before
 * it does (web/src/images).
 * No inline script or style, no eval, no frame on either side, no form that leaves the page.
 */
const PAGE_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `worker-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data: https: http:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `manifest-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** What the service worker fetches: the files of the app. */
const SERVICE_WORKER_POLICY = `default-src 'none'; script-src 'self'; connect-src 'self'`;

const PAGE_PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'].map((feature) => `${feature}=()`).join(', ');

export interface WebAppOptions {
  /** The folder that the build has written. */
  root: string;
  /** First segments of paths that belong to the server: below them an unknown path is an error, never a page. */
  reserved: ReadonlySet<string>;
  /** Below which browsers see the server, such as `/team/chat`; empty for none. */
  basePath: string;
}

export function isWebAppBuilt(root: string): boolean {
  return existsSync(join(root, PAGE));
}

/**
 * Serves a single-page application: its files, and its page for whatever address a browser navigates to, since the page knows
 * the addresses itself. What is neither gets the same answer as without it.
 */
export async function serveWebApp(fastify: FastifyInstance, { root, reserved, basePath }: WebAppOptions): Promise<void> {
  await fastify.register(fastifyStatic, {
    root,
    serve: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    acceptRanges: false, // Nothing here is worth resuming.
    setHeaders: (reply: FastifyReply, path) => describeFile(reply, relative(root, path)),
  });
  const serve = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) => fastify.route({ method: ['GET', 'HEAD'], url, handler });

  for (const file of listPublicFiles(root)) serve(`/${file}`, (_request, reply) => reply.sendFile(file));
  // By name and not from a list: a page that is open while a newer build replaces this one finds that build's files, too.
  serve(`/${HASHED}/:file`, (request, reply) => {
    const { file } = request.params as { file: string };
    return ASSET_NAME.test(file) && !COMPRESSED.test(file) ? reply.sendFile(`${HASHED}/${file}`) : reply.callNotFound();
  });
  serve('/*', (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    const isPage = path === '' || (acceptsPages(request) && !isReserved(path));
    if (!isPage) return reply.callNotFound();
    return basePath === '' ? reply.sendFile(PAGE) : sendPageBelow(reply, join(root, PAGE), basePath);
  });

  function isReserved(path: string): boolean {
    const [first] = path.split('/', 1);
    return first === HASHED || reserved.has(first!);
  }
}

/** The page names its files, and where the app begins, by paths from the root. Scripts and styles name each other relatively. */
async function sendPageBelow(reply: FastifyReply, file: string, basePath: string): Promise<FastifyReply> {
  const page = await readFile(file, 'utf8');
  describeFile(reply, PAGE);
  return reply.type('text/html; charset=utf-8').send(page.replace(/( (?:src|href|content)=")\/(?!\/)/g, `$1${basePath}/`));
}

/** Browsers say so when they navigate; their scripts, and programs, ask for anything. */
function acceptsPages(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}

/** Set only on what is really sent: a 404 must not be kept for a year. */
function describeFile(reply: FastifyReply, file: string): void {
  const name = file.replace(COMPRESSED, '');
  if (file.startsWith(HASHED + sep)) {
    void reply.header('cache-control', 'public, max-age=31536000, immutable');
  } else if (name === SERVICE_WORKER) {
    void reply.headers({ 'cache-control': 'no-cache', 'content-security-policy': SERVICE_WORKER_POLICY });
  } else if (basename(name) === PAGE) {
    void reply.headers({ 'cache-control': 'no-cache', 'content-security-policy': PAGE_POLICY, 'permissions-policy': PAGE_PERMISSIONS });
  } else {
    void reply.header('cache-control', 'public, max-age=3600');
  }
}

/** Icons and the like, which keep their names: paths relative to the root. */
function listPublicFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep))
    .filter((segments) => segments[0] !== HASHED && !segments.some((segment) => segment.startsWith('.')))
    .map((segments) => segments.join('/'))
    .filter((file) => file !== PAGE && !COMPRESSED.test(file));
}
