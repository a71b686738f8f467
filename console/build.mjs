// Makes the page out of `src/`: one script, one style sheet, fonts, an icon and `index.html`, which names them by the hash of
// what is in them, and the licenses of the packages that are in it; each also compressed. `node build.mjs FOLDER` is all that the build of callplan runs.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What is asked of the bundler. Nothing is written: the caller gets the files. */
export const bundling = {
  entryPoints: { app: here("src/main.tsx"), style: here("src/styles/main.css"), icon: here("src/icon.svg") },
  outdir: here("dist"),
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy", ".woff2": "file" },
  minify: true,
  metafile: true,
  write: false,
  legalComments: "none",
  logLevel: "warning",
};

/** What the packages of which something is in the page ask to be passed on with it. */
async function licensesOf(metafile) {
  const packages = Object.keys(metafile.inputs).map((input) => /(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  const texts = [...new Set(packages.filter(Boolean))].sort().map(async (folder) => {
    const names = await readdir(folder);
    const license = names.find((name) => /^licen[cs]e/i.test(name));
    if (license === undefined) throw new Error(`${folder} has no license`);
    return `${folder.replace(/.*node_modules\//, "")}\n\n${await readFile(join(folder, license), "utf8")}`;
  });
  return Buffer.from((await Promise.all(texts)).join("\n\n----\n\n"));
}

/** The page's files by name, as `/console` serves them. */
export async function pageOf({ outputFiles, metafile }) {
  const files = new Map(outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]));
  const licenses = await licensesOf(metafile);
  const hash = createHash("sha256").update(licenses).digest("hex").slice(0, 8);
  files.set(`licenses-${hash}.txt`, licenses);
  const named = (pattern) => [...files.keys()].find((name) => pattern.test(name));
  const page = (await readFile(here("index.html"), "utf8"))
    .replace("{app}", named(/^app-\w+\.js$/))
    .replace("{style}", named(/^style-\w+\.css$/))
    .replace("{licenses}", `licenses-${hash}.txt`)
    .replace("{icon}", named(/^icon-\w+\.svg$/))
    .replace("{sans}", named(/^inter-.*\.woff2$/))
    .replace("{serif}", named(/^newsreader-.*\.woff2$/));
  files.set("index.html", Buffer.from(page));
  return files;
}

/** Writes a file as it is and in both compressions, which a browser may ask for. Fonts are compressed as they are. */
async function writeCompressed(folder, name, bytes) {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(join(folder, name), bytes);
  if (name.endsWith(".woff2")) return;
  await writeFile(join(folder, `${name}.br`), brotliCompressSync(bytes, options));
  await writeFile(join(folder, `${name}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
}

async function build(folder) {
  const built = await esbuild.build(bundling);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of await pageOf(built)) {
    await writeCompressed(folder, name, bytes);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  if (!folder) throw new Error("usage: node build.mjs FOLDER");
  await build(folder);
}
