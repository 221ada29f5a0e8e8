import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { arrow, COMPUTED, findCycles, findLongFiles, importsOf, packageOf, readSources, splitImports } from './support/source-files.js';

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');
const MAX_LINES = 350;

/** A lower layer knows nothing of a higher one. What stands directly in src/ assembles them all. */
const LAYERS = ['protocol', 'platform', 'journal', 'modules'];

/** A module imports modules of lower ranks only, and of its own rank only what is listed below. */
const RANKS: Record<string, number> = {
  users: 0,
  auth: 1,
  presence: 1,
  access: 1,
  channels: 1,
  workspaces: 2,
  collab: 2,
  rooms: 3,
  pages: 3,
  boards: 3,
  messages: 4,
  blocks: 4,
  search: 5,
  webhooks: 5,
};
const NEIGHBOURS: Record<string, string[]> = { access: ['channels'] };

/** Who may import what of the packages that would otherwise spread everywhere. Anything else may be imported anywhere but in protocol. */
const PACKAGES: { packages: RegExp; may: RegExp; why: string }[] = [
  { packages: /^typeorm$/, may: /^platform\/database\/|\.(entity|repository)\.ts$/, why: 'SQL and entities belong to repositories' },
  { packages: /^@nestjs\/typeorm$/, may: /^platform\/database\/|\.(repository|module)\.ts$/, why: 'SQL and entities belong to repositories' },
  { packages: /^pg$/, may: /^platform\/(database|bus)\/|^journal\/journal-connection\.ts$/, why: 'connections are opened in three places: pool, bus, journal' },
  { packages: /^(socket\.io.*|engine\.io.*|ws|@nestjs\/websockets|@nestjs\/platform-socket\.io)$/, may: /^platform\/realtime\//, why: 'modules know packets, not sockets' },
  { packages: /^prom-client$/, may: /^platform\/metrics\//, why: 'every metric is in one list' },
  { packages: /^(pino|pino-http|nestjs-pino)$/, may: /^platform\/logging\/|^app\.|^main\.ts$/, why: 'everyone else logs through Nest' },
  { packages: /^(passport.*|@nestjs\/(passport|jwt)|@node-rs\/argon2|jsonwebtoken|jose)$/, may: /^modules\/auth\//, why: 'authentication is one module' },
  { packages: /^(redis|ioredis)$/, may: /^platform\//, why: 'Redis is optional, and hidden behind interfaces' },
];

const files = readSources(src);
const names = new Set(files.map(({ name }) => name));
const { own: ownImports, ofPackages: packageImports } = splitImports(src, files);
const layerOf = (name: string) => (name.includes('/') ? LAYERS.indexOf(name.split('/')[0]!) : LAYERS.length);
const moduleOf = (name: string) => (name.startsWith('modules/') ? name.split('/')[1] : undefined);

describe('the reading of the sources', () => {
  it('sees all files and finds what they import', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(ownImports.filter(({ to }) => !names.has(to)).map(arrow), 'imports that lead nowhere').toEqual([]);
    expect(ownImports).toContainEqual({ from: 'main.ts', to: 'app.setup.ts', isType: false });
    expect(packageImports).toContainEqual({ from: 'platform/database/connection.ts', package: 'pg', specifier: 'pg', isType: false });
    // The binaries of PostgreSQL are a package for each platform.
    expect(files.filter(({ imports }) => imports.some(({ specifier }) => specifier === COMPUTED)).map(({ name }) => name)).toEqual(['platform/database/embedded-postgres-cluster.ts']);
  });

  it('understands every way to import', () => {
    const text = `import a from 'a'; import type { B } from 'b'; export * from 'c'; import 'd'; void import('e'); type F = import('f').F; export type { G } from 'g'; import { type H } from 'h'; void import(a);`;
    const found = importsOf(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true));
    expect(found.map(({ specifier }) => specifier)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', COMPUTED]);
    expect(found.filter(({ isType }) => isType).map(({ specifier }) => specifier)).toEqual(['b', 'f', 'g']);
    expect(['@a/b/c', 'd/e', 'node:fs/promises'].map(packageOf)).toEqual(['@a/b', 'd', 'node:fs/promises']);
  });
});

describe('layers', () => {
  it('are the only folders of src', () => {
    expect([...new Set(files.filter(({ name }) => name.includes('/')).map(({ name }) => name.split('/')[0]))].sort()).toEqual([...LAYERS].sort());
  });

  it('import only what is below them: protocol ← platform ← journal ← modules', () => {
    expect(ownImports.filter(({ from, to }) => layerOf(to) > layerOf(from)).map(arrow)).toEqual([]);
  });

  it('leave protocol to clients: it imports zod, and nothing else', () => {
    expect(packageImports.filter(({ from, package: name }) => layerOf(from) === 0 && name !== 'zod')).toEqual([]);
  });
});

describe('modules', () => {
  it('all have a rank', () => {
    const modules = new Set(files.flatMap(({ name }) => moduleOf(name) ?? []));
    expect([...modules].filter((module) => RANKS[module] === undefined)).toEqual([]);
  });

  it('import modules of lower ranks only', () => {
    const wrong = ownImports.filter(({ from, to }) => {
      const [importer, imported] = [moduleOf(from), moduleOf(to)];
      if (importer === undefined || imported === undefined || importer === imported) return false;
      return RANKS[imported]! >= RANKS[importer]! && !NEIGHBOURS[importer]?.includes(imported);
    });
    expect(wrong.map(arrow)).toEqual([]);
  });

  it('keep their entities and repositories to themselves', () => {
    const wrong = ownImports.filter(({ from, to }) => /\.(entity|repository)\.ts$/.test(to) && moduleOf(to) !== undefined && moduleOf(from) !== moduleOf(to));
    expect(wrong.map(arrow)).toEqual([]);
  });

  it('have transport that knows no storage', () => {
    const isTransport = (name: string) => /\.(controller|gateway)\.ts$/.test(name);
    expect(ownImports.filter(({ from, to }) => isTransport(from) && /\.(repository|entity)\.ts$|^platform\/database\/(?!database\.ts)/.test(to)).map(arrow)).toEqual([]);
    expect(ownImports.filter(({ to }) => isTransport(to) && !/\.module\.ts$/.test(to)).filter(({ from }) => !/\.module\.ts$/.test(from)).map(arrow)).toEqual([]);
  });
});

describe('packages', () => {
  it.each(PACKAGES)('$packages: $why', ({ packages, may }) => {
    expect(packageImports.filter(({ from, package: name }) => packages.test(name) && !may.test(from))).toEqual([]);
  });

  it('are declared, each of them', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    const used = new Set(packageImports.map(({ package: name }) => name).filter((name) => !name.startsWith('node:')));
    expect([...used].filter((name) => !(name in dependencies))).toEqual([]);
  });
});

describe('every file', () => {
  it('leaves the environment to where something starts; only the embedded PostgreSQL hands PATH on to the programs it starts', () => {
    const uses = files.flatMap(({ name, tree }) => environmentUses(tree).map((use) => `${name}: ${use}`));
    expect(uses.filter((use) => !/^(main|admin)\.ts: /.test(use))).toEqual([`platform/database/embedded-postgres-cluster.ts: process.env['PATH']`]);
  });

  it(`has at most ${MAX_LINES} lines`, () => {
    expect(findLongFiles(files, MAX_LINES)).toEqual([]);
  });

  it('is imported by its own name: no barrels, nothing passed on', () => {
    expect(files.filter(({ name }) => /(^|\/)index\.ts$/.test(name)).map(({ name }) => name)).toEqual([]);
    const passesOn = files.filter(({ tree }) => tree.statements.some((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier));
    expect(passesOn.map(({ name }) => name)).toEqual([]);
  });

  it('does without forwardRef, in code as in imports', () => {
    expect(files.filter(({ text }) => /\bforwardRef\b/.test(text)).map(({ name }) => name)).toEqual([]);
    expect(findCycles(ownImports)).toEqual([]);
  });

  it('is used by another, or is where something starts', () => {
    const used = new Set(ownImports.map(({ to }) => to));
    const isStart = (name: string) => name === 'main.ts' || name === 'admin.ts' || /^platform\/database\/migrations\//.test(name);
    expect(files.filter(({ name }) => !used.has(name) && !isStart(name)).map(({ name }) => name)).toEqual([]);
  });

  it('lets nobody else see a cycle either', () => {
    expect(findCycles([{ from: 'a', to: 'b' }, { from: 'b', to: 'c' }, { from: 'c', to: 'a' }, { from: 'd', to: 'a' }])).toEqual(['a → b → c → a']);
    expect(findCycles([{ from: 'a', to: 'b' }, { from: 'a', to: 'c' }, { from: 'b', to: 'c' }])).toEqual([]);
  });
});

function environmentUses(tree: ts.SourceFile): string[] {
  const uses: string[] = [];
  const isEnv = (node: ts.Node) => ts.isPropertyAccessExpression(node) && node.name.text === 'env' && node.expression.getText() === 'process';
  const visit = (node: ts.Node): void => {
    if (isEnv(node)) uses.push(ts.isElementAccessExpression(node.parent) || ts.isPropertyAccessExpression(node.parent) ? node.parent.getText() : node.getText());
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return uses;
}
