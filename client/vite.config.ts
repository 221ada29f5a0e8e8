import { defineConfig } from 'vite';

/** The library: what it needs stays outside, except the shapes of the wire, which are types, and its few constants. */
export default defineConfig({
  build: {
    target: 'es2023',
    minify: false,
    sourcemap: true,
    lib: { entry: { index: 'src/index.ts', look: 'src/look.ts', react: 'src/react.ts' }, formats: ['es'] },
    rollupOptions: { external: [/^[^./]/] },
  },
});
