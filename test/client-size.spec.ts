import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const SDK = join(root, 'client', 'src', 'index.ts');
/** Before a page is opened. */
const MAX_GZIPPED_BYTES = 25_500;
/** With what is loaded then: how pages change, and rebase, and are edited. */
const MAX_GZIPPED_BYTES_WITH_PAGES = 44_000;
/** What somebody's page pays for a constant. */
const MAX_SHARE_OF_ONE_EXPORT = 0.1;

interface Bundle {
  gzippedBytes: number;
  /** Of everything, whenever it is loaded. */
  gzippedBytesInAll: number;
  /** Of which it consists, relative to the repository. */
  modules: string[];
}

/** As an application's bundler would: minified, with all dependencies but the one that is as large as the SDK itself. */
async function bundle(source: string): Promise<Bundle> {
  const entry = join(root, 'client', 'entry.ts'); // Exists in this bundle alone.
  const output = (await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? id : undefined), load: (id) => (id === entry ? source : undefined) }],
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', external: ['socket.io-client'] },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = output.output.filter((file) => file.type === 'chunk');
  const rendered = chunks.flatMap(({ modules }) => Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0));
  const first = chunks.filter(({ fileName, isEntry }) => isEntry || chunks.some((chunk) => chunk.isEntry && chunk.imports.includes(fileName)));
  const gzip = (files: Rolldown.OutputChunk[]) => gzipSync(files.map(({ code }) => code).join('\n'), { level: 9 }).length;
  return {
    gzippedBytes: gzip(first),
    gzippedBytesInAll: gzip(chunks),
    modules: rendered.map(([id]) => id.replace(`${root}/`, '')),
  };
}

describe('the SDK in a bundle', () => {
  let whole: Bundle;
  beforeAll(async () => {
    whole = await bundle(`export * from ${JSON.stringify(SDK)};`);
  });

  it(`takes less than ${MAX_GZIPPED_BYTES} bytes, compressed and without Socket.IO`, () => {
    expect(whole.modules).toContain('client/src/atrium-client.ts');
    expect(whole.gzippedBytes).toBeLessThan(MAX_GZIPPED_BYTES);
  });

  it(`takes less than ${MAX_GZIPPED_BYTES_WITH_PAGES} with what is loaded when the first page is opened`, () => {
    expect(whole.modules).toContain('client/src/pages/page-editor.ts');
    expect(whole.gzippedBytesInAll).toBeLessThan(MAX_GZIPPED_BYTES_WITH_PAGES);
  });

  it('brings two small packages along, and of the server plain values alone: no zod, no schemas', () => {
    const packages = whole.modules.flatMap((id) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
    expect([...new Set(packages)].sort()).toEqual(['idb', 'openapi-fetch']);
    const ofPages = /^src\/modules\/pages\/(page\.document|document\/[a-z-]+)\.ts$/;
    expect(whole.modules.filter((id) => id.startsWith('src/') && !ofPages.test(id)).sort()).toEqual(['src/modules/access/document.policy.ts', 'src/modules/rooms/rooms.policy.ts', 'src/protocol/limits.ts', 'src/protocol/one-line.ts', 'src/protocol/visible-text.ts']);
  });

  it.each(['LIMITS', 'can', 'Value', 'memoryTokens', 'AtriumError'])('costs little to those who want %s alone', async (name) => {
    const { gzippedBytes } = await bundle(`export { ${name} } from ${JSON.stringify(SDK)};`);
    expect(gzippedBytes).toBeLessThan(whole.gzippedBytes * MAX_SHARE_OF_ONE_EXPORT);
  });
});
