// What a program does with the API through `openapi-fetch` and types that are generated from the
// document. That it compiles, in strict mode, says as much as that it runs.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function equal<T>(found: T, expected: T): void {
  if (found !== expected) throw new Error(`expected ${String(expected)}, found ${String(found)}`);
}

/** What was answered, if it was no error. */
function fine<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const api = createClient<paths>({ baseUrl: env("ADDRESS"), headers: { Authorization: `Bearer ${env("KEY")}` } });
const CONFIG = "/core/inbound-routing-config";

// A plan alone is a config.
const created = await api.POST(CONFIG, { body: { workflow_definition: "reject\n" } });
equal(created.response.status, 201);
equal(created.response.headers.get("Location"), CONFIG);
const config: components["schemas"]["InboundRoutingConfig"] = fine(created);
equal(config.enabled, true);
equal(config.fallback_agent_id, null);

// Two change what they have read; the second one's change is refused.
const tag = created.response.headers.get("ETag") ?? "";
const change = (text: string) =>
  api.PUT(CONFIG, { params: { header: { "If-Match": tag } }, body: { workflow_definition: text } });
equal(fine(await change("fallback\n"))?.revision, config.revision + 1);
const lost = await change("# too late\nreject\n");
equal(lost.response.status, 412);
const code: components["schemas"]["ErrorCode"] | undefined = lost.error?.code;
equal(code, "precondition_failed");

// A user's token names its organization.
const user = createClient<paths>({ baseUrl: env("ADDRESS"), headers: { Authorization: `Bearer ${env("USER_TOKEN")}` } });
equal((await user.GET("/core/whoami")).error?.code, "missing_organization");
const inside = (organization: string) =>
  user.GET("/core/whoami", { params: { header: { "X-Anyreach-Org": organization } } });
equal((await inside(env("OTHER_ORGANIZATION"))).error?.code, "not_a_member");
const who = fine(await inside(env("ORGANIZATION")));
equal(who.kind, "user");
equal(who.organization.id, env("ORGANIZATION"));

// Lists are turned page by page.
for (const name of ["First", "Second", "Third"]) fine(await api.POST("/core/agents", { body: { name } }));
const names: string[] = [];
let cursor: string | null = null;
do {
  const query: { limit: number; cursor?: string } = cursor === null ? { limit: 2 } : { limit: 2, cursor };
  const page: components["schemas"]["List_Agent"] = fine(await api.GET("/core/agents", { params: { query } }));
  names.push(...page.items.map((agent) => agent.name));
  cursor = page.next_cursor;
} while (cursor !== null);
equal(names.join(), "First,Second,Third");
const wrong = await api.GET("/core/agents", { params: { query: { limit: 0 } } });
equal(wrong.error?.errors?.[0]?.field, "limit");

// A problem of a plan has a place, a severity and fixes.
const checked = fine(await api.POST(`${CONFIG}/check`, { body: { workflow_definition: "when whn { reject }\nroute too x\n" } }));
equal(checked.ok, false);
const found: components["schemas"]["Diagnostic"] | undefined = checked.diagnostics[0];
if (found === undefined) throw new Error("no diagnostic");
const severity: "error" | "warning" | "hint" = found.severity;
equal(severity, "error");
equal(found.line, 1);
for (const fix of found.fixes) equal(fix.edits.every((edit) => edit.start <= edit.end), true);
const refused = await api.PUT(CONFIG, { body: { workflow_definition: "route to nobody\n" } });
equal(refused.error?.code, "invalid_plan");
equal(refused.error?.diagnostics?.[0]?.code, "unknown-name");

console.log("openapi-fetch: fine");
