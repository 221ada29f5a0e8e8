const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/**
 * Runs one long step: says what it does, and at the end how long it took.
 * @template T
 * @param {string} title e.g. "Building"
 * @param {() => Promise<T>} work
 * @param {{ live?: boolean }} [options] live: redraw the line while it runs; not for steps that print by themselves
 * @returns {Promise<T>}
 */
export async function runStep(title, work, { live = false } = {}) {
  const startedAt = performance.now();
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const isAnimated = live && process.stdout.isTTY;
  let frame = 0;
  const draw = () => process.stdout.write(`\r${SPINNER[frame++ % SPINNER.length]} ${title} … ${elapsed()}`);
  const timer = isAnimated ? setInterval(draw, FRAME_MS) : undefined;
  if (!isAnimated) console.log(`• ${title} …`);
  const finish = (mark) => {
    clearInterval(timer);
    if (isAnimated) process.stdout.write('\r\x1b[2K');
    console.log(`${mark} ${title} (${elapsed()})`);
  };
  try {
    const result = await work();
    finish('✓');
    return result;
  } catch (error) {
    finish('✗');
    throw error;
  }
}
