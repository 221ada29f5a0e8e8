/** What a person waits for, read from the browser's own clocks. */

const LONG_TASK_MS = 50;
const SCROLL_STEPS = 300;
const SCROLL_BY_PX = 1200;

/** Signs in by the form; returns the browser's storage. */
export async function signIn(browser, url, { login, password }) {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('textbox', { name: 'E-mail address or username' }).fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
  const session = await context.storageState();
  await context.close();
  return session;
}

/** A page with empty caches, as a first visit has. */
async function openFresh(browser, session) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, storageState: session });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })))).observe({ type: 'longtask', buffered: true });
  });
  return { context, page };
}

/**
 * From the navigation until the first element of `role` is there and the main thread is free: `interactiveMs`. All times are the
 * page's own (performance.now), so that the distance between the test driver and the browser does not count.
 */
export async function measureLoad(browser, { address, session, role }) {
  const { context, page } = await openFresh(browser, session);
  await page.goto(address, { waitUntil: 'commit' });
  await page.getByRole(role).last().waitFor();
  const figures = await page.evaluate(
    ([longTaskMs]) =>
      new Promise((resolve) => {
        const visibleMs = performance.now();
        requestIdleCallback(() => {
          const scripts = performance.getEntriesByType('resource').filter(({ name }) => /\.js(\?|$)/.test(name));
          const [paint] = performance.getEntriesByName('first-contentful-paint');
          resolve({
            visibleMs,
            interactiveMs: performance.now(),
            firstPaintMs: paint?.startTime ?? null,
            blockedMs: window.longTasks.reduce((sum, { duration }) => sum + duration - longTaskMs, 0),
            scriptKilobytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024,
            scripts: scripts.length,
          });
        });
      }),
    [LONG_TASK_MS],
  );
  await context.close();
  return figures;
}

/** Scrolls upwards through pages that load while it goes: how long frames take, and how much was loaded. */
export async function measureScrolling(browser, { address, session }) {
  const { context, page } = await openFresh(browser, session);
  await page.goto(address);
  const list = page.getByRole('list', { name: /^Messages in/ });
  await list.getByRole('listitem').last().waitFor();
  const figures = await list.evaluate(
    async (element, [steps, byPx]) => {
      const frames = [];
      const tops = new Set();
      for (let step = 0; step < steps; step++) {
        const before = performance.now();
        element.scrollBy(0, -byPx);
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve));
        frames.push(performance.now() - before);
        for (const row of element.querySelectorAll('[data-key]')) tops.add(row.getAttribute('data-key'));
      }
      frames.sort((a, b) => a - b);
      const at = (share) => frames[Math.floor((frames.length - 1) * share)];
      return { frameP50Ms: at(0.5), frameP95Ms: at(0.95), frameMaxMs: at(1), messagesSeen: tops.size, rowsDrawn: element.querySelectorAll('[data-key]').length };
    },
    [SCROLL_STEPS, SCROLL_BY_PX],
  );
  await context.close();
  return figures;
}
