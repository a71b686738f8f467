// `node console-types.mjs` writes the types of the console from the OpenAPI document; with
// `--check`, it fails if the file is another. They are made here and not in `console/`, because the
// generator needs an older compiler than the console has.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { document } from "./document.mjs";

const FILE = fileURLToPath(new URL("../../console/src/api/schema.ts", import.meta.url));
const HEAD = "// Made by `node tests/clients/console-types.mjs` from the OpenAPI document. Do not edit.\n\n";

/** The schemas alone: the console has its own function for each operation. */
const { openapi, info, components } = await document();
const schemas = { openapi, info, components: { schemas: components.schemas }, paths: {} };
const made = HEAD + astToString(await openapiTS(schemas, { emptyObjectsUnknown: true }));
if (!process.argv.includes("--check")) {
  await writeFile(FILE, made);
} else if ((await readFile(FILE, "utf8")) !== made) {
  console.error("console/src/api/schema.ts is not what the OpenAPI document says: run `node console-types.mjs`");
  process.exit(1);
}
