/** Saving: what changes is known before, nobody's save is written over, and no draft is lost. */

import { expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

const LONGER = ["08:30-16:00", "08:30-17:00"] as const;

test("before saving one sees which calls change, with one to try, and then saves", async ({ admin, page, server }) => {
  await server.call("+18025550100", "2027-01-12T16:30:00-05:00");
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  await admin.editor.press("ControlOrMeta+s");
  const change = page.getByRole("listitem").filter({ hasText: "recordings → snow_desk" }).first();
  await expect(change).toContainText("calls to any number but +18025550119");
  await expect(admin.panel).toContainText("1 would have been decided differently", { timeout: 20_000 });
  await change.getByRole("button", { name: "Try one of them" }).click();
  await expect(admin.panel).toContainText("goes to snow_desk");
  await admin.save();
  await expect(page.getByRole("status")).toContainText(["Saved as revision 2"]);
  await expect(page.locator(".plan-head").getByText("Revision 2")).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain(LONGER[1]);
});

test("an example that fails stands in the way of saving, and says so", async ({ admin, page }) => {
  await admin.signIn("plan/changes");
  await admin.rewrite(await admin.planWith("every 12-25                 10:00-15:00", "every 12-25                 09:30-15:00"));
  await expect(admin.panel).toContainText("an example or a proof that fails");
  await expect(page.getByRole("button", { name: "Save it now" })).toBeDisabled();
});

test("another admin's save is shown, and mine is kept only when I say so", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  const theirs = await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back.");
  await server.save(theirs);
  await admin.save();
  const dialog = page.getByRole("dialog", { name: "Someone saved revision 2 while you were editing" });
  await expect(dialog).toContainText("Day tickets are paid back.");
  await expect(dialog).toContainText("key “demo” (this key)");
  expect((await server.plan()).workflow_definition).toBe(theirs);
  await dialog.getByRole("button", { name: "Keep mine, and review it" }).click();
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Saved as revision 3")).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain(LONGER[1]);
});

test("a save that slips in at the last moment is refused by the service, and shown", async ({ admin, page, server }) => {
  admin.expected.push(/status of 412/);
  await admin.signIn();
  const mine = await admin.planWith(...LONGER);
  const theirs = await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back.");
  await admin.rewrite(mine);
  await page.route(`**${CONFIG}`, async (route) => {
    if (route.request().method() === "PUT") await server.save(theirs);
    await route.continue();
  });
  await admin.save();
  const dialog = page.getByRole("dialog", { name: "Someone saved revision 2 while you were editing" });
  await dialog.getByRole("button", { name: "Take theirs" }).click();
  await expect(admin.editor).toContainText("Day tickets are paid back.");
  expect((await server.plan()).workflow_definition).toBe(theirs);
  await admin.editor.press("ControlOrMeta+z");
  await expect(admin.editor).toContainText(LONGER[1]);
});

test("a draft is offered again after a reload, and can be discarded", async ({ admin, page }) => {
  await admin.signIn();
  await admin.append("\n# unsaved");
  await expect(page.getByText("changed", { exact: false }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText("is here again")).toBeVisible();
  await admin.editor.press("ControlOrMeta+End");
  await expect(admin.editor).toContainText("# unsaved");
  await page.getByRole("button", { name: "Discard it" }).click();
  await expect(admin.editor).not.toContainText("# unsaved");
  await page.reload();
  await expect(admin.editor).toContainText("Mount Alder");
  await expect(page.getByText("is here again")).toHaveCount(0);
});

test("a lost connection is told and loses no edit; once it is back, the check goes on", async ({ admin, page, context }) => {
  admin.expected.push(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
  await admin.signIn("plan/problems");
  await context.setOffline(true);
  await admin.append("\nroute to nobody_at_all");
  await expect(page.getByText("The server cannot be reached.")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("The server cannot be reached.")).toHaveCount(0);
  await expect(admin.panel).toContainText("no agent is called nobody_at_all");
});

test("a plan with errors cannot be saved, and an organization without a plan begins with one", async ({ admin, page, server }) => {
  await server.ask("DELETE", CONFIG);
  await admin.open();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Begin with office hours" }).click();
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
  await admin.tab("What changes");
  await page.getByRole("button", { name: "Save the plan" }).click();
  await expect(page.getByText("Saved as revision 2")).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain("schedule office");
});

test("switching the plan off and choosing the fallback agent takes effect at once, beside a draft", async ({ admin, page, server }) => {
  await admin.signIn("plan/settings");
  await admin.append("\n# my draft");
  await page.getByRole("switch", { name: "The plan is in force" }).click();
  await admin.confirm("Switch the plan off");
  await expect(admin.panel).toContainText("The plan is switched off");
  await page.getByLabel("Fallback agent").selectOption("recordings");
  await page.getByRole("button", { name: "Set the fallback agent" }).click();
  await admin.confirm("Set the fallback agent");
  await expect(page.getByText("The fallback agent is recordings.")).toBeVisible();
  expect(await server.ask("GET", CONFIG)).toMatchObject({ enabled: false, revision: 3 });
  await expect(admin.editor).toContainText("# my draft");
  await expect(page.getByText("was saved while you were writing")).toHaveCount(0);
});

test("the plan is deleted while one writes: the draft stays, and can be saved as the plan", async ({ admin, page, server }) => {
  // The switches may be asked for before the page knows that there are none.
  admin.expected.push(/status of 404/);
  await admin.signIn();
  await admin.append("\n# my draft");
  await server.ask("DELETE", CONFIG);
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await page.getByRole("button", { name: "See their changes" }).first().click();
  await expect(page.getByText("Someone deleted the plan while you were editing.")).toBeVisible();
  await expect(admin.editor).toContainText("# my draft");
  await page.getByRole("button", { name: "Save the plan" }).click();
  await expect(page.getByText(/Saved as revision \d+/)).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain("# my draft");
});
