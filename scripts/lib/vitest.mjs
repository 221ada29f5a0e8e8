import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from './processes.mjs';

/**
 * Runs Vitest with its usual output and counts the single tests.
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runVitest(root, node, args) {
  const directory = mkdtempSync(join(tmpdir(), 'atrium-vitest-'));
  const reportFile = join(directory, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  try {
    const code = await runToEnd(node, [vitest, 'run', ...reporters, ...args], { cwd: root });
    return countTests(readReport(reportFile), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns {{ passed: number, failed: number, skipped: number }} */
export function countTests(report, code) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (isWanted) => tests.filter((test) => isWanted(test.status)).length;
  const passed = count((status) => status === 'passed');
  // A file that cannot be loaded fails without a test of its own.
  const brokenFiles = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const failed = count((status) => status === 'failed') + brokenFiles.length;
  // A crash, an unhandled rejection or a failed set-up belongs to no test, but is a failure all the same.
  const isUnexplained = code !== 0 && failed === 0;
  return { passed, failed: failed + (isUnexplained ? 1 : 0), skipped: tests.length - passed - count((status) => status === 'failed') };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // It ended before it could report.
  }
}
