import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { endPrograms, JWT_SECRET, runProgram } from '../support/program.js';

const repository = join(import.meta.dirname, '..', '..');
const BUILT = join(repository, 'dist');
const PAGE = '<!doctype html><title>Atrium</title><script type="module" src="/assets/index-C0ffee12.js"></script>';
const SCRIPT = `export const words = ${JSON.stringify(Array.from({ length: 500 }, (_, i) => `word ${i}`))};\n`;
/** JavaScript before the first screen, compressed. */
const MAX_FIRST_LOAD_BYTES = 265_000;
const WORKER = 'addEventListener("fetch", () => undefined);';
const ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>';
/** What browsers send when they navigate. */
const NAVIGATION = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** Of the bundler's manifest. */
interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}

let database: TestDatabase;
let directory: string;
let origin: string;

beforeAll(async () => {
  database = await createDatabase();
  directory = await mkdtemp(join(tmpdir(), 'atrium-web-app-'));
  origin = await start(await install('with-app', writeApp)).ready;
});

afterAll(async () => {
  await endPrograms();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const start = (main: string, env: Record<string, string> = {}) => runProgram({ NODE_ENV: 'test', DATABASE_URL: database.url, JWT_SECRET, RATE_LIMITS: 'off', ...env }, main);

/** The built server in a place of its own, beside whatever web app `build` puts there. Answers with its program. */
async function install(name: string, build: (dist: string) => Promise<void> = () => Promise.resolve()): Promise<string> {
  const place = join(directory, name);
  await cp(join(BUILT, 'src'), join(place, 'dist', 'src'), { recursive: true });
  await cp(join(repository, 'package.json'), join(place, 'package.json'));
  await symlink(join(repository, 'node_modules'), join(place, 'node_modules'));
  await build(join(place, 'dist'));
  return join(place, 'dist', 'src', 'main.js');
}

/** A web app of three files, as the build lays them out. */
async function writeApp(dist: string): Promise<void> {
  await mkdir(join(dist, 'web', 'assets'), { recursive: true });
  const write = (file: string, content: string | Buffer) => writeFile(join(dist, 'web', file), content);
  await write('index.html', PAGE);
  await write('favicon.svg', ICON);
  await write('.hidden', 'hidden');
  await write('sw.js', WORKER);
  await write('assets/index-C0ffee12.js', SCRIPT);
  await write('assets/index-C0ffee12.js.br', brotliCompressSync(SCRIPT));
  await write('assets/index-C0ffee12.js.gz', gzipSync(SCRIPT));
}

/** As it stands on the wire: fetch would tidy the path up, and forbid every cache when it is given a condition. */
async function sendRaw(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; body: string }> {
  const { port } = new URL(origin);
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers }).end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, body: await text(answer) };
}

async function expectNotFound(answer: Response): Promise<void> {
  expect([answer.url, answer.status]).toEqual([answer.url, 404]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-security-policy')).toBe(`default-src 'none'; frame-ancestors 'none'`);
  expect(await answer.json()).toMatchObject({ status: 404, code: 'NOT_FOUND', requestId: answer.headers.get('x-request-id') });
}

describe('the page', () => {
  it('is at /, whoever asks', async () => {
    for (const headers of [NAVIGATION, {}]) {
      const answer = await fetch(origin, { headers });
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/html; charset=utf-8', PAGE]);
    }
  });

  it.each(['/login', '/rooms/019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77', '/rooms/x/', '/rooms/世界?before=7', '/apiary', '/documents', '/index.html'])('is at %s for browsers, and not for programs', async (path) => {
    const page = await fetch(origin + path, { headers: NAVIGATION });
    expect([page.status, await page.text()]).toEqual([200, PAGE]);
    await expectNotFound(await fetch(origin + path));
    await expectNotFound(await fetch(origin + path, { headers: { accept: 'application/json' } }));
  });

  it('is asked for again each time, and sent only when it has changed', async () => {
    const first = await fetch(`${origin}/login`, { headers: NAVIGATION });
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag')!;
    const known = await sendRaw('/rooms/x', { ...NAVIGATION, 'if-none-match': etag });
    const changed = await sendRaw('/rooms/x', { ...NAVIGATION, 'if-none-match': 'W/"another"' });
    expect([known, changed]).toEqual([{ status: 304, body: '' }, { status: 200, body: PAGE }]);
  });

  it('may run what comes from here, and nothing else', async () => {
    const { headers } = await fetch(origin, { headers: NAVIGATION });
    const policy = Object.fromEntries(headers.get('content-security-policy')!.split('; ').map((directive) => directive.split(/ (.*)/s) as [string, string]));
    expect(policy).toEqual({
      'default-src': `'none'`,
      'script-src': `'self'`,
      'worker-src': `'self'`,
      'style-src': `'self'`,
      'img-src': `'self' data: https: http:`,
      'font-src': `'self'`,
      'connect-src': `'self'`,
      'manifest-src': `'self'`,
      'base-uri': `'none'`,
      'form-action': `'none'`,
      'frame-ancestors': `'none'`,
    });
    expect(headers.get('permissions-policy')).toContain('camera=(), ');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });
});

describe('files', () => {
  it('with a hash in their name may be kept for ever, others for an hour', async () => {
    const script = await fetch(`${origin}/assets/index-C0ffee12.js`);
    expect([script.status, script.headers.get('cache-control'), await script.text()]).toEqual([200, 'public, max-age=31536000, immutable', SCRIPT]);
    expect(script.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    const icon = await fetch(`${origin}/favicon.svg`, { headers: NAVIGATION });
    expect([icon.status, icon.headers.get('cache-control'), icon.headers.get('content-type'), await icon.text()]).toEqual([200, 'public, max-age=3600', 'image/svg+xml', ICON]);
  });

  it('that keep the app on the device are asked for again each time, and may fetch what comes from here', async () => {
    const worker = await fetch(`${origin}/sw.js`);
    expect([worker.status, worker.headers.get('cache-control'), await worker.text()]).toEqual([200, 'no-cache', WORKER]);
    expect(worker.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(worker.headers.get('content-security-policy')).toBe(`default-src 'none'; script-src 'self'; connect-src 'self'`);
  });

  it.each([
    ['br', 'gzip, deflate, br', brotliCompressSync(SCRIPT).length],
    ['gzip', 'gzip', gzipSync(SCRIPT).length],
    [undefined, 'identity', SCRIPT.length],
  ])('come as the build compressed them: %s for “%s”', async (encoding, accepted, length) => {
    const head = await fetch(`${origin}/assets/index-C0ffee12.js`, { method: 'HEAD', headers: { 'accept-encoding': accepted } });
    expect(head.headers.get('content-encoding') ?? undefined).toBe(encoding);
    expect(head.headers.get('content-length')).toBe(String(length));
    expect(head.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(head.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    const full = await fetch(`${origin}/assets/index-C0ffee12.js`, { headers: { 'accept-encoding': accepted } });
    expect(await full.text()).toBe(SCRIPT);
  });

  it('are answered to HEAD without a body', async () => {
    expect(await sendRaw('/', NAVIGATION, 'HEAD')).toEqual({ status: 200, body: '' });
    expect(await sendRaw('/rooms/x', NAVIGATION, 'HEAD')).toEqual({ status: 200, body: '' });
    expect(await sendRaw('/favicon.svg', {}, 'HEAD')).toEqual({ status: 200, body: '' });
    expect((await sendRaw('/assets/gone-C0ffee12.js', NAVIGATION, 'HEAD')).status).toBe(404);
  });

  it('are sent whole, whatever range is asked for', async () => {
    const answer = await fetch(`${origin}/favicon.svg`, { headers: { range: 'bytes=99999-' } });
    expect([answer.status, await answer.text()]).toEqual([200, ICON]);
  });

  it('of a newer build are found without a new start, as an open page needs them', async () => {
    const assets = join(directory, 'with-app', 'dist', 'web', 'assets');
    await writeFile(join(assets, 'draft'), 'export {};');
    await rename(join(assets, 'draft'), join(assets, 'newer-C0ffee13.js'));
    expect((await fetch(`${origin}/assets/newer-C0ffee13.js`)).status).toBe(200);
  });
});

describe('what is not a page', () => {
  it.each(['/assets/gone-C0ffee12.js', '/assets/', '/assets', '/assets/deep/er.js', '/assets/index-C0ffee12.js.br', '/assets/index-C0ffee12.js.gz', '/api/v1/nowhere', '/api', '/api/v2/rooms', '/yjs/x', '/health/x'])(
    'is not found, even by a browser: %s',
    async (path) => {
      await expectNotFound(await fetch(origin + path, { headers: NAVIGATION }));
    },
  );

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is not found by %s', async (method) => {
    for (const path of ['/', '/rooms/x', '/favicon.svg']) await expectNotFound(await fetch(origin + path, { method, headers: NAVIGATION }));
  });

  it('keeps its own answer: the API, its description, health', async () => {
    expect((await fetch(`${origin}/api/v1/auth/me`, { headers: NAVIGATION })).status).toBe(401);
    for (const path of ['/openapi.json', '/asyncapi.json', '/livez', '/docs']) {
      const answer = await fetch(origin + path, { headers: NAVIGATION });
      expect([path, answer.status, (await answer.text()) === PAGE]).toEqual([path, 200, false]);
    }
    expect((await fetch(`${origin}/docs/nowhere.js`, { headers: NAVIGATION })).status).toBe(404);
  });

  it.each([
    '/..%2f..%2fpackage.json', '/../../package.json', '/%2e%2e/%2e%2e/package.json', '/..%5c..%5cpackage.json', '//package.json', '/.hidden', '/%2ehidden', '/assets/../../package.json', '/assets/..%2f..%2fpackage.json',
    '/assets/..%2findex.html', '/assets/%2e%2e/favicon.svg', '/assets/..', '/assets/.', '/assets/index-C0ffee12.js%00', '/assets/index-C0ffee12.js%00.css', '/assets//index-C0ffee12.js', '/assets/../../src/main.js', '/web/index.html', '/src/main.js', '/package.json',
  ])('cannot be reached beside the app: %s', async (path) => {
    const asked = await sendRaw(path);
    expect([400, 404]).toContain(asked.status);
    expect(JSON.parse(asked.body)).toMatchObject({ status: asked.status });
    const navigated = await sendRaw(path, NAVIGATION);
    if (navigated.status === 200) expect(navigated.body).toBe(PAGE);
    else expect(JSON.parse(navigated.body)).toMatchObject({ status: navigated.status });
  });

  it('stays an answer of ours for names of any kind and length', async () => {
    for (const name of [randomBytes(3_000).toString('hex'), '%ff', '%', 'a'.repeat(300), '~', 'a b', '世界.js']) {
      const { status, body } = await sendRaw(`/assets/${encodeURI(name).replaceAll('%25', '%')}`);
      expect([name, [400, 404].includes(status)]).toEqual([name, true]);
      expect(JSON.parse(body)).toMatchObject({ status });
    }
  });
});

describe('without a web app', () => {
  const landing = async (at: string) => {
    const answer = await fetch(at, { headers: NAVIGATION, redirect: 'manual' });
    return [answer.status, answer.headers.get('location')];
  };

  it('a server that was built alone leads to the documentation', async () => {
    const program = start(await install('alone'));
    expect(await landing(await program.ready)).toEqual([302, '/docs']);
    await expectNotFound(await fetch(`${await program.ready}/login`, { headers: NAVIGATION }));
    expect(program.output()).not.toContain('Web app');
  });

  it('so does a process that does not serve the API', async () => {
    const program = start(join(directory, 'with-app', 'dist', 'src', 'main.js'), { ROLES: 'realtime' });
    expect(await landing(await program.ready)).toEqual([302, '/docs']);
    await expectNotFound(await fetch(`${await program.ready}/assets/index-C0ffee12.js`));
  });
});

describe('the app as it was built', () => {
  let at: string;
  const files = async (folder: string) => (await readdir(join(BUILT, 'web', folder), { withFileTypes: true })).filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name)).map(({ name }) => name);

  beforeAll(async () => {
    const program = start(join(BUILT, 'src', 'main.js'));
    at = await program.ready;
    expect(program.output()).toMatch(new RegExp(`Web app +http://localhost:${new URL(at).port}$`, 'm'));
  });

  it('is served whole', async () => {
    const assets = await files('assets');
    expect(assets.length).toBeGreaterThan(1);
    for (const name of assets) {
      const answer = await fetch(`${at}/assets/${encodeURIComponent(name)}`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(Buffer.from(await answer.arrayBuffer()).equals(await readFile(join(BUILT, 'web', 'assets', name))), name).toBe(true);
    }
  });

  it('has a page that its policy lets run, all of whose files are there', async () => {
    const page = (await (await fetch(at, { headers: NAVIGATION })).text()).replace(/<!--.*?-->/gs, '');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|\sstyle=/);
    const references = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference!);
    expect(references.some((reference) => /^\/assets\/[\w-]+\.js$/.test(reference))).toBe(true);
    for (const reference of references) {
      const answer = await fetch(new URL(reference, at));
      expect([reference, answer.status, answer.headers.get('content-type')?.startsWith('text/html')]).toEqual([reference, 200, false]);
    }
  });

  it('is kept on the device by a worker that knows all of its files, and no others', async () => {
    const worker = await (await fetch(`${at}/sw.js`)).text();
    for (const name of await files('assets')) expect(worker, name).toContain(`assets/${name}`);
    for (const name of (await files('.')).filter((each) => !['index.html', 'sw.js'].includes(each))) expect(worker, name).toContain(name);
    expect(worker).not.toMatch(/api\/v1|socket\.io|emoji\//);
  });

  it(`shows any first screen after less than ${MAX_FIRST_LOAD_BYTES} bytes of JavaScript`, async () => {
    const manifest = JSON.parse(await readFile(join(BUILT, 'web', '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>;
    const lazyOf = (key: string) => manifest[key]!.dynamicImports ?? [];
    const bytesOf = async (keys: string[]) => {
      const loaded = new Set(keys);
      // The loop also visits what is added on the way.
      for (const key of loaded) manifest[key]!.imports?.forEach((imported) => loaded.add(imported));
      const sizes = await Promise.all([...loaded].map(async (key) => gzipSync(await readFile(join(BUILT, 'web', manifest[key]!.file))).length));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    expect(Object.keys(manifest).filter((key) => manifest[key]!.isEntry)).toEqual(['index.html']);
    // An address leads to a page, which is loaded when it is needed, and at most to one such part of it.
    const screens = [['index.html'], ...lazyOf('index.html').flatMap((page) => [['index.html', page], ...lazyOf(page).map((part) => ['index.html', page, part])])];
    const sizes = await Promise.all(screens.map(async (screen) => ({ screen: screen.join(' + '), bytes: await bytesOf(screen) })));
    expect(sizes.filter(({ bytes }) => bytes >= MAX_FIRST_LOAD_BYTES)).toEqual([]);
  });

  it('comes compressed', async () => {
    for (const name of (await files('assets')).filter((each) => /\.(js|css)$/.test(each))) {
      const plain = (await readFile(join(BUILT, 'web', 'assets', name))).length;
      if (plain < 2_048) continue;
      for (const encoding of ['br', 'gzip']) {
        const { headers } = await fetch(`${at}/assets/${name}`, { method: 'HEAD', headers: { 'accept-encoding': encoding } });
        expect([name, headers.get('content-encoding'), Number(headers.get('content-length')) < plain]).toEqual([name, encoding, true]);
      }
    }
  });
});
