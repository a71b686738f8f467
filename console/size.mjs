// `npm run size`: what a browser loads at first, compressed as it is sent, and the whole of it.

import { brotliCompressSync } from "node:zlib";
import * as esbuild from "esbuild";
import { bundling, pageOf } from "./build.mjs";

const MAXIMUM_BYTES = 400_000;

const files = await pageOf(await esbuild.build(bundling));
const sent = [...files]
  .filter(([name]) => !name.startsWith("licenses-"))
  .map(([name, bytes]) => [name, name.endsWith(".woff2") ? bytes.length : brotliCompressSync(bytes).length]);
const total = sent.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of [...sent, ["all of the first load", total]]) console.log(`${String(size).padStart(8)} ${name}`);
if (total > MAXIMUM_BYTES) throw new Error(`the first load is larger than ${MAXIMUM_BYTES} bytes`);
