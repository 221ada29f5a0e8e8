import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

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

const EMOJI_LANGUAGES = ['en', 'zh'];

interface Emoji {
  emoji: string;
  label: string;
  group?: number;
  subgroup?: number;
  version: number;
  tags?: string[];
  skins?: { emoji: string; tone: unknown }[];
}

/** What the emoji picker asks for, at addresses of our own, and of each emoji what it reads: less than half of the data. */
function emojiData(): Plugin {
  const file = (name: string): string => readFileSync(fileURLToPath(new URL(`../node_modules/emojibase-data/${name}`, import.meta.url)), 'utf8');
  const slim = ({ emoji, label, group, subgroup, version, tags, skins }: Emoji) => ({ emoji, label, group, subgroup, version, tags, skins: skins?.map(({ emoji, tone }) => ({ emoji, tone })) });
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

export default defineConfig({
  plugins: [onlyOurLanguages(), emojiData(), react()],
  resolve: {
    alias: [
      { find: /^@atrium\/client$/, replacement: client('index.ts') },
      { find: /^@atrium\/client\/react$/, replacement: client('react.ts') },
    ],
    dedupe: ['react', 'react-dom'],
  },
  build: {
    // These know light-dark(), which the tokens are written in.
    target: ['chrome123', 'firefox121', 'safari17.5'],
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
