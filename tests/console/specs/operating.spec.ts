/** Beside the plan: history, switches, the log of calls, agents and numbers. */

import { expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

const MORNING = "2027-01-12T08:30:00-05:00";

test("a switch that is turned on changes the next call, and the log tells why", async ({ admin, page, server }) => {
  expect((await server.call("+18025550100", MORNING)).rule).toBe("Lifts are running");
  await admin.signIn("switches");
  await page.getByRole("switch", { name: "storm" }).click();
  await admin.confirm("Turn storm on");
  await expect(page.getByRole("switch", { name: "storm" })).toHaveAttribute("aria-checked", "true");
  expect((await server.call("+18025550100", MORNING)).rule).toBe("Storm");
  await admin.visit("Calls");
  await page.getByLabel("Rule").fill("Storm");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("row").nth(1).getByRole("link").click();
  await expect(page.getByText("went to storm_desk")).toBeVisible();
  await expect(page.getByRole("list", { name: "The path through the plan" })).toContainText("storm is on");
  await expect(page.locator(".cm-path-decided")).toContainText("route to storm_desk");
  await page.getByRole("button", { name: "Try it on the draft" }).click();
  await expect(admin.panel).toContainText("goes to storm_desk");
});

test("a switch ends by itself at the time that one says, and can be turned off before", async ({ admin, page, server }) => {
  await admin.signIn("switches");
  await page.getByLabel("Turn off automatically at").fill("2031-01-01T06:00");
  await page.getByRole("button", { name: "Turn on until then" }).click();
  await admin.confirm("Turn storm on");
  await expect(page.getByText("On until 1 Jan 2031, 06:00")).toBeVisible();
  expect(await server.ask("GET", "/core/inbound-routing-config/switches")).toMatchObject({
    items: [{ name: "storm", on: true, until: "2031-01-01T11:00:00Z" }],
  });
  await page.getByRole("switch", { name: "storm" }).click();
  await admin.confirm("Turn storm off");
  await expect(page.getByRole("switch", { name: "storm" })).toHaveAttribute("aria-checked", "false");
});

test("history shows who saved what, in lines and in calls, and brings it back", async ({ admin, page, server }) => {
  const first = (await server.plan()).workflow_definition;
  await server.save(first.replace("08:30-16:00", "08:30-17:00"));
  await admin.signIn("history");
  await expect(page.getByText("in force", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Revision 2" }).click();
  await expect(page.getByRole("group", { name: "Lines that change" })).toContainText("08:30-17:00");
  await expect(page.getByText("recordings → snow_desk")).toBeVisible();
  await page.getByRole("link", { name: "← History" }).click();
  await page.getByRole("link", { name: "Revision 1" }).click();
  await page.getByRole("button", { name: "Restore" }).click();
  await admin.confirm("Restore revision 1");
  await expect(page.getByText("Revision 1 is restored, as revision 3.")).toBeVisible();
  expect((await server.plan()).workflow_definition).toBe(first);
});

test("the log is read page by page", async ({ admin, page, server }) => {
  for (let count = 0; count < 55; count += 1) await server.call("+18025550100", MORNING);
  await admin.signIn("calls");
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("row")).toHaveCount(51, { timeout: 1000 });
  }).toPass();
  await page.getByRole("button", { name: "Earlier calls" }).click();
  await expect(page.getByRole("row")).toHaveCount(56);
  await expect(page.getByRole("button", { name: "Earlier calls" })).toHaveCount(0);
});

test("a refreshed log has no gap where the further calls begin", async ({ admin, page, server }) => {
  const hour = (at: number) => `2026-07-15T${String(at % 24).padStart(2, "0")}:00:00Z`;
  for (let at = 0; at < 60; at += 1) await server.call("+18025550119", hour(at));
  await admin.signIn("calls");
  const rows = page.getByRole("table", { name: "Calls" }).getByRole("row");
  await page.getByRole("button", { name: "Earlier calls" }).click();
  await expect(rows).toHaveCount(61);
  for (let at = 0; at < 7; at += 1) await server.call("+18025550119", hour(at));
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    // The first page, of fifty, whose end is another one now.
    await expect(rows).toHaveCount(51, { timeout: 1000 });
    await page.getByRole("button", { name: "Earlier calls" }).click();
    await expect(rows).toHaveCount(68, { timeout: 2000 });
  }).toPass();
});

test("what one writes for a switch stays while the plan is still being read", async ({ admin, page, server }) => {
  await server.ask("PUT", `${CONFIG}/switches/storm`, { on: true });
  let read = () => {};
  const isRead = new Promise<void>((resolve) => (read = resolve));
  await page.route(`**${CONFIG}`, async (route) => {
    await isRead;
    await route.fallback();
  });
  await admin.signIn("switches");
  const until = page.getByLabel("Turn off automatically at");
  await until.fill("2027-01-12T06:00");
  read();
  // The banners are of the plan.
  await expect(page.getByText("Switch storm is on").first()).toBeVisible();
  await expect(until).toHaveValue("2027-01-12T06:00");
  await expect(page.getByRole("button", { name: "Set the end" })).toBeEnabled();
});

test("an agent is made, given a version, published, and given a number", async ({ admin, page }) => {
  await admin.signIn("agents");
  await page.getByLabel("New agent").fill("Night desk");
  await page.getByRole("button", { name: "Create agent" }).click();
  await expect(page.getByRole("heading", { name: "Night desk" })).toBeVisible();
  await page.getByRole("button", { name: "New draft" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await admin.confirm("Publish version 1");
  await expect(page.getByText("Version 1 is published.")).toBeVisible();
  await page.getByLabel("Give a number").fill("+18025550119");
  await page.getByRole("button", { name: "Assign" }).click();
  await admin.confirm("Assign +18025550119");
  await expect(page.getByRole("button", { name: "Take +18025550119 away from version 1" })).toBeVisible();
  await admin.visit("Numbers");
  await expect(page.getByRole("row", { name: /\+18025550119 main Night desk v1/ })).toBeVisible();
  await page.getByRole("link", { name: "Night desk v1" }).click();
  await page.getByRole("button", { name: "Take +18025550119 away from version 1" }).click();
  await admin.confirm("Take +18025550119 away");
  await expect(page.getByText("+18025550119 has no agent of its own now.")).toBeVisible();
});
