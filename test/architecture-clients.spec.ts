import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrow, COMPUTED, findCycles, findLongFiles, readSources, type SourceFile, splitImports } from './support/source-files.js';

const root = join(import.meta.dirname, '..');
const MAX_LINES = 350;
/** As long as the API has routes. */
const GENERATED = ['rest/openapi.ts'];
/**
 * The constants of the wire, the rule of visible text, the tables of rights, and how pages change and look, which both sides must do alike. What else they share are schemas,
 * which would bring zod along: types alone.
 */
const SHARED_VALUES = ['protocol/limits.ts', 'protocol/one-line.ts', 'protocol/visible-text.ts', 'modules/rooms/rooms.policy.ts', 'modules/access/document.policy.ts', 'modules/pages/page.document.ts'];
const SHARED_FOLDERS = /^modules\/pages\/(document|look)\//;
const isShared = (name: string) => SHARED_VALUES.includes(name) || SHARED_FOLDERS.test(name);
const SHARED_TYPES = /^protocol\//;

/** What the SDK may bring to those who install it. */
const SDK_PACKAGES: { name: string; may: (from: string, isType: boolean) => boolean }[] = [
  { name: 'idb', may: () => true },
  { name: 'openapi-fetch', may: () => true },
  { name: 'socket.io-client', may: () => true },
  { name: 'react', may: (from) => from === 'react.ts' },
  { name: 'zod', may: (_from, isType) => isType },
];

const read = (folder: string, extensions: RegExp) => {
  const path = join(root, folder);
  const files = readSources(path, extensions);
  return { files, names: new Set(files.map(({ name }) => name)), ...splitImports(path, files) };
};
const client = read('client/src', /\.ts$/);
const web = read('web/src', /\.(ts|tsx|css)$/);
const server = read('src', /\.ts$/);

/** Files that nobody imports, other than where something starts. */
function findUnused({ files, own }: { files: SourceFile[]; own: { to: string }[] }, starts: string[]): string[] {
  const used = new Set([...own.map(({ to }) => to), ...starts]);
  return files.filter(({ name }) => !used.has(name) && !name.endsWith('.d.ts')).map(({ name }) => name);
}

const valuesOf = (own: { from: string; to: string; isType: boolean }[]) => own.filter(({ isType }) => !isType);

describe('the SDK', () => {
  it('is read whole', () => {
    expect(client.files.length).toBeGreaterThan(20);
    expect(client.own).toContainEqual({ from: 'index.ts', to: 'atrium-client.ts', isType: false });
    expect(client.files.filter(({ imports }) => imports.some(({ specifier }) => specifier === COMPUTED)).map(({ name }) => name)).toEqual([]);
  });

  it('knows of the server the types of its wire, and the few values that both sides share', () => {
    const foreign = client.own.filter(({ to }) => !client.names.has(to)).map(({ to, ...rest }) => ({ ...rest, to: to.replace('../../src/', '') }));
    expect(foreign.filter(({ to, isType }) => !isShared(to) && !(isType && SHARED_TYPES.test(to))).map(arrow)).toEqual([]);
  });

  it('gets nothing else along with them', () => {
    const shared = server.files.filter(({ name }) => isShared(name));
    expect(shared.map(({ name }) => name)).toEqual(expect.arrayContaining(SHARED_VALUES));
    expect(shared.flatMap(({ imports }) => imports.filter(({ isType, specifier }) => !isType && !specifier.startsWith('.')))).toEqual([]);
    expect(valuesOf(server.own).filter(({ from, to }) => isShared(from) && !isShared(to)).map(arrow)).toEqual([]);
  });

  it('needs few packages, and React only for its hooks', () => {
    const isAllowed = (each: { from: string; package: string; isType: boolean }) => SDK_PACKAGES.some(({ name, may }) => name === each.package && may(each.from, each.isType));
    expect(client.ofPackages.filter((each) => !isAllowed(each))).toEqual([]);
  });

  it('declares them', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'client', 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
    expect(Object.keys({ ...dependencies, ...peerDependencies }).sort()).toEqual(SDK_PACKAGES.map(({ name }) => name).sort());
    expect([...new Set(client.ofPackages.map((each) => each.package))].sort()).toEqual(SDK_PACKAGES.map(({ name }) => name).sort());
  });

  it('leaves its hooks to those who import them', () => {
    expect(client.own.filter(({ to }) => to === 'react.ts').map(arrow)).toEqual([]);
  });

  it('has no circles', () => {
    expect(findCycles(valuesOf(client.own))).toEqual([]);
  });

  it('has no file that nobody uses', () => {
    expect(findUnused(client, ['index.ts', 'look.ts', 'react.ts'])).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    expect(findLongFiles(client.files.filter(({ name }) => !GENERATED.includes(name)), MAX_LINES)).toEqual([]);
  });
});

describe('the web app', () => {
  it('is read whole', () => {
    expect(web.files.length).toBeGreaterThan(20);
    expect(web.own).toContainEqual({ from: 'main.tsx', to: 'app.tsx', isType: false });
  });

  it('uses the SDK as everybody can: by its entries, and nothing of the server', () => {
    expect(web.own.filter(({ to }) => !web.names.has(to)).map(arrow)).toEqual([]);
    const ours = web.ofPackages.filter((each) => each.package.startsWith('@atrium/')).map(({ specifier }) => specifier);
    expect([...new Set(ours)].sort()).toEqual(['@atrium/client', '@atrium/client/look', '@atrium/client/react']);
  });

  it('declares the packages that it uses, and uses those that it declares', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'web', 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
    const used = new Set(web.ofPackages.map((each) => each.package));
    expect([...used].filter((name) => !(name in devDependencies))).toEqual([]);
    const ofTheBuild = /^(@types\/.*|vite|@vitejs\/.*|emojibase-data)$/;
    expect(Object.keys(devDependencies).filter((name) => !used.has(name) && !ofTheBuild.test(name))).toEqual([]);
  });

  it('has no circles', () => {
    expect(findCycles(valuesOf(web.own))).toEqual([]);
  });

  it('has no file that nobody uses', () => {
    expect(findUnused(web, ['main.tsx', 'offline/service-worker.ts'])).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    expect(findLongFiles(web.files, MAX_LINES)).toEqual([]);
  });
});

describe('the server', () => {
  it('does not know its clients', () => {
    expect(server.own.filter(({ to }) => to.startsWith('..')).map(arrow)).toEqual([]);
    expect(server.ofPackages.filter(({ specifier }) => specifier.startsWith('@atrium/'))).toEqual([]);
  });
});
