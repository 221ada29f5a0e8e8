import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Stands for `import(expression)`. */
export const COMPUTED = '<computed>';

export interface Import {
  /** As it is written. */
  specifier: string;
  /** Leaves nothing behind when it is compiled. */
  isType: boolean;
}

export interface SourceFile {
  /** Relative to the folder, with slashes. */
  name: string;
  text: string;
  tree: ts.SourceFile;
  imports: Import[];
}

export interface OwnImport {
  from: string;
  /** Relative to the folder of `from`, so one that leads out begins with `..`. */
  to: string;
  isType: boolean;
}

export interface PackageImport {
  from: string;
  package: string;
  specifier: string;
  isType: boolean;
}

/** What a folder consists of, tests and what only they use aside. */
export function readSources(folder: string, extensions = /\.ts$/): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => extensions.test(name) && !/\.(spec|fixture)\.tsx?$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, name.endsWith('.tsx') ? ts.ScriptKind.TSX : undefined);
      return { name, text, tree, imports: /\.tsx?$/.test(name) ? importsOf(tree) : [] };
    });
}

/** Of `import`, `export from`, `import()` and `import('…').Type`. */
export function importsOf(tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) found.push({ specifier: textOf(node.moduleSpecifier), isType: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword });
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) found.push({ specifier: textOf(node.moduleSpecifier), isType: node.isTypeOnly });
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) found.push({ specifier: textOf(node.arguments[0]), isType: false });
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) found.push({ specifier: textOf(node.argument.literal), isType: true });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const textOf = (node: ts.Node | undefined) => (node && ts.isStringLiteral(node) ? node.text : COMPUTED);

/** The imports of files, as those that stay among ours and those of packages. */
export function splitImports(folder: string, files: SourceFile[]): { own: OwnImport[]; ofPackages: PackageImport[] } {
  const all = files.flatMap(({ name: from, imports }) => imports.map((each) => ({ from, ...each })));
  const own = all.filter(({ specifier }) => specifier.startsWith('.')).map(({ from, specifier, isType }) => ({ from, to: resolveOwn(folder, from, specifier), isType }));
  const ofPackages = all
    .filter(({ specifier }) => !specifier.startsWith('.') && specifier !== COMPUTED)
    .map(({ from, specifier, isType }) => ({ from, package: packageOf(specifier), specifier, isType }));
  return { own, ofPackages };
}

/** `./a.js` is written for a.ts or a.tsx; `./a.svg?url` for a.svg. */
function resolveOwn(folder: string, from: string, specifier: string): string {
  const written = resolve(folder, dirname(from), specifier.replace(/\?.*$/, ''));
  const candidates = [written.replace(/\.js$/, '.ts'), written.replace(/\.js$/, '.tsx'), written];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  return relative(folder, found ?? candidates[0]!).replaceAll('\\', '/');
}

/** `@scope/name/sub` → `@scope/name`; `node:fs/promises` stays. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export const arrow = ({ from, to }: { from: string; to: string }) => `${from} → ${to}`;

/** Files of more lines than one reads in one go, as `name: lines`. */
export function findLongFiles(files: SourceFile[], maxLines: number): string[] {
  return files.map(({ name, text }) => ({ name, lines: text.replace(/\n$/, '').split('\n').length })).filter(({ lines }) => lines > maxLines).map(({ name, lines }) => `${name}: ${lines}`);
}

/** Every import that closes a circle, with the circle. */
export function findCycles(edges: { from: string; to: string }[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (name: string, path: string[]): void => {
    const start = path.indexOf(name);
    if (start >= 0) return void cycles.push([...path.slice(start), name].join(' → '));
    if (done.has(name)) return;
    for (const to of next.get(name) ?? []) visit(to, [...path, name]);
    done.add(name);
  };
  for (const name of next.keys()) visit(name, []);
  return cycles;
}
