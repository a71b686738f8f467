/** Current state is told on every page, and warnings follow what they rest on. */

import { type Admin, expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

const PAGES = ["plan/try", "calls", "history", "history/1", "switches", "agents", "numbers"];

async function agentOf(admin: Admin, name: string): Promise<string> {
  const { items } = await admin.server.ask<{ items: { id: string; name: string }[] }>("GET", "/core/agents");
  return items.find((it) => it.name === name)?.id ?? "";
}

test("on every page it is told that the plan is off, that a switch is on, that an agent cannot answer, that dates end", async ({ admin, page, server }) => {
  test.slow();
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  // A list that is kept by the year, and ends soon.
  const holidays = [-400, -300, 10].map(inDays).join(", ");
  const text = await admin.planWith("schedule lifts {", `days holidays = [${holidays}]\n\nschedule lifts except holidays {`);
  await server.save(text);
  await server.ask("PUT", `/core/agents/${await agentOf(admin, "recordings")}`, { active: false });
  await server.ask("PUT", `${CONFIG}/switches/storm`, { on: true, until: "2031-01-01T11:00:00Z" });
  await server.ask("PUT", CONFIG, { enabled: false });
  await admin.signIn("calls");
  const banner = page.getByRole("region", { name: "Current state" });
  for (const route of PAGES) {
    await admin.open(route);
    await expect(banner).toContainText("The plan is switched off. Each number's own agent answers.");
    await expect(banner).toContainText("Switch storm is on, until 1 Jan 2031, 06:00 in America/New_York.");
    await expect(banner).toContainText("the agent recordings is inactive");
    await expect(banner).toContainText("Dates of the plan end");
  }
  await banner.getByRole("button", { name: "Put it in force" }).click();
  await admin.confirm("Put the plan in force");
  await expect(banner).not.toContainText("switched off");
  await banner.getByRole("button", { name: "Turn storm off" }).click();
  await admin.confirm("Turn storm off");
  await expect(banner).not.toContainText("storm");
  expect(await server.ask(`GET`, CONFIG)).toMatchObject({ enabled: true });
});

test("where all is as it should be there is no banner", async ({ admin, page }) => {
  await admin.signIn("switches");
  await expect(page.getByRole("switch", { name: "storm" })).toBeVisible();
  await expect(page.locator(".banner")).toHaveCount(0);
});

test("an agent of the plan that is made inactive is a problem at once, without a key", async ({ admin, page }) => {
  await admin.signIn();
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
  await admin.visit("Agents");
  await page.getByRole("link", { name: "recordings" }).click();
  await page.getByRole("button", { name: "Deactivate" }).click();
  await admin.confirm("Deactivate");
  await expect(page.getByRole("region", { name: "Current state" })).toContainText("the agent recordings is inactive");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Plan" }).click();
  await expect(page.getByRole("link", { name: "1 warning" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
  await expect(page.locator(".banner")).toHaveCount(0);
});

test("what somebody else does to an agent is seen too, and beside a draft", async ({ admin, page, server }) => {
  await page.clock.install();
  await admin.signIn("plan/problems");
  await admin.append("\n# my draft");
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
  await server.ask("PUT", `/core/agents/${await agentOf(admin, "recordings")}`, { active: false });
  await page.clock.runFor(31_000);
  await expect(page.getByRole("link", { name: "1 warning" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Current state" })).toContainText("the agent recordings is inactive");
});

test("a version that somebody else publishes is seen without coming back to the tab", async ({ admin, page, server }) => {
  await page.clock.install();
  const id = await agentOf(admin, "snow_desk");
  await server.ask("POST", `/core/agents/${id}/versions`, {});
  await admin.signIn("plan/problems");
  await admin.rewrite(await admin.planWith(`"${id}"`, `"${id}" version 2`));
  await page.clock.runFor(1000);
  await expect(admin.panel).toContainText("version 2 of this agent is a draft");
  await server.ask("POST", `/core/agents/${id}/versions/2/publish`, {});
  await page.clock.runFor(31_000);
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
});

test("the page of an agent shows what somebody else has published", async ({ admin, page, server }) => {
  await page.clock.install();
  const id = await agentOf(admin, "snow_desk");
  await server.ask("POST", `/core/agents/${id}/versions`, {});
  await admin.signIn(`agents/${id}`);
  await expect(page.getByRole("listitem").filter({ hasText: "Version 2" })).toContainText("draft");
  await server.ask("POST", `/core/agents/${id}/versions/2/publish`, {});
  await page.clock.runFor(31_000);
  await expect(page.getByRole("listitem").filter({ hasText: "Version 2" })).toContainText("published");
});

test("when the date changes, the plan is checked again", async ({ admin, page }) => {
  await page.clock.install();
  await admin.signIn("plan/problems");
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
  await page.clock.runFor(1000);
  const asked = page.waitForRequest((request) => request.url().endsWith("/check"));
  await page.clock.fastForward("24:00:00");
  await page.clock.runFor(31_000);
  await asked;
});

test("that every call gets a decision is said only where it is so in the end", async ({ admin, page, server }) => {
  await admin.signIn("plan/problems");
  await expect(admin.panel).toContainText("Every call gets a decision. ");
  await admin.rewrite("when caller is anonymous { reject }\nfallback\n");
  await expect(admin.panel).toContainText("Every call gets a decision, or goes to the fallback agent snow_desk.");
  await server.ask("PUT", CONFIG, { fallback_agent_id: null });
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(page.getByRole("link", { name: "1 warning" })).toBeVisible();
  await expect(admin.panel).toContainText("calls that get here are cut off, because there is no fallback agent");
  await admin.panel.getByRole("link", { name: "Choose a fallback agent" }).click();
  await page.getByLabel("Fallback agent").selectOption("patrol");
  await page.getByRole("button", { name: "Set the fallback agent" }).click();
  await admin.confirm("Set the fallback agent");
  await expect(page.getByRole("link", { name: "No problems" })).toBeVisible();
  await server.ask("PUT", `/core/agents/${await agentOf(admin, "patrol")}`, { active: false });
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await admin.tab("Problems");
  await expect(admin.panel).toContainText("because the fallback agent is not active");
});

test("an organization without an agent is not led to a plan that cuts every call off", async ({ admin, page, server }) => {
  await server.ask("DELETE", CONFIG);
  const { items } = await server.ask<{ items: { id: string }[] }>("GET", "/core/agents");
  for (const { id } of items) await server.ask("PUT", `/core/agents/${id}`, { active: false });
  await admin.open();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("link", { name: "Create an agent first" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Begin with office hours" })).toHaveCount(0);
  await admin.rewrite("timezone America/New_York\n\nfallback\n");
  await expect(page.getByRole("link", { name: "1 warning" })).toBeVisible();
  await admin.tab("Problems");
  await expect(admin.panel).toContainText("calls that get here are cut off, because there is no fallback agent");
});
