/** Signing in and out: the key is the tab's alone. */

import { expect, test } from "../admin.ts";

test("a key that is not valid is told, and a valid one opens the plan", async ({ admin, page }) => {
  admin.expected.push(/status of 401/);
  await admin.open();
  await page.getByLabel("Key").fill("ak_nobody.nothing");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("The token is not valid.");
  await admin.signIn();
  await expect(page.getByRole("heading", { name: "Plan" })).toBeVisible();
  await expect(page.getByText("Mount Alder", { exact: true })).toBeVisible();
});

test("a personal token also asks for the organization", async ({ admin, page }) => {
  await admin.open();
  await expect(page.getByLabel("Organization")).toHaveCount(0);
  await page.getByLabel("Key").fill("pat_");
  await expect(page.getByLabel("Organization")).toBeVisible();
});

test("the key stays in the tab: a reload keeps it, another tab and signing out do not", async ({ admin, page, context }) => {
  await admin.signIn();
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain(admin.server.key);
  await page.reload();
  await expect(admin.editor).toContainText("Mount Alder");
  const other = await context.newPage();
  await other.goto(`${admin.server.base}/console`);
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("a key that is revoked while one writes leads to the sign-in, and loses no draft", async ({ admin, page, server }) => {
  admin.expected.push(/status of 401/);
  const made = await server.ask<{ id: string; token: string }>("POST", "/core/api-keys", {
    name: "Ana",
    scopes: ["inbound_routing_configs:manage"],
  });
  await admin.open();
  await page.getByLabel("Key").fill(made.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(admin.editor).toContainText("Mount Alder");
  // Whoever comes to the page is asked for anew, and the key is not to be found revoked before one writes.
  await admin.editor.click();
  await page.waitForLoadState("networkidle");
  await server.ask("DELETE", `/core/api-keys/${made.id}`);
  await admin.rewrite(`${(await server.plan()).workflow_definition}\n# what I was about to say`);
  await expect(page.getByText("your draft is kept")).toBeVisible();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("is here again")).toBeVisible();
  await admin.editor.press("ControlOrMeta+End");
  await expect(admin.editor).toContainText("# what I was about to say");
});
