/** Who one is, and what one may: the page says it, and offers nothing else. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { type Admin, expect, test } from "../admin.ts";
import { findNothing } from "../axe.ts";
import { callplan, CONFIG, Server } from "../server.ts";

const READ = "inbound_routing_configs:read";
const pagesOf = (page: Page) => page.getByRole("navigation", { name: "Pages" }).getByRole("link").allTextContents();

test("a key that may only read gets a page that says so and changes nothing", async ({ admin, page, server }) => {
  const changes: string[] = [];
  page.on("request", (request) => ["PUT", "DELETE"].includes(request.method()) && changes.push(request.url()));
  await server.ask("PUT", `${CONFIG}/switches/storm`, { on: true });
  await admin.signInWith(await server.keyWith(READ));
  await expect(admin.editor).toContainText("Mount Alder");
  await expect(page.getByText("This key may read the plan and try calls, and change nothing.")).toBeVisible();
  await expect(page.locator(".top").getByText("read only")).toBeVisible();
  expect(await pagesOf(page)).toEqual(["Plan", "History", "Switches"]);
  await page.getByLabel("Dialed").fill("+18025550100");
  await expect(admin.panel).toContainText("goes to");
  for (const name of ["Save…", "Format", "Keep as an example"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  await expect(page.getByRole("tab", { name: "What changes" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Current state" })).toContainText("storm");
  await expect(page.getByRole("button", { name: "Turn storm off" })).toHaveCount(0);
  await admin.append("# mine");
  await admin.editor.press("ControlOrMeta+s");
  await admin.editor.press("ControlOrMeta+s");
  await admin.editor.press("Alt+Shift+f");
  await expect(admin.editor).toContainText('example "summer"');
  await expect(admin.editor).not.toContainText("mine");
  await expect(page.getByText("changed")).toHaveCount(0);
  await findNothing(page);
  await admin.tab("Settings");
  await expect(admin.panel).toContainText("Fallback agent");
  await expect(admin.panel.getByRole("button")).toHaveCount(0);
  await expect(admin.panel.getByRole("switch")).toHaveCount(0);
  await admin.visit("Switches");
  await expect(page.getByText("On", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("switch")).toHaveCount(0);
  await expect(page.getByLabel("Turn off automatically at")).toHaveCount(0);
  expect(changes).toEqual([]);
});

test("fixes are shown to whoever may make them", async ({ admin, page, server }) => {
  await server.ask("PUT", CONFIG, { workflow_definition: `${(await server.plan()).workflow_definition}\nswitch unused\n` });
  await admin.signInWith(await server.keyWith(READ), "plan/problems");
  await expect(admin.panel.getByText("unused-name")).toBeVisible();
  await expect(admin.panel.getByRole("button", { name: /^(Fix|Suggestion)/ })).toHaveCount(0);
  await expect(admin.panel.getByText("applies the fix")).toHaveCount(0);
});

test("a draft of whoever may write outlives a key that may only read", async ({ admin, page, server }) => {
  const reader = await server.keyWith(READ);
  await admin.signIn();
  await admin.append("# what I was about to say");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out, and keep it" }).click();
  await admin.signInWith(reader);
  await expect(admin.editor).toContainText("Mount Alder");
  await expect(admin.editor).not.toContainText("what I was about to say");
  await page.reload();
  await expect(page.getByText("change nothing")).toBeVisible();
  // It is one of this machine, and one is asked about it.
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out, and keep it" }).click();
  await admin.signIn();
  await expect(page.getByText("is here again")).toBeVisible();
});

test("a page that the key does not allow says which scope it needs, and does not offer to try again", async ({ admin, page, server }) => {
  await admin.signInWith(await server.keyWith(READ), "calls");
  await expect(page.getByText("This key does not allow this page")).toBeVisible();
  await expect(page.getByText("inbound_calls:read")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await findNothing(page);
  await page.getByRole("link", { name: "Go to Plan" }).click();
  await expect(admin.editor).toContainText("Mount Alder");
});

test("a key for the log alone begins with the log, one for calls alone is told that it opens nothing", async ({ admin, page, server }) => {
  await admin.signInWith(await server.keyWith("inbound_calls:read"));
  await expect(page.getByRole("heading", { level: 1, name: "Calls" })).toBeVisible();
  expect(await pagesOf(page)).toEqual(["Calls"]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await admin.signInWith(await server.keyWith("inbound_calls:route"));
  await expect(page.getByText("This key does not allow any page of the console")).toBeVisible();
  expect(await pagesOf(page)).toEqual([]);
});

test("where the service refuses for want of a scope, trying again is not offered", async ({ admin, page }) => {
  admin.expected.push(/status of 403/);
  await admin.signIn("history");
  await page.route("**/core/inbound-calls?*", (route) => route.fulfill({ status: 403, json: { code: "missing_scope", detail: "This needs the scope `inbound_calls:read`." } }));
  await admin.visit("Calls");
  await expect(page.getByRole("alert")).toContainText("This needs the scope inbound_calls:read.");
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
});

test("who is signed in is told: a key as a key, with what it may in words", async ({ admin, page }) => {
  await admin.signIn();
  await page.getByRole("button", { name: "Key “demo”" }).click();
  const dialog = page.getByRole("dialog", { name: "Signed in" });
  await expect(dialog).toContainText("Mount Alder");
  await expect(dialog).toContainText("change the plan and its settings, and turn switches");
  await expect(dialog).toContainText("its name says nothing about who uses it");
  await expect(dialog).not.toContainText("inbound_");
  await findNothing(page);
});

test("“you” is a person, never another key of the same name", async ({ admin, page, server }) => {
  const twin = await server.ask<{ token: string }>("POST", "/core/api-keys", { name: "demo", scopes: ["inbound_routing_configs:manage", "api_keys:manage"] });
  await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await admin.signIn("history");
  await expect(page.getByRole("listitem").filter({ hasText: "Revision 2" })).toContainText("key “demo” (this key)");
  await page.getByRole("button", { name: "Sign out" }).click();
  await admin.signInWith(twin.token, "history");
  await expect(page.getByRole("listitem").filter({ hasText: "Revision 2" })).toContainText("key “demo”,");
  await expect(page.getByText("(you)")).toHaveCount(0);
  await expect(page.getByText("(this key)")).toHaveCount(0);
});

/** A person in two organizations, and a third with which they have nothing to do. */
async function twoOrganizations(admin: Admin, work: (person: string, demo: string, database: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "callplan-rights-"));
  const database = join(folder, "demo.db");
  const server = await Server.start(database);
  try {
    const at = ["--database", database];
    const { organization } = await server.ask<{ organization: { id: string } }>("GET", "/core/whoami");
    const second = callplan("organizations", "create", "Harbour Dental", ...at);
    callplan("organizations", "create", "Strangers", ...at);
    const person = callplan("users", "create", "Ana Alder", ...at);
    for (const id of [organization.id, second]) callplan("users", "join", person, id, ...at);
    const scopes = ["inbound_routing_configs:manage", "phone_numbers:manage", "agents:manage"].flatMap((scope) => ["--scope", scope]);
    const token = callplan("keys", "create", "--user", person, ...scopes, ...at);
    Object.assign(admin, { server });
    await expect.poll(async () => (await fetch(`${server.base}/core/whoami`, { headers: { authorization: `Bearer ${token}`, "x-anyreach-org": second } })).status).toBe(200);
    await work(token, organization.id, database);
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a person goes to another organization by its name, without signing in again; nothing of one shows in the other", async ({ admin, page }) => {
  await twoOrganizations(admin, async (token, demo) => {
    await admin.signInWith(token, "", demo);
    await expect(admin.editor).toContainText("Mount Alder");
    await admin.append("# Ana was here");
    await admin.visit("Numbers");
    await expect(page.getByRole("cell", { name: "+18025550119" })).toBeVisible();
    await page.getByRole("button", { name: "Ana Alder" }).click();
    const dialog = page.getByRole("dialog", { name: "Signed in" });
    await expect(dialog.getByRole("listitem").getByRole("button")).toHaveText(["Harbour Dental"]);
    await expect(dialog).not.toContainText("Strangers");
    await findNothing(page);
    await dialog.getByRole("button", { name: "Harbour Dental" }).click();
    await expect(page.getByText("There is no plan yet")).toBeVisible();
    await expect(page.locator(".top")).toContainText("Harbour Dental");
    await expect(admin.editor).not.toContainText("Ana was here");
    await admin.tab("Try a call");
    expect(await page.getByLabel("Dialed").count() === 0 || (await page.getByLabel("Dialed").inputValue()) === "").toBe(true);
    await admin.visit("Numbers");
    await expect(page.getByText("No numbers yet")).toBeVisible();
    await page.getByRole("button", { name: "Ana Alder" }).click();
    await dialog.getByRole("button", { name: "Mount Alder" }).click();
    await expect(admin.editor).toContainText("Mount Alder");
    await expect(page.getByText("is here again")).toBeVisible();
    await page.getByRole("button", { name: "Ana Alder" }).click();
    await dialog.getByRole("button", { name: "Harbour Dental" }).click();
    await expect(page.getByText("There is no plan yet")).toBeVisible();
    await page.reload();
    await expect(page.locator(".top")).toContainText("Harbour Dental");
  });
});

test("while one goes to another organization, what is asked is still asked of this one; and nothing is left to undo there", async ({ admin, page }) => {
  await twoOrganizations(admin, async (token, demo) => {
    const astray: string[] = [];
    page.on("request", (request) => {
      const isOfDemo = request.postData()?.includes("ski patrol") ?? false;
      if (isOfDemo && request.headers()["x-anyreach-org"] !== demo) astray.push(request.url());
    });
    await admin.signInWith(token, "switches", demo);
    await page.getByRole("switch", { name: "storm" }).click();
    await admin.confirm("Turn storm on");
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    await admin.visit("Plan");
    // Whoever is asked who one would be there takes their time, and one goes on writing.
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/core/whoami", async (route) => {
      if (route.request().headers()["x-anyreach-org"] !== demo) await held;
      await route.continue();
    });
    await page.getByRole("button", { name: "Ana Alder" }).click();
    await page.getByRole("dialog", { name: "Signed in" }).getByRole("button", { name: "Harbour Dental" }).click();
    await page.keyboard.press("Escape");
    const checked = page.waitForRequest((request) => request.url().endsWith("/check") && (request.postData()?.includes("Ben was here") ?? false));
    await admin.append("# ski patrol: Ben was here");
    await checked;
    answer();
    await expect(page.getByText("There is no plan yet")).toBeVisible();
    await expect(page.getByText("This is Harbour Dental now.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
    expect(astray).toEqual([]);
  });
});

test("where the other organization cannot be read, one stays where one is", async ({ admin, page }) => {
  admin.expected.push(/status of 500/);
  await twoOrganizations(admin, async (token, demo) => {
    await admin.signInWith(token, "", demo);
    await admin.append("# Ana was here");
    await page.route(`**${CONFIG}`, async (route) => {
      const isOther = (await route.request().headerValue("x-anyreach-org")) !== demo;
      await (isOther ? route.fulfill({ status: 500, json: { detail: "Something went wrong in the server." } }) : route.continue());
    });
    await page.getByRole("button", { name: "Ana Alder" }).click();
    const dialog = page.getByRole("dialog", { name: "Signed in" });
    await dialog.getByRole("button", { name: "Harbour Dental" }).click();
    await expect(dialog.getByRole("alert")).toContainText("Something went wrong in the server.");
    await expect(page.locator(".top")).toContainText("Mount Alder");
    await page.keyboard.press("Escape");
    await expect(admin.editor).toContainText("Ana was here");
  });
});

test("who has left an organization is told so, and stays where they are", async ({ admin, page }) => {
  admin.expected.push(/status of 403/);
  await twoOrganizations(admin, async (token, demo, database) => {
    await admin.signInWith(token, "", demo);
    await page.getByRole("button", { name: "Ana Alder" }).click();
    const dialog = page.getByRole("dialog", { name: "Signed in" });
    await expect(dialog.getByRole("button", { name: "Harbour Dental" })).toBeVisible();
    const at = ["--database", database];
    const [person = ""] = /\S{36}/.exec(callplan("users", "list", ...at)) ?? [];
    const second = /(\S{36})\s+.*Harbour Dental/.exec(callplan("organizations", "list", ...at))?.[1] ?? "";
    callplan("users", "leave", person, second, ...at);
    const headers = { authorization: `Bearer ${token}`, "x-anyreach-org": second };
    await expect.poll(async () => (await fetch(`${admin.server.base}/core/whoami`, { headers })).status).toBe(403);
    await dialog.getByRole("button", { name: "Harbour Dental" }).click();
    await expect(dialog.getByRole("alert")).toContainText("not for this organization");
    await expect(page.locator(".top")).toContainText("Mount Alder");
    await expect(admin.editor).toContainText("Mount Alder");
  });
});
