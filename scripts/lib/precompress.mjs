import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(?:js|css|svg|html|json)$/;
/** Below it, what is saved fits into the packet that is sent anyway. */
const MIN_BYTES = 1_024;

const ENCODINGS = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  gz: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
};

/**
 * Puts `name.br` and `name.gz` beside every text file of a folder that becomes smaller by it, so that the server never compresses.
 * @param {string} directory
 */
export async function precompress(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name)).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  await Promise.all(files.map(compress));
}

async function compress(file) {
  const content = await readFile(file);
  if (content.length < MIN_BYTES) return;
  await Promise.all(
    Object.entries(ENCODINGS).map(async ([extension, encode]) => {
      const encoded = await encode(content);
      if (encoded.length < content.length) await writeFile(`${file}.${extension}`, encoded);
    }),
  );
}
