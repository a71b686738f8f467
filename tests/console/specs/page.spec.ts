/** The page as a whole: for everybody, on every screen, and from nowhere but the server. */

import type { Page } from "@playwright/test";
import { type Admin, expect, test } from "../admin.ts";
import { findNothing } from "../axe.ts";
import { CONFIG } from "../server.ts";

/** Every view, and what is there once it is drawn. */
const VIEWS: [string, (page: Page) => Promise<void>][] = [
  ["plan/problems", (page) => expect(page.getByText("Every call gets a decision")).toBeVisible()],
  ["plan/try", (page) => expect(page.getByText("goes to")).toBeVisible()],
  ["plan/week", (page) => expect(page.getByRole("list", { name: "Who answers" })).toBeVisible()],
  ["plan/changes", (page) => expect(page.getByText("Nothing is changed")).toBeVisible()],
  ["plan/settings", (page) => expect(page.getByLabel("Fallback agent")).toBeVisible()],
  ["calls", (page) => expect(page.getByRole("cell").first()).toBeVisible()],
  ["history", (page) => expect(page.getByRole("link", { name: "Revision 1" })).toBeVisible()],
  ["history/2", (page) => expect(page.getByText("recordings → snow_desk")).toBeVisible()],
  ["drafts", (page) => expect(page.getByText("No drafts")).toBeVisible()],
  ["switches", (page) => expect(page.getByRole("switch", { name: "storm" })).toBeVisible()],
  ["agents", (page) => expect(page.getByRole("link", { name: "patrol" })).toBeVisible()],
  ["numbers", (page) => expect(page.getByRole("cell", { name: "+18025550119" })).toBeVisible()],
];

/** Something to be seen on each of them. */
async function prepare(admin: Admin): Promise<void> {
  await admin.server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await admin.server.call("+18025550100", "2027-01-12T08:30:00-05:00");
}

for (const scheme of ["light", "dark"] as const) {
  for (const [width, height] of [[1440, 900], [640, 450], [390, 844]] as const) {
    test(`axe finds nothing: ${scheme}, ${width} wide`, async ({ admin, page }) => {
      test.slow();
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });
      await prepare(admin);
      await admin.open();
      await expect(page.getByLabel("Key")).toBeVisible();
      await findNothing(page);
      await admin.signIn();
      for (const [route, isDrawn] of VIEWS) {
        await admin.open(route);
        await isDrawn(page);
        await findNothing(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${route} is as wide as the screen`).toBeLessThanOrEqual(0);
      }
    });
  }
}

test("axe finds nothing in what opens: problems, changes, conflict, help, a call", async ({ admin, page, server }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await admin.signIn("plan/problems");
  const mine = await admin.planWith("08:30-16:00", "08:30-17:00");
  await admin.rewrite(mine.replace("route to patrol", "route to patol"));
  await expect(page.getByRole("button", { name: "write patrol" })).toBeVisible();
  await admin.editor.press("F8");
  await findNothing(page);
  await admin.rewrite(mine);
  await admin.tab("What changes");
  await expect(page.getByText("recordings → snow_desk").first()).toBeVisible();
  await page.getByText("The text, line by line").click();
  await findNothing(page);
  await server.save(await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back."));
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await findNothing(page);
  await page.getByRole("button", { name: "Decide later" }).click();
  await admin.open("drafts");
  await expect(page.getByText("in this tab")).toBeVisible();
  await findNothing(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("dialog", { name: "Sign out" })).toBeVisible();
  await findNothing(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await findNothing(page);
  await page.keyboard.press("Escape");
  const { id } = await server.call("+18025550100", "2027-01-12T08:30:00-05:00");
  await expect(async () => {
    await admin.open("calls");
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("row")).toHaveCount(2, { timeout: 1000 });
  }).toPass();
  await admin.open(`calls/${id}`);
  await expect(page.getByText("which decided it")).toBeVisible();
  await findNothing(page);
});

for (const [scheme, width, height] of [["light", 1440, 900], ["dark", 390, 844]] as const) {
  test(`axe finds nothing in what acts on calls: ${scheme}, ${width} wide`, async ({ admin, page, server }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await server.ask("PUT", `${CONFIG}/switches/storm`, { on: true });
    await server.ask("PUT", CONFIG, { enabled: false, fallback_agent_id: null });
    await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
    await admin.signIn("history");
    await expect(page.getByText("this save switched the plan off")).toBeVisible();
    await findNothing(page);
    await admin.open("history/1");
    await page.getByRole("button", { name: "Restore" }).click();
    await expect(page.getByRole("dialog")).toContainText("No call ends differently");
    await page.getByLabel("Put the plan in force, too").check();
    await expect(page.getByRole("dialog")).toContainText("snow_desk v1 → storm_desk v1");
    await findNothing(page);
    await admin.confirm("Restore revision 1");
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    await expect(page.getByRole("region", { name: "Current state" })).toContainText("storm");
    await findNothing(page);
    await admin.open("agents");
    await page.getByRole("link", { name: "snow_desk" }).click();
    await page.getByRole("button", { name: "New draft" }).click();
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Send it only a share").click();
    await findNothing(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
}

test("one chooses between light and dark, and the choice is kept", async ({ admin, page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await admin.signIn();
  await page.getByRole("button", { name: "Dark colors" }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Light colors" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

test("all comes from the server, under a strict policy, and the first load is below 400 KB", async ({ admin, page, server }) => {
  const hosts = new Set<string>();
  let bytes = 0;
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  page.on("requestfinished", async (request) => {
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    if (request.url().includes("/console")) bytes += responseBodySize + responseHeadersSize;
  });
  await admin.signIn();
  await expect(page.getByText("goes to")).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  expect([...hosts]).toEqual([server.base]);
  // The fonts alone are more than this.
  expect(bytes).toBeGreaterThan(140_000);
  expect(bytes).toBeLessThan(400_000);
  const answer = await page.request.get(`${server.base}/console`);
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
  expect(policy).not.toContain("unsafe");
  expect(answer.headers()).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-cache" });
  const script = /src="([^"]+\.js)"/.exec(await answer.text())?.[1] ?? "";
  const file = await page.request.get(server.base + script);
  expect(file.headers()).toMatchObject({ "cache-control": "public, max-age=31536000, immutable", "content-encoding": "br" });
});

test("on a phone one reads the plan and turns a switch on", async ({ admin, page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await admin.signIn();
  await expect(admin.editor).toContainText("Mount Alder");
  await admin.visit("Switches");
  await page.getByRole("switch", { name: "storm" }).click();
  await admin.confirm("Turn storm on");
  await expect(page.getByText("storm is on. This takes effect with the next call.")).toBeVisible();
  expect((await server.call("+18025550100", "2027-01-12T08:30:00-05:00")).rule).toBe("Storm");
});

test("on a phone the chosen page and the chosen tab are in sight, however they were chosen", async ({ admin, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await admin.signIn("numbers");
  await expect(page.getByRole("link", { name: "Numbers" })).toBeInViewport({ ratio: 0.9 });
  await admin.open("plan/settings");
  await expect(page.getByRole("tab", { name: "Settings" })).toBeInViewport({ ratio: 0.9 });
  await page.evaluate(() => scrollTo(0, 0));
  await expect(page.getByRole("link", { name: "Plan", exact: true })).toBeInViewport({ ratio: 0.9 });
});
