import { afterEach } from 'vitest';
import { describeWindows } from './browser.js';

// A test that fails once in fifty runs says what was on the screen.
afterEach(async ({ task }) => {
  const error = task.result?.state === 'fail' && task.result.errors?.[0];
  if (!error) return;
  const name = `failed-${task.name.replace(/[^\p{L}\p{N}]+/gu, '-')}`;
  error.message += `\n${await describeWindows(name)}\n`;
});
