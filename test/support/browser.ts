import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome'];
/** Pictures of the last run, for people to look at. */
const ARTEFACTS = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'test-results', 'screenshots');

/** A headless Chromium: `CHROMIUM_PATH`, else the machine's own, else the one that comes with the dependencies. */
export async function launchBrowser(): Promise<{ browser: Browser; close: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'atrium-browser-'));
  const { executablePath, args } = await findChromium(home);
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home, TMPDIR: home } });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function findChromium(home: string): Promise<{ executablePath: string; args: string[] }> {
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  const configured = process.env['CHROMIUM_PATH'];
  if (configured) return { executablePath: configured, args };
  for (const name of INSTALLED) {
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
    if (status === 0) return { executablePath: stdout.trim(), args };
  }
  // Where it unpacks itself and, told that it is in a bare container, the libraries it needs.
  process.env['TMPDIR'] = home;
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  // Its own settings look for its fonts in /tmp; without a font, text has no size, and counts as invisible.
  await writeFile(join(home, 'fonts', 'fonts.conf'), `<?xml version="1.0"?><fontconfig><dir>${home}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${home}/fonts-cache</cachedir></fontconfig>`);
  // Not its own arguments: they are for one short visit in one process without web security.
  return { executablePath, args: [...args, '--no-zygote', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] };
}

/** One person: own cookies, storage and network. What goes wrong in the page is collected in `problems`. */
export interface Person {
  readonly page: Page;
  readonly problems: string[];
  readonly close: () => Promise<void>;
}

/** The windows that are open, for whoever wants to know what was on the screen when a test failed. */
const openPeople = new Set<Person>();

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  const person: Person = { page, problems, close: () => context.close() };
  openPeople.add(person);
  context.on('close', () => openPeople.delete(person));
  return person;
}

const SHOWN_TEXT_CHARS = 2_000;
const SHOWN_TEXT_TIMEOUT_MS = 5_000;

/** What each open window shows: its address, its text and what went wrong in it; with a picture under `name`. */
export async function describeWindows(name: string): Promise<string> {
  const described = [...openPeople].map(async ({ page, problems }, index) => {
    const text = await page.locator('body').innerText({ timeout: SHOWN_TEXT_TIMEOUT_MS }).catch(String);
    await keepScreenshot(page, `${name}-${index}`).catch(String);
    return [`window ${index}: ${page.url()}`, text.replace(/\n+/g, ' | ').slice(0, SHOWN_TEXT_CHARS), ...problems].join('\n  ');
  });
  return (await Promise.all(described)).join('\n');
}

/** A machine without a graphics card draws a large page of two windows in its own time. */
const SCREENSHOT_TIMEOUT_MS = 60_000;

/** Keeps a picture of the page in `test-results/screenshots`. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (!existsSync(ARTEFACTS)) mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), timeout: SCREENSHOT_TIMEOUT_MS });
}
