/** Where nothing can be said of the plan yet, the page says why, and nothing that is not so. */

import { type Admin, expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

/** Deletes all that stands in the editor. */
async function clear(admin: Admin): Promise<void> {
  await admin.editor.click();
  await admin.page.keyboard.press("ControlOrMeta+a");
  await admin.page.keyboard.press("Delete");
}

test("a plan without text has no errors, is not being checked, and has no clock", async ({ admin, page, server }) => {
  await server.ask("DELETE", CONFIG);
  await admin.open();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  for (const [tab, then] of [["Try a call", "calls are tried here"], ["The week", "its week is drawn here"], ["Problems", "its problems are listed here"]] as const) {
    await admin.tab(tab);
    await expect(admin.panel).toContainText(`The plan has no textOnce there is one, ${then}.`);
    await expect(admin.panel).not.toContainText(/errors|Checking|UTC/);
  }
});

test("a text that is deleted as a whole cannot be saved, and says so", async ({ admin, page, server }) => {
  await admin.signIn("plan/changes");
  await clear(admin);
  await expect(admin.panel).toContainText("A plan without text cannot be saved.");
  await expect(page.getByRole("button", { name: "Save it now" })).toBeDisabled();
  await admin.tab("Problems");
  await expect(admin.panel).toContainText("The plan has no text");
  expect((await server.plan()).revision).toBe(1);
});

test("while errors stand nothing is being compared, and it is not said that all is as before", async ({ admin, page }) => {
  await admin.signIn("plan/changes");
  await admin.rewrite(await admin.planWith("route to recordings", "route to recordngs"));
  await expect(admin.panel).toContainText("It cannot be saved yet: 1 error");
  await expect(admin.panel).toContainText("The plan has errors. This is what it did before.");
  await expect(admin.panel).not.toContainText(/omparing|as before/);
  const longer = await admin.planWith("08:30-16:00", "08:30-17:00");
  await admin.rewrite(longer);
  await expect(page.getByRole("listitem").filter({ hasText: "recordings → snow_desk" }).first()).toBeVisible();
  await admin.rewrite(longer.replace("route to recordings", "route to recordngs"));
  await expect(admin.panel).toContainText("(before the errors)");
  await expect(admin.panel).toContainText("recordings → snow_desk");
});

test("a plan with errors says so, and not that it is empty", async ({ admin, page, server }) => {
  await server.ask("DELETE", CONFIG);
  await admin.open();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await admin.rewrite("route to nobody\n");
  for (const tab of ["Try a call", "The week"]) {
    await admin.tab(tab);
    await expect(admin.panel).toContainText("The plan has errors");
  }
});
