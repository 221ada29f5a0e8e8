import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const COPIED = ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

/** Stands for the product: says what runs it, counts SIGTERMs, and ends on SIGHUP with their number. */
const PRODUCT = `
let terms = 0;
process.on('SIGTERM', () => console.log('SIGTERM', ++terms));
process.on('SIGHUP', () => process.exit(40 + terms));
setInterval(() => undefined, 60_000);
console.log('up', process.execPath, process.argv[2] ?? '');
`;

/** Stands for the web app; says for what it was built. */
const PAGE = '<!doctype html><title>App</title><script type="module" src="/src/main.tsx"></script>';
const APP = 'document.title = `built for ${process.env.NODE_ENV}`;\n';

let project: string;
let children: ChildProcess[];

beforeAll(async () => {
  const { isInstalled } = (await import(join(repository, 'scripts', 'lib', 'install.mjs'))) as { isInstalled: (root: string) => boolean };
  expect(isInstalled(repository), 'node_modules matches package-lock.json (run npm ci)').toBe(true);
});

/** A project with the real commands and a tiny product, so that what is tested is the commands. */
beforeEach(async () => {
  children = [];
  project = await realpath(await mkdtemp(join(tmpdir(), 'atrium-start-')));
  for (const name of COPIED) await cp(join(repository, name), join(project, name), { recursive: true });
  await mkdir(join(project, 'web', 'src'), { recursive: true });
  for (const name of ['node_modules', 'web/node_modules']) await symlink(join(repository, name), join(project, name));
  await mkdir(join(project, 'src'));
  await writeFile(join(project, 'src', 'main.ts'), PRODUCT);
  await writeFile(join(project, 'web', 'index.html'), PAGE);
  await writeFile(join(project, 'web', 'src', 'main.tsx'), APP);
});

afterEach(async () => {
  for (const child of children) await end(child, 'SIGHUP');
  await rm(project, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  output: () => string;
  /** Resolves with the first line that matches; rejects with everything said when the command ends before. */
  line: (pattern: RegExp) => Promise<string>;
}

function run(program: string, args: string[]): Run {
  const env = { ...process.env, TMPDIR: project }; // The setup lock shall go with the project.
  const child = spawn(program, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  const lines: string[] = [];
  const readers = [child.stdout, child.stderr].map((input) => createInterface({ input }));
  for (const reader of readers) {
    reader.on('line', (line) => {
      lines.push(line);
      said += `${line}\n`;
    });
  }
  const line = (pattern: RegExp) => awaitLine(child, readers, lines, pattern);
  return { child, output: () => said, line };
}

function awaitLine(child: ChildProcess, readers: Interface[], lines: string[], pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (line: string) => void (pattern.test(line) && resolve(line));
    lines.forEach(look);
    for (const reader of readers) reader.on('line', look);
    child.once('close', () => reject(new Error(`Ended without ${String(pattern)}:\n${lines.join('\n')}`)));
  });
}

const start = (...args: string[]) => run(process.execPath, ['scripts/start.mjs', ...args]);

/** The only script of the built web app. */
async function builtApp(): Promise<string> {
  const assets = join(project, 'dist', 'web', 'assets');
  const [script] = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  return readFile(join(assets, script!), 'utf8');
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  return exitCodeOf(child);
}

describe('npm start', () => {
  it('builds once, then starts without building, on the Node.js of the dependencies, with its arguments', async () => {
    const first = start();
    await first.line(/^up/);
    expect(first.output()).toContain('Building');
    await end(first.child, 'SIGHUP');

    const second = start('--argument');
    expect(await second.line(/^up/)).toMatch(new RegExp(`^up ${process.execPath.replace(/.*node_modules/, '.*node_modules')} --argument`));
    expect(second.output()).not.toContain('Building');
  });

  it('builds again when a source has changed, and keeps the last good build when that fails', async () => {
    const first = start();
    await first.line(/^up/);
    await end(first.child, 'SIGHUP');
    const main = join(project, 'src', 'main.ts');

    await appendFile(main, 'const wrong: number = "text";\n');
    const failed = start();
    await failed.line(/The build failed/);
    expect(await exitCodeOf(failed.child)).toBe(1);
    expect(failed.output()).toContain("Type 'string' is not assignable to type 'number'");
    expect(await readFile(join(project, 'dist', 'src', 'main.js'), 'utf8')).not.toContain('wrong');

    await writeFile(main, PRODUCT.replace("'up'", "'up again'"));
    await start().line(/^up again/);
  });

  it('builds the web app beside the server, for production whatever the server runs as', async () => {
    await start().line(/^up/);
    expect(await builtApp()).toContain('built for production');
    expect(await readFile(join(project, 'dist', 'web', 'index.html'), 'utf8')).toMatch(/src="\/assets\/[\w-]+\.js"/);
  });

  it('builds again when the web app has changed, and shows what is wrong with it beside what is wrong with the server', async () => {
    const first = start();
    await first.line(/^up/);
    await end(first.child, 'SIGHUP');
    const app = join(project, 'web', 'src', 'main.tsx');

    await writeFile(app, "import './nowhere.js';\n");
    await appendFile(join(project, 'src', 'main.ts'), 'const wrong: number = "text";\n');
    const failed = start();
    await failed.line(/The build failed \(server, web app\)/);
    expect(await exitCodeOf(failed.child)).toBe(1);
    expect(failed.output()).toContain('./nowhere.js');
    expect(failed.output()).toContain("Type 'string' is not assignable to type 'number'");
    expect(await builtApp()).toContain('built for');

    await writeFile(app, APP.replace('built', 'built again'));
    await writeFile(join(project, 'src', 'main.ts'), PRODUCT);
    await start().line(/^up/);
    expect(await builtApp()).toContain('built again for');
  });

  it('builds the SDK too, with its types, and again when it is gone', async () => {
    const client = join(project, 'client');
    await mkdir(join(client, 'src'), { recursive: true });
    for (const name of ['package.json', 'vite.config.ts', 'tsconfig.json', 'tsconfig.build.json']) await cp(join(repository, 'client', name), join(client, name));
    for (const name of ['index', 'react', 'look']) await writeFile(join(client, 'src', `${name}.ts`), `export const ${name} = 'built';\n`);
    const first = start();
    await first.line(/^up/);
    await end(first.child, 'SIGHUP');
    const { index } = (await import(join(client, 'dist', 'index.js'))) as { index: string };
    expect(index).toBe('built');
    expect(await readFile(join(client, 'dist', 'types', 'client', 'src', 'index.d.ts'), 'utf8')).toContain('index');

    await rm(join(client, 'dist'), { recursive: true });
    const again = start();
    await again.line(/^up/);
    expect(await readdir(join(client, 'dist'))).toContain('react.js');
    await end(again.child, 'SIGHUP');

    await writeFile(join(client, 'src', 'index.ts'), `export const index: number = 'text';\n`);
    const failed = start();
    await failed.line(/The build failed \(SDK\)/);
    expect(await readFile(join(client, 'dist', 'index.js'), 'utf8')).toContain('built');
  });

  it('does not take a build that was interrupted for a complete one', async () => {
    await mkdir(join(project, 'dist', 'src'), { recursive: true });
    await writeFile(join(project, 'dist', 'src', 'main.js'), "throw new Error('half a build');");
    await mkdir(join(project, 'dist.partial', 'src'), { recursive: true });
    await start().line(/^up/);
  });

  it('builds once when started twice at the same time', async () => {
    const both = [start(), start()];
    await Promise.all(both.map(({ line }) => line(/^up/)));
    expect(both.filter(({ output }) => output().includes('✓ Building'))).toHaveLength(1);
  });

  it('does not install through a link, under the feet of another project', async () => {
    const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as { packages: Record<string, object> };
    lock.packages['node_modules/another'] = { version: '1.0.0' };
    await writeFile(join(project, 'package-lock.json'), JSON.stringify(lock));
    const { child, output, line } = start();
    await line(/node_modules is a link to/);
    expect(await exitCodeOf(child)).toBe(1);
    expect(output()).not.toContain('Installing');
  });

  it('hands a request to terminate on once, and exits with the code of the server', async () => {
    const { child, line } = start();
    await line(/^up/);
    child.kill('SIGTERM');
    await line(/^SIGTERM 1/);
    child.kill('SIGTERM');
    expect(await end(child, 'SIGHUP')).toBe(41);
  });

  it('says with its code that the server was killed', async () => {
    await writeFile(join(project, 'src', 'main.ts'), "process.kill(process.pid, 'SIGKILL');\n");
    expect(await exitCodeOf(start().child)).toBe(128 + constants.signals.SIGKILL);
  });
});

describe('the setup lock', () => {
  const program = (work: string) => `
    const { withLock } = await import('./scripts/lib/lock.mjs');
    const alive = setInterval(() => {}, 60_000);
    const held = new Promise((letGo) => process.once('SIGHUP', letGo));
    const told = () => console.log('waiting');
    await withLock('./lock', ${work}, told);
    clearInterval(alive);
  `;
  const hold = (work = "() => { console.log('holding'); return held; }") =>
    run(process.execPath, ['--input-type=module', '-e', program(work)]);

  it('lets the second wait for the first', async () => {
    const first = hold();
    await first.line(/holding/);
    const second = hold();
    await second.line(/waiting/);
    expect(second.output()).not.toContain('holding');
    await end(first.child, 'SIGHUP');
    await second.line(/holding/);
  });

  it('passes on when its holder is killed', async () => {
    const first = hold();
    await first.line(/holding/);
    const second = hold();
    await second.line(/waiting/);
    await end(first.child, 'SIGKILL');
    await second.line(/holding/);
  });

  it('stays with a child that works on when its parent is killed', async () => {
    const worker = run(process.execPath, ['-e', "console.log('up'); process.once('SIGHUP', () => process.exit()); setInterval(() => {}, 60_000)"]);
    await worker.line(/up/);
    const parent = hold(`(shareWith) => { shareWith(${worker.child.pid}); console.log('shared'); return held; }`);
    await parent.line(/shared/);
    await end(parent.child, 'SIGKILL');
    const next = hold();
    await next.line(/waiting/);
    await end(worker.child, 'SIGHUP');
    await next.line(/holding/);
  });

  it('is not kept by a stranger with the number of a dead holder', async () => {
    await mkdir(join(project, 'lock'));
    await writeFile(join(project, 'lock', '7'), `${process.pid} 1`);
    await hold().line(/holding/);
  });
});

describe('what is counted by npm test', () => {
  type Count = (report: unknown, code: number) => { passed: number; failed: number; skipped: number };
  const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((each) => ({ status: each })) });

  it.each([
    ['single tests', [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed')], 1, { passed: 3, failed: 1, skipped: 1 }],
    ['a file that cannot be loaded', [file('failed'), file('passed', 'passed')], 1, { passed: 1, failed: 1, skipped: 0 }],
    ['a failure outside of all tests', [file('passed', 'passed')], 1, { passed: 1, failed: 1, skipped: 0 }],
  ])('%s', async (_title, testResults, code, expected) => {
    const { countTests } = (await import(join(repository, 'scripts', 'lib', 'vitest.mjs'))) as { countTests: Count };
    expect(countTests({ testResults }, code)).toEqual(expected);
  });

  it('a crash before any report', async () => {
    const { countTests } = (await import(join(repository, 'scripts', 'lib', 'vitest.mjs'))) as { countTests: Count };
    expect(countTests(undefined, 134)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
