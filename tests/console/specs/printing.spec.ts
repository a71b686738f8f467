/** On paper, and where the system forces its colors: what the page says without its colors and without the app around it. */

import type { Locator, Page } from "@playwright/test";
import { findNothing } from "../axe.ts";
import { expect, test } from "../admin.ts";

const MORNING = "2027-01-12T08:30:00-05:00";

async function isWithoutApp(page: Page): Promise<void> {
  for (const role of ["navigation", "tablist"] as const) await expect(page.getByRole(role)).toBeHidden();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Format" })).toBeHidden();
  await expect(page.locator(".printed").first()).toContainText("Mount Alder");
}

const styleOf = (locator: Locator, property: string) => locator.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

test("the week prints as a page of its own: whose, of which revision, to which number, with its table", async ({ admin, page }) => {
  await admin.signIn("plan/week");
  await page.getByLabel("The week of").fill("2026-12-21");
  await expect(page.getByRole("heading", { name: "Mon 21 Dec to Sun 27 Dec" })).toBeVisible();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await isWithoutApp(page);
  await expect(admin.editor).toBeHidden();
  await expect(page.getByText("Revision 1, saved")).toBeVisible();
  await expect(page.getByText("Calls to +18025550100")).toBeVisible();
  await expect(page.getByText("on the clock of America/New_York")).toBeVisible();
  await expect(page.getByRole("list", { name: "Who answers" })).toBeVisible();
  await expect(page.getByLabel("The week of")).toBeHidden();
  await expect(page.getByRole("link", { name: "Try a call" })).toBeHidden();
  const { width } = (await page.locator(".week").boundingBox())!;
  expect(width).toBeGreaterThan(1200);
  expect(await styleOf(page.locator(".piece-name").first(), "color")).toBe("rgb(22, 33, 31)");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(2);
});

test("a plan prints with all its lines, black on white, though the page is dark", async ({ admin, page, server }) => {
  await admin.signIn("plan/problems");
  const comments = Array.from({ length: 400 }, (_, index) => `# line ${index} of a long plan`).join("\n");
  await admin.rewrite(`${(await server.plan()).workflow_definition}\n${comments}\n# the last line`);
  await expect(page.getByText("· changed")).toBeVisible();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await isWithoutApp(page);
  await expect(admin.panel).toBeHidden();
  await expect(page.getByText("with changes that are not saved")).toBeVisible();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(admin.editor).toContainText("# line 3 of a long plan");
  await expect(admin.editor).toContainText("# the last line");
  expect(await styleOf(page.locator("body"), "color")).toBe("rgb(29, 28, 26)");
  const pdf = await page.pdf();
  expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(4);
});

test("a call prints with its decision, its path and the plan that decided it", async ({ admin, page, server }) => {
  const { id } = await server.call("+18025550100", MORNING);
  await admin.signIn("calls");
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("row")).toHaveCount(2, { timeout: 1000 });
  }).toPass();
  await admin.open(`calls/${id}`);
  await expect(page.getByText("which decided it")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await isWithoutApp(page);
  await expect(page.getByRole("button", { name: "Try it on the draft" })).toBeHidden();
  await expect(page.getByRole("link", { name: "All calls" })).toBeHidden();
  await expect(page.getByText("went to snow_desk")).toBeVisible();
  await expect(page.getByRole("list", { name: "The path through the plan" })).toBeVisible();
  const plan = page.getByRole("textbox", { name: "The plan of revision 1" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(plan).toContainText('example "summer"');
  const [inner, outer] = [await plan.boundingBox(), await page.locator(".editor.reading").boundingBox()];
  expect(outer!.height).toBeGreaterThanOrEqual(inner!.height - 1);
});

test("with forced colors every state is still told from another", async ({ admin, page, server }) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await admin.signIn("plan/try");
  await page.getByLabel("Date", { exact: true }).fill("2027-01-12");
  await page.getByLabel("Time", { exact: true }).fill("08:30");
  await expect(admin.panel).toContainText("goes to snow_desk");
  const border = (locator: Locator) => locator.evaluate((element) => getComputedStyle(element).borderBottomColor);
  expect(await border(page.getByRole("tab", { name: "Try a call" }))).not.toBe(await border(page.getByRole("tab", { name: "Settings" })));
  expect(await border(page.getByRole("link", { name: "Plan", exact: true }))).not.toBe(await border(page.getByRole("link", { name: "Calls" })));
  const lines = await Promise.all(["missed", "held", "decided"].map((fate) => styleOf(page.locator(`.cm-path-${fate}`).first(), "border-left-style")));
  expect(new Set(lines).size).toBe(3);
  const marks = await page.locator(".way li").evaluateAll((items) => items.map((item) => `${item.className} ${getComputedStyle(item, "::before").backgroundColor}`));
  const colorOf = (fate: string) => marks.find((mark) => mark.startsWith(fate))?.slice(fate.length);
  expect(colorOf("missed")).not.toBe(colorOf("held"));
  await findNothing(page);

  await admin.tab("The week");
  await expect(page.getByRole("list", { name: "Who answers" })).toBeVisible();
  await page.getByLabel("The week of").fill("2026-12-21");
  await expect(page.locator(".swatch.look-1").first()).toBeVisible();
  const patterns = await page.locator(".legend .swatch").evaluateAll((swatches) => swatches.map((it) => getComputedStyle(it).backgroundImage));
  expect(patterns.length).toBeGreaterThan(1);
  expect(new Set(patterns).size).toBe(patterns.length);
  await findNothing(page);

  await server.ask("PUT", "/core/inbound-routing-config/switches/storm", { on: true });
  await admin.visit("Switches");
  const storm = page.getByRole("switch", { name: "storm" });
  await expect(storm).toHaveAttribute("aria-checked", "true");
  const knob = storm.locator("span");
  const on = [await styleOf(storm, "background-color"), await styleOf(knob, "background-color")];
  expect(on[0]).not.toBe(on[1]);
  await findNothing(page);
  await storm.click();
  await admin.confirm("Turn storm off");
  await expect(storm).toHaveAttribute("aria-checked", "false");
  const off = [await styleOf(storm, "background-color"), await styleOf(knob, "background-color")];
  expect(off[0]).not.toBe(off[1]);
  expect(off[0]).not.toBe(on[0]);
});
