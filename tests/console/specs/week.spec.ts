/** The week: who answers when, live. */

import { expect, test } from "../admin.ts";

test("the week is drawn, explained, and leads to a call at its moment", async ({ admin, page }) => {
  await admin.signIn("plan/week");
  await page.getByLabel("The week of").fill("2026-12-21");
  await page.getByLabel("The week of").press("Enter");
  await expect(page.getByRole("heading", { name: "Mon 21 Dec to Sun 27 Dec" })).toBeVisible();
  const christmas = page.getByRole("button", { name: "Fri 25 Dec, 10:00 to 15:00: snow_desk" });
  await expect(christmas).toBeVisible();
  await christmas.focus();
  await expect(page.getByText("Fri 25 Dec, 10:00")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("button", { name: "Fri 25 Dec, 15:00 to 24:00: recordings" })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Date")).toHaveValue("2026-12-25");
  await expect(page.getByLabel("Time")).toHaveValue("10:00");
  await expect(admin.panel).toContainText("goes to snow_desk");
});

test("until when somebody answers is told by the end of the state, not of the day", async ({ admin, page }) => {
  await admin.signIn("plan/week");
  await page.getByLabel("The week of").fill("2026-11-30");
  await page.getByLabel("The week of").press("Enter");
  const told = async (stretch: string, sentence: string) => {
    await page.getByRole("button", { name: stretch }).focus();
    await expect(page.locator(".moment")).toContainText(sentence);
  };
  await told("Mon 30 Nov, 00:00 to 24:00: recordings", "recordings, by rule “Lifts are closed”, until Sat 5 Dec, 08:00");
  await told("Sat 5 Dec, 00:00 to 08:00: recordings", "until 08:00");
  await told("Sat 5 Dec, 16:30 to 24:00: recordings", "until Sun 6 Dec, 08:00");
  await told("Sun 6 Dec, 16:30 to 24:00: recordings", "until the end of this week or longer");
});

test("it follows an edit, a switch, and the week that one chooses", async ({ admin, page }) => {
  await admin.signIn("plan/week");
  await page.getByLabel("The week of").fill("2027-01-11");
  await page.getByLabel("The week of").press("Enter");
  await expect(page.getByRole("button", { name: "Tue 12 Jan, 08:30 to 16:00: snow_desk" })).toBeVisible();
  await admin.rewrite(await admin.planWith("08:30-16:00", "07:45-16:00"));
  await expect(page.getByRole("button", { name: "Tue 12 Jan, 07:45 to 16:00: snow_desk" })).toBeVisible();
  await page.getByLabel("Switch storm").selectOption("on");
  await expect(page.getByRole("button", { name: "Tue 12 Jan, 00:00 to 24:00: storm_desk" })).toBeVisible();
  await page.getByRole("button", { name: "The week after" }).click();
  await expect(page.getByRole("button", { name: "Tue 19 Jan, 00:00 to 24:00: storm_desk" })).toBeVisible();
});

test("the same is there as a table", async ({ admin, page }) => {
  await admin.signIn("plan/week");
  await page.getByLabel("The week of").fill("2027-01-11");
  await page.getByLabel("The week of").press("Enter");
  await page.getByText("The week as a table").click();
  await expect(page.getByRole("row", { name: "Mon 11 Jan 08:30 16:00 snow_desk Lifts are running" })).toBeVisible();
});
