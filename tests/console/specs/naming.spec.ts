/** The line that brings an agent into a plan is one that a plan takes, whatever the agent is called. */

import { type Admin, expect, test } from "../admin.ts";
import { findNothing } from "../axe.ts";
import { CONFIG, type Server } from "../server.ts";
import { CONNECTIVES, DEFINITIONS, FIELDS, STATEMENTS, VALUES } from "../../../console/src/editor/words.ts";
import { planName } from "../../../console/src/state/plan-name.ts";

const ODD = ["24h desk", "مكتب الاستقبال", "Zahnärztin", "Front-Desk (A)", "Œuvre Ångström", "  ", "_", "ELI5", "ß", "Ωmega", "İstanbul", "💬", "a".repeat(200), "a".repeat(39) + " b"];
const WORDS = [DEFINITIONS, STATEMENTS, CONNECTIVES, VALUES, FIELDS].flatMap((words) => [...words]);
/** Words that a plan takes for slips at some places. */
const SLIPS = ["are", "was", "has", "like", "includes", "equals", "then", "else", "if", "do", "end", "now", "Now", "WHEN"];

/** What the service's check says of a plan with this agent. */
async function problemsOf(server: Server, name: string, id: string): Promise<string[]> {
  const workflow_definition = `agent ${name} = "${id}"\n\nwhen caller is anonymous { route to ${name} }\nroute to ${name}\n`;
  const { diagnostics } = await server.ask<{ diagnostics: { severity: string; code: string; message: string }[] }>("POST", `${CONFIG}/check`, { workflow_definition });
  return diagnostics.filter((it) => it.severity === "error" && it.code !== "unpublished-version" && it.code !== "unknown-version").map((it) => `${name}: ${it.message}`);
}

async function agentOf(server: Server, name: string): Promise<string> {
  return (await server.ask<{ id: string }>("POST", "/core/agents", { name })).id;
}

test("every name becomes one that the real check takes", async ({ server }) => {
  test.slow();
  const { items } = await server.ask<{ items: { id: string }[] }>("GET", "/core/agents");
  const id = items[0]?.id ?? "";
  const names = [...ODD, ...WORDS, ...SLIPS].map((name) => planName({ id, name }, ""));
  const problems: string[] = [];
  for (const name of new Set(names)) problems.push(...(await problemsOf(server, name, id)));
  expect(problems).toEqual([]);
});

test("a name stays near to what the agent is called, and apart from what the plan defines", () => {
  const id = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
  const of = (name: string, plan = "") => planName({ id, name }, plan);
  expect(of("Zahnärztin")).toBe("zahnaerztin");
  expect(of("Front-Desk (A)")).toBe("front_desk_a");
  expect(of("24h desk")).toBe("agent_24h_desk");
  expect(of("when")).toBe("agent_when");
  expect(of("مكتب")).toBe("agent_0b5f6a0e");
  expect(of("a".repeat(200))).toBe("a".repeat(40));
  expect(of("Desk", "numbers desk = [+1*]\nschedule desk_2 { mon 09:00-10:00 }")).toBe("desk_3");
});

async function lineOf(admin: Admin, name: string): Promise<string> {
  await admin.open(`agents/${await agentOf(admin.server, name)}`);
  await admin.page.reload();
  await expect(admin.page.getByRole("heading", { level: 1 })).toBeVisible();
  return admin.page.getByText(/^agent \w/).first().innerText();
}

test("the page shows the line, and copies it with one press", async ({ admin, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await admin.signIn("agents");
  for (const name of ["24h desk", "when", "مكتب"]) {
    const line = await lineOf(admin, name);
    const [, called = "", id = ""] = /^agent (\w+) = "(\S+)"$/.exec(line) ?? [];
    expect(await problemsOf(admin.server, called, id)).toEqual([]);
  }
  const line = await lineOf(admin, "Zahnärztin");
  await page.getByRole("button", { name: "Copy the line for a plan" }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(line);
  await findNothing(page);
});

test("an agent that the plan names already is shown by that name", async ({ admin, page }) => {
  await admin.signIn("agents");
  await page.getByRole("link", { name: "snow_desk" }).click();
  await expect(page.getByText("The plan calls it snow_desk.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy the line for a plan" })).toHaveCount(0);
});

test("without a clipboard the line is copied all the same", async ({ admin, page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined }));
  await admin.signIn("agents");
  const line = await lineOf(admin, "Night desk");
  await page.getByRole("button", { name: "Copy the line for a plan" }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(line);
});
