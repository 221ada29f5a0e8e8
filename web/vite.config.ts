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

export default defineConfig({
  plugins: [onlyOurLanguages(), react()],
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
