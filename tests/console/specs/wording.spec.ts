/** What the page says is what one would say: the words of buttons, headings and sentences. */

import { readdir, readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

const button = (page: Page, name: string) => expect(page.getByRole("button", { name, exact: true })).toBeVisible();
const heading = (page: Page, name: string) => expect(page.getByRole("heading", { name })).toBeVisible();

test("the pages of calls, agents, switches and revisions use the usual words", async ({ admin, page, server }) => {
  await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await server.ask("PUT", CONFIG, { fallback_agent_id: null });
  await admin.signIn("calls");
  await button(page, "Refresh");
  await page.getByLabel("Rule").fill("No such rule");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("No calls match this filter.")).toBeVisible();
  await admin.visit("Agents");
  await button(page, "Create agent");
  await expect(page.getByRole("columnheader", { name: "Created" })).toBeVisible();
  await admin.visit("Switches");
  await expect(page.getByLabel("Turn off automatically at")).toBeVisible();
  await admin.visit("History");
  await expect(page.getByText("no fallback agent")).toBeVisible();
  await page.getByRole("link", { name: "Revision 2" }).click();
  await heading(page, "Calls that change");
  await heading(page, "Lines that change");
  await heading(page, "Full text");
});

test("the plan's panels and the sheet of keys use the usual words", async ({ admin, page, server }) => {
  await server.ask("PUT", CONFIG, { fallback_agent_id: null });
  await admin.signIn("plan/try");
  await page.getByLabel("Date", { exact: true }).fill("2027-01-12");
  const path = page.getByRole("list", { name: "The path through the plan" });
  await expect(path).toContainText("not true: ");
  await admin.rewrite(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await admin.tab("What changes");
  await expect(admin.panel.getByText("Takes effect with the next call.")).toBeVisible();
  await expect(admin.panel.getByRole("heading", { name: "Among all possible calls" })).toBeVisible();
  await admin.tab("Settings");
  await expect(page.getByLabel("Fallback agent").getByRole("option", { name: "no fallback agent" })).toBeAttached();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByText("Apply the fix of the problem at the cursor")).toBeVisible();
  await expect(page.getByText("Format the plan")).toBeVisible();
});

test("a conflict says who did what, and a failure of the page is told as one", async ({ admin, page, server }) => {
  await admin.signIn();
  await admin.append("\n# mine");
  await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await admin.save();
  await expect(page.getByRole("dialog", { name: "Someone saved revision 2 while you were editing" })).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.route("**/core/agents/*/versions*", (route) => route.fulfill({ status: 200, contentType: "application/json", body: "null" }));
  await admin.visit("Agents");
  await page.getByRole("main").getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("alert")).toContainText("Something went wrong in this page");
});

/** Words that nobody says: none of them may come back, in any source of the page. */
test("no source of the page has the old words", async () => {
  const old = /Look again|Lay the plan out|Its text<|Which calls<|Which lines<|It holds from the next call|On your own clock|Off again at|did not hold|Of all calls that can come|was saved in between|[Ww]ho stands in|None is in the log|The page made a mistake|>\s*Make it\s*</;
  const folder = new URL("../../../console/src/", import.meta.url);
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  expect(names.length).toBeGreaterThan(50);
  const found = await Promise.all(names.map(async (name) => old.exec(await readFile(new URL(name, folder), "utf8"))?.[0]));
  expect(found.filter(Boolean)).toEqual([]);
});
