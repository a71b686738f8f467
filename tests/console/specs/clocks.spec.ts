/** One clock, the plan's, named on each view; the reader's own beside it for whoever points at a time or listens. */

import type { Page } from "@playwright/test";
import { type Admin, expect, test } from "../admin.ts";
import { findNothing } from "../axe.ts";
import { CONFIG } from "../server.ts";
import { instantOf, momentAt, sayDates } from "../../../console/src/state/clock.ts";

const ZONE = "America/New_York";
const MORNING = "2027-01-12T08:30:05-05:00";

/** Opens the log once these calls are in it. */
async function logOf(admin: Admin, ...instants: string[]): Promise<void> {
  for (const instant of instants) await admin.server.call("+18025550100", instant);
  await admin.signIn("calls");
  await expect(async () => {
    await admin.page.getByRole("button", { name: "Refresh" }).click();
    await expect(admin.page.getByRole("row")).toHaveCount(instants.length + 1, { timeout: 1000 });
  }).toPass();
}

/** What a filter asks the service for. */
async function asked(page: Page, field: "since" | "until"): Promise<string | null> {
  const request = page.waitForRequest((it) => it.url().includes(`${field}=`));
  await page.getByRole("button", { name: "Filter" }).click();
  return new URL((await request).url()).searchParams.get(field);
}

test("a reading of a clock may come twice or never", () => {
  expect(momentAt("2027-11-07T01:30", ZONE)).toEqual({ instant: "2027-11-07T05:30:00.000Z", kind: "twice" });
  expect(momentAt("2027-11-07T01:30", ZONE, "last").instant).toBe("2027-11-07T06:30:00.000Z");
  expect(momentAt("2027-03-14T02:30", ZONE)).toEqual({ instant: "2027-03-14T07:30:00.000Z", kind: "skipped" });
  expect(momentAt("2027-07-01T12:00", ZONE).kind).toBe("once");
  expect(instantOf("2027-11-07T01:30", ZONE)).toBe("2027-11-07T05:30:00.000Z");
});

test("dates in a sentence are said as on the page, and nothing else is touched", () => {
  expect(sayDates("open on tue 2027-01-12 at 23:30, the last is 2026-12-10.")).toMatch(/^open on tue 12 Jan 2027 at (23:30|11:30 PM), the last is 10 Dec 2026\.$/);
  for (const same of ["+18025550100", "08:30-16:00", "call 12345-67-89", "id 2027-01-12-9", "9a2027-01-1"]) expect(sayDates(same)).toBe(same);
});

test.describe("a reader in Tokyo, in American English", () => {
  test.use({ timezoneId: "Asia/Tokyo", locale: "en-US" });

  test("calls have the decision's time with seconds, on the plan's clock; the log's where it differs, one's own in the tooltip", async ({ admin, page }) => {
    await logOf(admin, MORNING);
    await expect(page.getByText(`Times are on the plan’s clock, ${ZONE}.`)).toBeVisible();
    const cell = page.getByRole("cell").first();
    await expect(cell.getByRole("link")).toContainText("12 Jan 2027, 8:30:05 AM");
    await expect(cell).toContainText("logged ");
    const own = "your time (Tokyo): 12 Jan 2027, 10:30:05 PM";
    await expect(cell.locator("time").first()).toHaveAttribute("title", `12 Jan 2027, 8:30:05 AM in ${ZONE}; ${own}`);
    await expect(cell.getByRole("link")).toHaveAccessibleName(`12 Jan 2027, 8:30:05 AM (${own})`);
    await findNothing(page);
    await cell.getByRole("link").click();
    await expect(page.getByText(`12 Jan 2027, 8:30:05 AM in ${ZONE}`)).toBeVisible();
  });

  test("a call of now is not said to be logged at another time", async ({ admin, page }) => {
    await logOf(admin, new Date().toISOString());
    await expect(page.getByRole("cell").first()).not.toContainText("logged");
  });

  test("Since, Until and a switch's end are on the plan's clock", async ({ admin, page, server }) => {
    await logOf(admin, MORNING);
    await page.getByLabel("Since").fill("2026-07-01T08:00");
    await expect(page.getByText(`1 Jul 2026, 8:00 AM in ${ZONE}`)).toBeVisible();
    expect(await asked(page, "since")).toBe("2026-07-01T12:00:00.000Z");
    await page.getByRole("button", { name: "All calls" }).click();
    await expect(page.getByText("1 Jul 2026")).toHaveCount(0);
    await admin.visit("Switches");
    await page.getByLabel("Turn off automatically at").fill("2031-01-01T06:00");
    await page.getByRole("button", { name: "Turn on until then" }).click();
    await expect(page.getByRole("dialog")).toContainText(`until 1 Jan 2031, 6:00 AM in ${ZONE}`);
    await admin.confirm("Turn storm on");
    await expect(page.getByText("On until 1 Jan 2031, 6:00 AM")).toBeVisible();
    await expect(page.getByRole("region", { name: "Current state" })).toContainText(`until 1 Jan 2031, 6:00 AM in ${ZONE}`);
    expect(await server.ask("GET", `${CONFIG}/switches`)).toMatchObject({ items: [{ until: "2031-01-01T11:00:00Z" }] });
  });

  test("a time that the clock skips, and one that it shows twice, is told", async ({ admin, page }) => {
    await logOf(admin, MORNING);
    await page.getByLabel("Since").fill("2027-03-14T02:30");
    await expect(page.getByText(`14 Mar 2027, 3:30 AM in ${ZONE}: the clock skips 2:30 AM that night`)).toBeVisible();
    expect(await asked(page, "since")).toBe("2027-03-14T07:30:00.000Z");
    await page.getByLabel("Since").fill("2027-11-07T01:30");
    await expect(page.getByText(`7 Nov 2027, 1:30 AM EDT in ${ZONE}, the first of two`)).toBeVisible();
    await page.getByLabel("Until").fill("2027-11-07T01:30");
    await expect(page.getByText(`7 Nov 2027, 1:30 AM EST in ${ZONE}, the last of two`)).toBeVisible();
    expect(await asked(page, "until")).toBe("2027-11-07T06:30:00.000Z");
  });

  test("calls of the repeated hour are told apart, and tried at their own moment", async ({ admin, page }) => {
    await logOf(admin, "2027-11-07T05:30:00Z", "2027-11-07T06:30:00Z");
    await expect(page.getByRole("link", { name: "7 Nov 2027, 1:30:00 AM EDT" })).toBeVisible();
    await page.getByRole("link", { name: "7 Nov 2027, 1:30:00 AM EST" }).click();
    const tried = page.waitForRequest((it) => it.url().endsWith("/simulate") && it.postData()!.includes("2027-11-07"));
    await page.getByRole("button", { name: "Try it on the draft" }).click();
    expect((await tried).postDataJSON()).toMatchObject({ call: { timestamp: "2027-11-07T06:30:00Z" } });
    await expect(admin.panel).toContainText(`7 Nov 2027, 1:30:00 AM EST in ${ZONE}`);
    await page.getByLabel("Time", { exact: true }).fill("12:00");
    await expect(admin.panel).toContainText(`7 Nov 2027, 12:00 PM in ${ZONE}`);
  });

  test("the week has twelve hours", async ({ admin, page }) => {
    await admin.signIn("plan/week");
    await page.getByLabel("The week of").fill("2026-12-21");
    await expect(page.getByRole("button", { name: "Fri 25 Dec, 10:00 AM to 3:00 PM: snow_desk" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Fri 25 Dec, 3:00 PM to midnight: recordings" })).toBeVisible();
    await expect(page.locator(".hours")).toContainText("9 AM");
    await expect(page.getByText(`on the clock of ${ZONE}`)).toBeVisible();
    expect(await page.locator(".hours span").evaluateAll((hours) => hours.every((hour) => hour.getBoundingClientRect().left >= hour.parentElement!.getBoundingClientRect().left - 1))).toBe(true);
  });

  test("sentences about a plan have the page's notation; what is quoted of the plan has its own", async ({ admin, page }) => {
    await admin.signIn("plan/try");
    await page.getByLabel("Date", { exact: true }).fill("2027-01-12");
    await page.getByLabel("Time", { exact: true }).fill("08:30");
    await expect(page.getByRole("list", { name: "The path through the plan" })).toContainText("tue 12 Jan 2027 at 8:30 AM in America/New_York");
    await expect(admin.panel).not.toContainText("2027-01-12");
    await expect(admin.editor).toContainText("2027-01-12 08:30");
  });

  test("every view that has times names the clock before the first of them", async ({ admin, page, server }) => {
    await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
    await server.ask("PUT", `${CONFIG}/switches/storm`, { on: true, until: "2031-01-01T11:00:00Z" });
    await admin.signIn();
    const { items } = await server.ask<{ items: { id: string }[] }>("GET", "/core/agents");
    for (const route of ["calls", "history", "history/2", "switches", "agents", `agents/${items[0]?.id}`, "numbers"]) {
      await admin.open(route);
      await expect(page.locator("main"), route).toContainText(ZONE);
      if (route === "calls") continue;
      await expect(page.locator("main time:not(.printed time)").first()).toBeVisible();
      const isBefore = await page.locator("main").evaluate((main, zone) => {
        const text = main.innerText;
        const first = main.querySelector("main time:not(.printed time)") as HTMLElement;
        return text.indexOf(zone) <= text.indexOf(first.innerText.split("\n")[0]!) + first.innerText.length;
      }, ZONE);
      expect(isBefore, route).toBe(true);
    }
  });
});

for (const [locale, said] of [["en-GB", "08:30:05"], ["de-DE", "08:30:05"], ["en-US", "8:30:05 AM"]] as const) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale, timezoneId: ZONE });
    test("the hours are those of the language, and the date's notation is one", async ({ admin, page, server }) => {
      await logOf(admin, MORNING);
      await expect(page.getByRole("link", { name: `12 Jan 2027, ${said}`, exact: true })).toBeVisible();
      await expect(page.getByText("Point at one for your own")).toHaveCount(0);
      await admin.open("plan/try");
      await page.getByLabel("Date", { exact: true }).fill("2027-01-12");
      await page.getByLabel("Time", { exact: true }).fill("08:30");
      await expect(admin.panel).toContainText(`12 Jan 2027, ${said.replace(":05", "")} in ${ZONE}`);
      expect((await server.plan()).revision).toBe(1);
    });
  });
}

test.describe("without a plan that can be read", () => {
  test.use({ timezoneId: "Asia/Tokyo", locale: "en-GB" });
  test("times are the reader's own, and named so", async ({ admin, page, server }) => {
    await server.call("+18025550100", MORNING);
    await admin.signInWith(await server.keyWith("inbound_calls:read"));
    await expect(page.getByText("Times are in your time zone, Asia/Tokyo.")).toBeVisible();
  });
});
