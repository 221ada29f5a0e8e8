import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin, type Rolldown } from 'vite';

const ATRIUM_URL = process.env.ATRIUM_URL ?? 'http://localhost:3000';
const client = (file: string): string => fileURLToPath(new URL(`../client/src/${file}`, import.meta.url));

/** react-aria brings its own few words in some thirty languages; we speak two of them. */
function onlyOurLanguages(): Plugin {
  return {
    name: 'only-our-languages',
    enforce: 'pre',
    load(id) {
      const isOther = /react-aria[^?]*\/intl\/[^?]*\/(?!en-US|zh-CN)[a-z]{2}-[A-Z]{2}\.m?js/.test(id);
      return isOther ? 'export default undefined;' : undefined;
    },
  };
}

/**
 * What markdown-it brings along for parts of it that we have switched off or replaced, a third of its size: names of entities, which stand for
 * themselves in messages, and hosts in Punycode, which the browser makes.
 */
function onlyOurMarkdown(): Plugin {
  const replaced: Record<string, string> = {
    entities: 'export const decodeHTMLStrict = (text) => text;',
    'punycode.js': 'const same = (host) => host; export default { toASCII: same, toUnicode: same };',
  };
  return {
    name: 'only-our-markdown',
    enforce: 'pre',
    resolveId: (id, importer) => (id in replaced && importer?.includes('/markdown-it/') ? `\0${id}` : undefined),
    load: (id) => (id.startsWith('\0') ? replaced[id.slice(1)] : undefined),
  };
}

const EMOJI_LANGUAGES = ['en', 'zh'];

interface Emoji {
  emoji: string;
  hexcode: string;
  label: string;
  group?: number;
  subgroup?: number;
  version: number;
  tags?: string[];
  skins?: { emoji: string; tone: unknown }[];
}

/** What the emoji picker asks for, at addresses of our own, and of each emoji what it reads, with what people write between colons: less than half of the data. */
function emojiData(): Plugin {
  const file = (name: string): string => readFileSync(fileURLToPath(new URL(`../node_modules/emojibase-data/${name}`, import.meta.url)), 'utf8');
  const shortcodesOf = JSON.parse(file('en/shortcodes/emojibase.json')) as Record<string, string | string[]>;
  const slim = ({ emoji, hexcode, label, group, subgroup, version, tags, skins }: Emoji) => ({
    ...{ emoji, label, group, subgroup, version, tags, shortcodes: [shortcodesOf[hexcode] ?? []].flat() },
    skins: skins?.map(({ emoji, tone }) => ({ emoji, tone })),
  });
  const isChosen = ({ group }: Emoji): boolean => group !== undefined;
  const contents = (): [path: string, content: string][] =>
    EMOJI_LANGUAGES.flatMap((language) => [
      [`emoji/${language}/data.json`, JSON.stringify((JSON.parse(file(`${language}/data.json`)) as Emoji[]).filter(isChosen).map(slim))],
      [`emoji/${language}/messages.json`, file(`${language}/messages.json`)],
    ]);
  return {
    name: 'emoji-data',
    generateBundle() {
      for (const [fileName, source] of contents()) this.emitFile({ type: 'asset', fileName, source });
    },
    configureServer({ middlewares }) {
      for (const [path, content] of contents()) middlewares.use(`/${path}`, (_request, response) => void response.setHeader('content-type', 'application/json').end(content));
    },
  };
}

/** These know light-dark(), which the tokens are written in. */
const BROWSERS = ['chrome123', 'firefox121', 'safari17.5'];

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

/**
 * Writes sw.js: the service worker, with the list of the files that it keeps. A build of its own, because it is one classic script, and
 * only the end of this one knows the files. The emoji are not kept: they are large, and most visits need none.
 */
function serviceWorker(): Plugin {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const bundleWorker = async (files: readonly { url: string; revision: string | null }[]): Promise<string> => {
    const { output } = (await build({
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      define: { APP_FILES: JSON.stringify(files), 'process.env.NODE_ENV': '"production"' },
      build: { write: false, target: BROWSERS, modulePreload: false, rolldownOptions: { input: here('src/offline/service-worker.ts'), output: { format: 'iife' } } },
    })) as Rolldown.RolldownOutput;
    return output[0].code;
  };
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const assets = Object.keys(bundle).filter((file) => /^assets\/.*\.(?:js|css|svg|woff2)$/.test(file)).sort();
      const named = readdirSync(here('public')).map((file) => ({ url: file, revision: hashOf(readFileSync(here(`public/${file}`))) }));
      const page = { url: './', revision: hashOf(assets.join() + readFileSync(here('index.html'), 'utf8')) };
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: await bundleWorker([page, ...named, ...assets.map((url) => ({ url, revision: null }))]) });
    },
  };
}

export default defineConfig({
  plugins: [onlyOurLanguages(), onlyOurMarkdown(), emojiData(), react(), serviceWorker()],
  resolve: {
    alias: [
      { find: /^@atrium\/client$/, replacement: client('index.ts') },
      { find: /^@atrium\/client\/look$/, replacement: client('look.ts') },
      { find: /^@atrium\/client\/react$/, replacement: client('react.ts') },
    ],
    dedupe: ['react', 'react-dom'],
  },
  experimental: {
    // The page names its files from the root, where the server can put its path before them; they name each other relatively.
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    target: BROWSERS,
    // The CSP allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': ATRIUM_URL,
      '/socket.io': { target: ATRIUM_URL, ws: true },
    },
  },
});
