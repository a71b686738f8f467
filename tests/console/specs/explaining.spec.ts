/** From a problem to what it means, and between the editor and the panel: in one step each. */

import type { Page } from "@playwright/test";
import { expect, test } from "../admin.ts";
import { findNothing } from "../axe.ts";
import { CONFIG } from "../server.ts";

/** What has the focus: the editor's content is in a shadow root. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? (element as HTMLInputElement)?.labels?.[0]?.textContent ?? element?.textContent ?? "";
  });

test("a problem shows its code, and one press opens what it means, within the page", async ({ admin, page, server }) => {
  await admin.signIn("plan/problems");
  await admin.rewrite(await admin.planWith("08:30-16:00", "08:30-8:30pm"));
  const problem = admin.panel.getByRole("listitem").filter({ hasText: "bad-time" }).first();
  await expect(problem).toContainText("error");
  const asked = page.waitForRequest(`${server.base}/console/explanations/bad-time`);
  await problem.getByText("What does this mean?").click();
  await asked;
  const summary = (await server.ask<{ text: string }>("GET", "/console/explanations/bad-time")).text.split("\n")[0] ?? "";
  await expect(problem).toContainText(summary.replaceAll("`", ""));
  await expect(problem.getByLabel("A plan with this problem")).toContainText("route to");
  await expect(problem.getByLabel("The plan without it")).toBeVisible();
  await expect(page).toHaveURL(/#\/plan\/problems$/);
  await findNothing(page);
});

test("every code of a check has its explanation, which needs no key; another name has none", async ({ server, request }) => {
  const catalogue = await request.get(`${server.base}/console/explanations/ambiguous-condition`);
  expect(await catalogue.json()).toMatchObject({ code: "ambiguous-condition", text: expect.stringContaining("```callplan wrong") });
  expect((await request.get(`${server.base}/console/explanations/no-such-code`)).status()).toBe(404);
  expect((await request.get(`${server.base}/console/explanations/${"a".repeat(5000)}`)).status()).toBe(404);
});

test("a warning about the fallback agent has an explanation too", async ({ admin, page, server }) => {
  await server.ask("PUT", CONFIG, { fallback_agent_id: null });
  await admin.signIn("plan/problems");
  await admin.rewrite("when caller is anonymous { reject }\nfallback\n");
  const problem = admin.panel.getByRole("listitem").filter({ hasText: "nobody-answers" });
  await problem.getByText("What does this mean?").click();
  await expect(problem).toContainText("The plan leaves calls to the fallback agent, and the fallback agent cannot answer.");
});

test("an explanation that cannot be loaded says so, and is asked for again", async ({ admin, page }) => {
  admin.expected.push(/status of 500/);
  await admin.signIn("plan/problems");
  await page.route("**/console/explanations/**", (route) => route.fulfill({ status: 500, json: {} }));
  await admin.rewrite(await admin.planWith("08:30-16:00", "08:30-8:30pm"));
  await page.getByText("What does this mean?").first().click();
  await expect(admin.panel.getByRole("alert")).toContainText("The server answered 500.");
  await page.unroute("**/console/explanations/**");
  await admin.panel.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByLabel("A plan with this problem")).toBeVisible();
});

test("F2 goes from the editor to the panel's first field, and back to where one wrote", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  await admin.editor.press("ControlOrMeta+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  expect(await focused(page)).toBe("Caller");
  await page.keyboard.press("F2");
  expect(await focused(page)).toBe("Plan");
  await page.keyboard.type("here");
  await expect(admin.editor.locator(".cm-line").first()).toContainText(/^.here/);
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByText("Go from the editor to the panel, and back")).toBeVisible();
  await page.keyboard.press("F2");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await focused(page)).not.toBe("Plan");
});

test("from the top, the panel's first field is three keys away; other pages have no such link", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  await page.reload();
  await expect(page.getByLabel("Caller", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the panel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Caller", { exact: true })).toBeFocused();
  await admin.open("calls");
  await expect(page.getByRole("link", { name: "Skip to the panel" })).toHaveCount(0);
});

test("on a Mac the keys are those of a Mac", async ({ admin, page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "platform", { get: () => "MacIntel" }));
  await admin.signIn("plan/problems");
  await admin.rewrite(await admin.planWith("route to patrol", "route to patol"));
  await expect(admin.panel.getByText("⌘ .")).toBeVisible();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByRole("dialog")).toContainText("⌥ ⇧ F");
  await expect(page.getByRole("dialog")).not.toContainText("Ctrl");
});
