/** A change is made, and its answer is lost on the way: the page finds out what is so, and never takes one for another. */

import type { Page } from "@playwright/test";
import { type Admin, expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

const LONGER = ["08:30-16:00", "08:30-17:00"] as const;

/** Loses the next such request; its answer only, where it reaches the server. Does something else before one hears of it. */
async function lose(admin: Admin, method: string, path: string, what: "answer" | "request" = "answer", then: () => Promise<void> = async () => {}): Promise<void> {
  admin.expected.push(/ERR_CONNECTION_RESET/);
  let isLost = false;
  await admin.page.route(`**${path}`, async (route) => {
    if (isLost || route.request().method() !== method) return route.fallback();
    isLost = true;
    if (what === "answer") await route.fetch();
    await then();
    await route.abort("connectionreset");
  });
}

async function expectNoConflict(page: Page): Promise<void> {
  await expect(page.getByText("Not saved.")).toHaveCount(0);
  await expect(page.getByText("Someone saved")).toHaveCount(0);
  await expect(page.getByText("The server cannot be reached")).toHaveCount(0);
}

test("a save whose answer was lost is found again, and is no conflict with oneself", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  await lose(admin, "PUT", CONFIG);
  await admin.save();
  await expect(page.getByText("Saved as revision 2")).toBeVisible();
  await expectNoConflict(page);
  await admin.append("\n# and more");
  await expect(page.getByText("changed", { exact: false }).first()).toBeVisible();
  await expectNoConflict(page);
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Saved as revision 3")).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain("# and more");
});

test("what is written while the answer is missing goes on upon what was saved", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  await lose(admin, "PUT", CONFIG);
  await admin.save();
  await expect(page.getByText("The answer to your save was lost.")).toBeVisible();
  await admin.append("\n# written meanwhile");
  await expect(page.getByText("Saved as revision 2")).toBeVisible();
  await expectNoConflict(page);
  await admin.tab("What changes");
  await page.getByText("The text, line by line").click();
  await expect(page.getByRole("group", { name: "Lines that change" })).toContainText("added: # written meanwhile");
  await expect(page.getByRole("group", { name: "Lines that change" })).not.toContainText(LONGER[1]);
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Saved as revision 3")).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain("# written meanwhile");
});

test("a page that is loaded again before it is known whether the plan was saved finds out, too", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  await page.route("**/healthz", (route) => route.abort("connectionreset"));
  await lose(admin, "PUT", CONFIG);
  await admin.save();
  await expect(page.getByText("The answer to your save was lost.")).toBeVisible();
  await admin.append("\n# written meanwhile");
  await page.unroute("**/healthz");
  await page.reload();
  await expect(page.getByText("is here again")).toBeVisible();
  await expectNoConflict(page);
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Saved as revision 3")).toBeVisible();
  const { workflow_definition: text } = await server.plan();
  expect(text).toContain(LONGER[1]);
  expect(text).toContain("# written meanwhile");
});

test("a save that never reached the server is told as such, and can be made again", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  await lose(admin, "PUT", CONFIG, "request");
  await admin.save();
  await expect(page.getByText("Not saved. The connection was lost before the change reached the server.")).toBeVisible();
  expect((await server.plan()).revision).toBe(1);
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Saved as revision 2")).toBeVisible();
  await expectNoConflict(page);
});

test("somebody saves after a save whose answer was lost: both are told apart", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  await lose(admin, "PUT", CONFIG, "answer", async () => server.save(await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back.")));
  await admin.save();
  await expect(page.getByText("Saved as revision 2. Someone saved revision 3 after that.")).toBeVisible();
  await expect(admin.editor).toContainText("Day tickets are paid back.");
  await expect(page.getByText("Not saved.")).toHaveCount(0);
});

test("the first plan is found again, too", async ({ admin, page, server }) => {
  const { workflow_definition: text } = await server.plan();
  await server.ask("DELETE", CONFIG);
  await admin.open();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("There is no plan yet")).toBeVisible();
  await admin.rewrite(text);
  await lose(admin, "POST", CONFIG);
  await admin.tab("What changes");
  await page.getByRole("button", { name: "Save the plan" }).click();
  await expect(page.getByText("Saved as revision 2")).toBeVisible();
  await expectNoConflict(page);
});

test("a restored revision and a setting whose answers were lost are found again", async ({ admin, page, server }) => {
  await server.save(await admin.planWith(...LONGER));
  await admin.signIn("history/1");
  await lose(admin, "POST", `${CONFIG}/revisions/1/restore`);
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore revision 1" }).click();
  await expect(page.getByRole("dialog")).toContainText("The answer was lost.");
  await expect(page.getByText("Revision 1 is restored, as revision 3.")).toBeVisible();
  await admin.open("plan/settings");
  await lose(admin, "PUT", CONFIG);
  await page.getByRole("switch", { name: "The plan is in force" }).click();
  await admin.confirm("Switch the plan off");
  await expect(admin.panel).toContainText("The plan is switched off");
  expect(await server.ask("GET", CONFIG)).toMatchObject({ revision: 4, enabled: false });
  await admin.append("\n# my draft");
  await expectNoConflict(page);
});

test("that the server cannot be reached is said only as long as it cannot", async ({ admin, page, context }) => {
  admin.expected.push(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
  await admin.signIn("plan/changes");
  await admin.rewrite(await admin.planWith(...LONGER));
  await expect(page.getByText("recordings → snow_desk").first()).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Not saved. The server cannot be reached.")).toBeVisible();
  await context.setOffline(false);
  await expectNoConflict(page);
});

test("a server that takes a save and never answers is given up after a minute, and the save is found", async ({ admin, page, server }) => {
  await page.clock.install();
  await admin.signIn();
  await admin.rewrite(await admin.planWith(...LONGER));
  let isTaken = false;
  await page.route(`**${CONFIG}`, async (route) => {
    if (isTaken || route.request().method() !== "PUT") return route.fallback();
    await route.fetch();
    isTaken = true;
  });
  await admin.save();
  await expect.poll(() => isTaken).toBe(true);
  await expect(page.getByText("Saving…").first()).toBeVisible();
  await page.clock.runFor(61_000);
  await expect(page.getByText("Saved as revision 2")).toBeVisible();
  await expectNoConflict(page);
  expect((await server.plan()).workflow_definition).toContain(LONGER[1]);
});
