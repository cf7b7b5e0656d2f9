// Compresses the files named on standard input, each into one `.gz` and one `.br` beside it, as hard as they can be.
// Run by compress.py, in the Node of the project: its version is pinned, so equal files give equal bytes.

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const OS = 9; // the byte in which gzip names the system that it ran on
const UNKNOWN = 255;
const TEXT = /\.(css|html|js|json|map|mjs|svg|xml)$/;

function gzipped(content) {
  const packed = gzipSync(content, { level: 9 });
  packed[OS] = UNKNOWN;
  return packed;
}

const brotlied = (content, name) =>
  brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_MODE]: TEXT.test(name) ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });

for (const { from, into } of JSON.parse(readFileSync(0, "utf-8"))) {
  const content = readFileSync(from);
  writeFileSync(`${into}.gz`, gzipped(content));
  writeFileSync(`${into}.br`, brotlied(content, basename(from)));
}
