/** Pictures of the console, made from the demo. */

import type { Page } from "@playwright/test";
import { type Admin, expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

const README = "../../docs/images";
const SHOTS = process.env["SHOTS"];

/** A call on a winter's morning. */
async function tryMorning(page: Page): Promise<void> {
  await page.getByLabel("Date").fill("2027-01-12");
  await page.getByLabel("Time").fill("08:30");
  await expect(page.getByText("goes to snow_desk")).toBeVisible();
}

async function showChristmas(page: Page): Promise<void> {
  await page.getByLabel("The week of").fill("2026-12-21");
  await page.getByLabel("The week of").press("Enter");
  const opening = page.getByRole("button", { name: /Fri 25 Dec, 10:00/ });
  await opening.hover();
  await expect(page.getByText("Fri 25 Dec, 12:")).toBeVisible();
}

test("the README's: a call that is tried, and a week", async ({ admin, page }) => {
  await page.setViewportSize({ width: 1320, height: 850 });
  await page.emulateMedia({ colorScheme: "light" });
  await admin.signIn("plan/try");
  await tryMorning(page);
  await page.getByRole("button", { name: "line 30" }).click();
  await admin.panel.evaluate((panel) => panel.scrollTo(0, 0));
  await page.screenshot({ path: `${README}/console_try.png`, animations: "disabled", caret: "hide" });
  await page.emulateMedia({ colorScheme: "dark" });
  await admin.tab("The week");
  await showChristmas(page);
  await page.screenshot({ path: `${README}/console_week.png`, animations: "disabled", caret: "hide" });
});

type View = [name: string, route: string, draw?: (admin: Admin) => Promise<unknown>];

const VIEWS: View[] = [
  ["problems", "plan/problems", async (admin) => {
    await admin.rewrite((await admin.planWith("route to recordings", "route to recordngs")).replace("lifts is open", "lift is open"));
    await expect(admin.panel.getByRole("button", { name: "write recordings" })).toBeVisible();
    await admin.editor.press("F8");
  }],
  ["try", "plan/try", (admin) => tryMorning(admin.page)],
  ["week", "plan/week", (admin) => showChristmas(admin.page)],
  ["changes", "plan/changes", async (admin) => {
    await admin.rewrite(await admin.planWith("08:30-17:00", "08:30-18:00"));
    await expect(admin.page.getByText("would have been decided differently")).toBeVisible();
  }],
  ["conflict", "plan/changes", async (admin) => {
    await admin.rewrite(await admin.planWith("08:30-17:00", "08:30-18:00"));
    await admin.server.save(await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back."));
    await admin.page.getByRole("button", { name: "Save it now" }).click();
    await expect(admin.page.getByRole("dialog")).toBeVisible();
  }],
  ["merge", "plan/changes", async (admin) => {
    const noted = (text: string, note: string) => text.replace("rule ", `# ${note}\nrule `);
    await admin.rewrite(noted(await admin.planWith("08:30-17:00", "08:30-18:00"), "Ask Ana before you change this."));
    await admin.server.save(noted(await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back."), "Who is on call answers at night, too."));
    await admin.page.getByRole("button", { name: "Save it now" }).click();
    await admin.page.getByRole("radio", { name: "Mine" }).check();
  }],
  ["merged", "plan/changes", async (admin) => {
    await admin.rewrite(await admin.planWith("08:30-17:00", "08:30-18:00"));
    await admin.server.save(await admin.planWith("Day tickets stay valid all season.", "Day tickets are paid back."));
    await admin.page.getByRole("button", { name: "Save it now" }).click();
    await admin.page.getByRole("button", { name: "Merge, and review it" }).click();
    await expect(admin.page.getByText("would have been decided differently")).toBeVisible();
  }],
  ["drafts", "plan/problems", async (admin) => {
    await admin.append("\n# what I am writing now");
    await admin.page.evaluate(async (key) => {
      const { organization } = await (await fetch("/core/whoami", { headers: { authorization: `Bearer ${key}` } })).json();
      const text = "timezone America/New_York\n\n# from last week\nfallback\n";
      localStorage.setItem(`callplan.draft.${organization.id}.old`, JSON.stringify({ text, base: 1, at: Date.now() - 6e8, page: "old" }));
    }, admin.server.key);
    await admin.page.evaluate(() => dispatchEvent(new Event("focus")));
    await admin.page.getByRole("link", { name: "2 drafts on this machine" }).click();
    await expect(admin.page.getByText("in no open tab")).toBeVisible();
    await admin.page.getByText("Compare with").click();
  }],
  ["sign_out", "plan/problems", async (admin) => {
    await admin.append("\n# what I am writing now");
    await admin.page.getByRole("button", { name: "Sign out" }).click();
  }],
  ["settings", "plan/settings"],
  ["calls", "calls"],
  ["call", "calls", async (admin) => {
    await admin.page.getByRole("cell").first().getByRole("link").click();
    await expect(admin.page.getByText("which decided it")).toBeVisible();
  }],
  ["history", "history"],
  ["revision", "history/2", (admin) => expect(admin.page.getByText("recordings → snow_desk")).toBeVisible()],
  ["switches", "switches", async (admin) => {
    await admin.page.getByRole("switch", { name: "storm" }).click();
    await admin.confirm("Turn storm on");
  }],
  ["banner", "calls", async (admin) => {
    const { items } = await admin.server.ask<{ items: { id: string; name: string }[] }>("GET", "/core/agents");
    await admin.server.ask("PUT", `/core/agents/${items.find((it) => it.name === "recordings")?.id}`, { active: false });
    await admin.server.ask("PUT", `${CONFIG}/switches/storm`, { on: true });
    await admin.server.ask("PUT", CONFIG, { enabled: false });
    await admin.page.reload();
    await expect(admin.page.getByText("recordings is inactive")).toBeVisible();
  }],
  ["confirmation", "plan/settings", async (admin) => {
    await admin.page.getByRole("switch", { name: "The plan is in force" }).click();
    await expect(admin.page.getByRole("region", { name: "What becomes different" })).toBeVisible();
  }],
  ["undo", "switches", async (admin) => {
    await admin.page.getByRole("switch", { name: "storm" }).click();
    await admin.confirm("Turn storm on");
    await expect(admin.page.getByRole("button", { name: "Undo" })).toBeVisible();
  }],
  ["restore", "history/1", async (admin) => {
    await admin.server.ask("PUT", CONFIG, { fallback_agent_id: null });
    await admin.page.reload();
    await admin.page.getByRole("button", { name: "Restore" }).click();
    await admin.page.getByLabel("Its fallback agent, too").check();
    await expect(admin.page.getByRole("region", { name: "What becomes different" })).toBeVisible();
  }],
  ["publish", "agents", async (admin) => {
    const { items } = await admin.server.ask<{ items: { id: string; name: string }[] }>("GET", "/core/agents");
    const desk = items.find((it) => it.name === "snow_desk")?.id;
    await admin.server.ask("POST", `/core/agents/${desk}/versions`, { config: { voice: "calm", greeting: "Mount Alder, good morning." } });
    await admin.open(`agents/${desk}`);
    await admin.page.getByRole("button", { name: "Publish" }).click();
    await admin.page.getByText("Send it only a share").click();
  }],
  ["agents", "agents"],
  ["agent", "agents", (admin) => admin.page.getByRole("link", { name: "snow_desk" }).click()],
  ["numbers", "numbers"],
  ["help", "switches", (admin) => admin.page.getByRole("button", { name: "Keyboard shortcuts" }).click()],
];

const LOOKS = [["light", 1440, 900], ["dark", 1440, 900], ["light", 390, 844], ["dark", 390, 844]] as const;

for (const [scheme, width, height] of SHOTS === undefined ? [] : LOOKS) {
  for (const [name, route, draw] of VIEWS) {
    const file = `${SHOTS}/${name}-${scheme}-${width}.png`;
    test(file, async ({ admin, page, server }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height });
      await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
      for (const number of ["+18025550142", "+18025550143", "+447700900123", "anonymous"]) {
        await server.call("+18025550100", "2027-01-12T17:30:00-05:00", number);
        await server.call("+18025550119", "2027-01-12T08:30:00-05:00", number);
      }
      await page.waitForTimeout(1200);
      await admin.signIn(route);
      await draw?.(admin);
      await page.waitForTimeout(900);
      await page.screenshot({ path: file, animations: "disabled", fullPage: width < 600 });
    });
  }
}
