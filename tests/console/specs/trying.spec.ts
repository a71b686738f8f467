/** Trying a call: the decision, its way through the plan, and keeping it as an example. */

import { expect, test } from "../admin.ts";

test("a call is decided at once, as one types, and its way is drawn", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  await page.getByLabel("Date").fill("2027-01-12");
  await page.getByLabel("Time").fill("08:30");
  await expect(admin.panel).toContainText("goes to snow_desk");
  await expect(page.locator(".cm-path-decided")).toContainText("route to snow_desk");
  await expect(page.locator(".cm-path-missed .cm-because").first()).toHaveText("dialed is +18025550100");
  await page.getByLabel("Switch storm").selectOption("on");
  await expect(admin.panel).toContainText("goes to storm_desk");
  await expect(admin.panel).toContainText("The lifts stand still because of the storm.");
  await page.getByLabel("Dialed").fill("+18025550119");
  await expect(admin.panel).toContainText("goes to patrol");
});

test("an edit changes the decision while one writes; an error keeps the last one and says so", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  await page.getByLabel("Date").fill("2027-01-12");
  await page.getByLabel("Time").fill("16:30");
  await expect(admin.panel).toContainText("goes to recordings");
  const longer = await admin.planWith("08:30-16:00", "08:30-17:00");
  await admin.rewrite(longer);
  await expect(admin.panel).toContainText("goes to snow_desk");
  await admin.rewrite(`${longer}\nroute nowhere`);
  await expect(admin.panel).toContainText("The plan has errors. This is what it did before.");
});

test("one click keeps the call as an example", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  await page.getByLabel("Date").fill("2027-02-03");
  await page.getByLabel("Time").fill("12:15");
  await expect(admin.panel).toContainText("goes to snow_desk");
  await page.getByRole("button", { name: "Keep as an example" }).click();
  await expect(admin.editor).toContainText("2027-02-03 12:15");
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
});

test("a call of another organization that a diff has found is tried as such, and then as one of ours", async ({ admin, page }) => {
  await admin.signIn();
  const sisters = 'rule "Sister company" when organization is "valley" { route to patrol }\n\nrule "';
  await admin.rewrite(await admin.planWith('rule "', sisters));
  await admin.tab("What changes");
  const change = page.getByRole("listitem").filter({ hasText: "→ patrol" }).first();
  await change.getByRole("button", { name: "Try one of them" }).click();
  await expect(page.getByLabel("Organization")).toHaveValue("valley");
  await expect(admin.panel).toContainText("goes to patrol");
  await page.getByRole("button", { name: "Ours" }).click();
  await expect(page.getByLabel("Organization")).toHaveCount(0);
  await expect(admin.panel).not.toContainText("goes to patrol");
});

test("what a caller sends is text, whatever it looks like", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  const hostile = '<img src=x onerror="document.title=1">';
  await page.getByLabel("Caller", { exact: true }).fill(hostile);
  await expect(admin.panel).toContainText("goes to");
  await admin.server.call("+18025550100", "2027-01-12T13:30:00Z", hostile);
  await admin.visit("Calls");
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("cell", { name: hostile })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.locator("img")).toHaveCount(0);
  await expect(page).toHaveTitle("Calls · callplan");
});
