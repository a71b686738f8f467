// The OpenAPI document, as the test of it keeps it: no server is needed to have it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const SNAPSHOT = "../../crates/server/tests/api/snapshots/api__document__the_document_is_as_it_was_read.snap";

/** The document, without what the snapshot says of itself. */
export async function document() {
  const text = await readFile(fileURLToPath(new URL(SNAPSHOT, import.meta.url)), "utf8");
  return JSON.parse(text.slice(text.indexOf("\n---\n") + "\n---\n".length));
}
