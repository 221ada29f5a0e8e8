// npm test: everything that must hold, from a bare clone. `npm test -- unit` or a file's path runs that part only.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { runToEnd } from './lib/processes.mjs';
import { reportFailure } from './lib/setup-error.mjs';
import { runVitest } from './lib/vitest.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const VITEST_PROJECTS = ['unit', 'medium', 'e2e', 'client', 'browser'];
const TYPESCRIPT_PROJECTS = ['.', 'test', 'client', 'web'];

/** The checks beside the tests, as the programs that must succeed; each check counts as one. */
const CHECKS = {
  lint: [['node_modules/eslint/bin/eslint.js', '.']],
  types: TYPESCRIPT_PROJECTS.map((project) => ['node_modules/typescript/bin/tsc', '--noEmit', '-p', project]),
  docs: [['scripts/docs.mjs', '--check']],
};

try {
  const { node } = await ensureInstalled(root);
  const { passed, failed } = summarize(await runAll(node, process.argv.slice(2)));
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed} failed`);
} catch (error) {
  reportFailure(error);
  console.log('0 passed, 1 failed');
}

/** Runs what the arguments select, or everything; a failing step does not keep the later ones from running. */
async function runAll(node, args) {
  const selected = Object.keys(CHECKS).filter((name) => args.length === 0 || args.includes(name));
  const filters = args.filter((arg) => !(arg in CHECKS));
  const results = [await runBuild(node)];
  for (const name of selected) results.push(await runCheck(node, name));
  if (args.length === 0 || filters.length > 0) {
    announce('tests');
    results.push({ name: 'tests', ...(await runVitest(root, node, vitestArguments(filters))) });
  }
  return results;
}

async function runBuild(node) {
  try {
    await ensureBuilt(root, node);
    return outcome('build', true);
  } catch (error) {
    reportFailure(error);
    return outcome('build', false);
  }
}

async function runCheck(node, name) {
  announce(name);
  let isPassed = true;
  for (const program of CHECKS[name]) {
    if ((await runToEnd(node, program, { cwd: root })) !== 0) isPassed = false;
  }
  return outcome(name, isPassed);
}

function outcome(name, isPassed) {
  return { name, passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0 };
}

/** The name of a project selects it, anything else is Vitest's to understand. */
function vitestArguments(filters) {
  return filters.flatMap((filter) => (VITEST_PROJECTS.includes(filter) ? ['--project', filter] : [filter]));
}

function announce(name) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
}

function summarize(results) {
  announce('summary');
  for (const { name, passed, failed, skipped } of results) {
    const details = passed + failed > 1 ? ` ${passed} passed, ${failed} failed` : '';
    console.log(`${failed > 0 || passed === 0 ? '✗' : '✓'} ${name}${details}${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
  const sum = (count) => results.reduce((total, result) => total + result[count], 0);
  // Nothing run is nothing proven, whatever the checks beside the tests say.
  const isEmpty = results.some(({ passed, failed }) => passed + failed === 0);
  return { passed: sum('passed'), failed: sum('failed') + (isEmpty ? 1 : 0) };
}
