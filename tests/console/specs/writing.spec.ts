/** Writing a plan: problems in place, their fixes, completion, meanings, layout; all by the keyboard too. */

import { expect, test } from "../admin.ts";

test("a mistake is told in place, and its fix is one click", async ({ admin, page }) => {
  await admin.signIn("plan/problems");
  await expect(admin.panel).toContainText("No problems");
  await admin.rewrite(await admin.planWith("route to recordings", "route to recordngs"));
  await expect(admin.panel).toContainText("no agent is called recordngs");
  await expect(page.locator(".cm-lintRange-error")).toHaveText(["recordngs"]);
  await admin.panel.getByRole("button", { name: "Suggestion: write recordings" }).click();
  await expect(admin.panel).toContainText("No problems");
});

test("F8 goes to the problem, the bubble has the fix, and Ctrl . makes it", async ({ admin, page }) => {
  await admin.signIn("plan/problems");
  await admin.rewrite(await admin.planWith("lifts is open", "lift is open"));
  await admin.editor.press("ControlOrMeta+Home");
  await expect(page.locator(".cm-lintRange-error")).toHaveText(["lift"]);
  await admin.editor.press("F8");
  await expect(page.locator(".cm-diagnostic")).toContainText("lift");
  await expect(page.locator(".cm-diagnosticAction")).toHaveText(["Suggestion: write lifts"]);
  await admin.editor.press("ControlOrMeta+.");
  await expect(admin.panel).toContainText("No problems");
});

test("columns are counted in characters: a mistake behind an emoji is marked where it is", async ({ admin, page }) => {
  await admin.signIn("plan/problems");
  await admin.rewrite('rule "🎿🎿 é" when caler is anonymous { reject }\nfallback\n');
  await expect(page.locator(".cm-lintRange-error")).toHaveText(["caler"]);
  await admin.panel.getByRole("button", { name: "Fix: write caller" }).click();
  await expect(admin.editor).toContainText('rule "🎿🎿 é" when caller is anonymous { reject }');
});

test("a fix says whether it is safe, and no key chooses between two", async ({ admin, page }) => {
  await admin.signIn("plan/problems");
  await admin.rewrite("rout to \"x\"\n");
  await expect(admin.panel.locator(".fixes button")).toHaveText(["Fix: write route to"]);
  const mixed = "when caller is anonymous and trunk is \"a\" or trunk is \"b\" { reject }\nfallback\n";
  await admin.rewrite(mixed);
  await expect(admin.panel.locator(".fixes button")).toHaveText([/^Suggestion: /, /^Suggestion: /]);
  await admin.editor.press("ControlOrMeta+Home");
  await admin.editor.press("F8");
  await admin.editor.press("ControlOrMeta+.");
  await expect(admin.panel).toContainText("parentheses must say");
  await expect(page.locator(".cm-diagnosticAction")).toHaveCount(2);
});

test("completion knows the plan's names, and the pointer what they mean", async ({ admin, page }) => {
  await admin.signIn();
  await admin.editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("\nroute to sno");
  await expect(page.locator(".cm-tooltip-autocomplete")).toContainText("snow_desk");
  await page.keyboard.press("Tab");
  await expect(admin.editor).toContainText("route to snow_desk");
  await admin.editor.press("ControlOrMeta+Home");
  await page.locator(".cm-line", { hasText: "schedule lifts" }).getByText("lifts").hover();
  await expect(page.locator(".cm-meaning")).toContainText("lifts");
});

test("Format changes the layout alone, and undo takes it back", async ({ admin }) => {
  await admin.signIn();
  await admin.rewrite(await admin.planWith("  route to patrol", "      route    to patrol"));
  await expect(admin.editor).toContainText(/route {4}to patrol/);
  await admin.editor.press("Alt+Shift+F");
  await expect(admin.editor).not.toContainText(/route {4}to patrol/);
  await admin.editor.press("ControlOrMeta+z");
  await expect(admin.editor).toContainText(/route {4}to patrol/);
});

test("the sheet of shortcuts opens by its key and gives the focus back", async ({ admin, page }) => {
  await admin.signIn("switches");
  await page.getByRole("link", { name: "Plan" }).focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Plan" })).toBeFocused();
});

test("Tab leaves the editor: nobody is caught in it", async ({ admin, page }) => {
  await admin.signIn("plan/try");
  await admin.editor.click();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("tab", { name: "Try a call" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "The week" })).toBeFocused();
});

test("a word that is free as a name has a word's color where it means something", async ({ admin, page }) => {
  await admin.signIn();
  await admin.rewrite(`days d = [2 days before easter "Good Friday", day after easter "Monday", fifth mon of may "Late"]
days before = [every 01-01 "New Year"]
schedule also except before {
  wed                    also 18:00-20:00
  first sat of month     09:00-12:00
  every 2 weeks from 2027-01-04 10:00-12:00
}
rotation week {
  from 2027-01-04 08:00 every week bell, chen
}
when also is open and dialed is +18005550100 { route to week }`);
  const line = (number: number) => page.locator(".cm-line").nth(number - 1);
  const styleOf = (number: number, word: string, at = 0) =>
    line(number)
      .locator("span:not(.cm-lintRange)", { hasText: new RegExp(`^${word}$`) })
      .nth(at)
      .getAttribute("class");
  const [keyword, joining, defined] = [await styleOf(1, "days"), await styleOf(4, "also"), await styleOf(1, "d")];
  expect(new Set([keyword, joining, defined]).size).toBe(3);
  expect([await styleOf(1, "days", 1), await styleOf(1, "before"), await styleOf(1, "easter"), await styleOf(1, "easter", 1), await styleOf(1, "fifth")]).toEqual(Array(5).fill(joining));
  expect([await styleOf(5, "month"), await styleOf(6, "weeks"), await styleOf(9, "week")]).toEqual(Array(3).fill(joining));
  expect(await styleOf(8, "rotation")).toBe(keyword);
  expect([await styleOf(2, "before"), await styleOf(3, "also"), await styleOf(8, "week")]).toEqual(Array(3).fill(defined));
  // As a name it has none of these.
  expect([joining, keyword, defined]).not.toContain(await styleOf(3, "before"));
});
