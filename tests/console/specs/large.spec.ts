/** What is large or odd: thousands of rules, hundreds of agents and numbers, names of any length and script. */

import { type Locator, type Page } from "@playwright/test";
import { type Admin, expect, test } from "../admin.ts";
import { findNothing } from "../axe.ts";
import { agentsOf, forEach, makeAgents, numberAt, planOfRules, ruleNumber } from "../large.ts";
import { CONFIG } from "../server.ts";

/** Scrolls what scrolls around it until the last item of a long list is there. */
async function scrollTo(page: Page, item: Locator, scroller: Locator): Promise<void> {
  await expect(async () => {
    await scroller.evaluate((it) => it.scrollTo(0, it.scrollHeight));
    await expect(item).toBeVisible({ timeout: 500 });
  }).toPass();
}

const wayItems = (within: Locator) => within.locator(".way > li, .way [role=listitem]");

test("rules that did not match are one line; opened, only those near to what is seen are there", async ({ admin, page, server }) => {
  const [desk] = await agentsOf(server);
  await server.save(planOfRules(490, desk!.id));
  await admin.signIn("plan/try");
  await expect(admin.panel).toContainText("490 rules did not match");
  expect(await wayItems(admin.panel).count()).toBeLessThan(5);
  await expect(page.locator(".cm-path-missed .cm-because").first()).toBeVisible();
  await admin.panel.getByText("490 rules did not match").click();
  await expect(admin.panel.getByText('rule "Line 0"')).toBeVisible();
  expect(await wayItems(admin.panel).count()).toBeLessThan(200);
  await scrollTo(page, admin.panel.getByText('rule "Line 489"'), admin.panel);
  await expect(admin.panel.getByRole("listitem").filter({ hasText: 'rule "Line 489"' }).last()).toHaveAttribute("aria-posinset", "490");
  expect(await wayItems(admin.panel).count()).toBeLessThan(200);
  // What was scrolled away comes back.
  await admin.panel.evaluate((panel) => panel.scrollTo(0, 0));
  await expect(admin.panel.getByText('rule "Line 0"')).toBeVisible();
});

test("a call's page folds them too, and a short way is told in full", async ({ admin, page, server }) => {
  const [desk] = await agentsOf(server);
  await server.save(planOfRules(300, desk!.id));
  const { id } = await server.call("+18025550100", "2027-01-12T08:30:00-05:00");
  const first = await server.call("+18025550100", "2027-01-12T08:30:00-05:00", ruleNumber(2));
  await admin.signIn("calls");
  const read = async (call: string, words: string) => {
    await expect(async () => {
      await admin.open("calls");
      await admin.open(`calls/${call}`);
      await expect(page.getByText(words).first()).toBeVisible({ timeout: 2000 });
    }).toPass();
  };
  await read(id, "300 rules did not match");
  expect(await wayItems(page.getByRole("main")).count()).toBeLessThan(5);
  await read(first.id, 'rule "Line 2"');
  await expect(page.getByText("did not match")).toHaveCount(0);
  await expect(wayItems(page.getByRole("main"))).toHaveCount(4);
});

test("250 rules that go to another agent are one card, in the draft, in history and before restoring", async ({ admin, page, server }) => {
  const [first, second] = await agentsOf(server);
  await server.save(planOfRules(250, first!.id, second!.id));
  await admin.signIn("plan/changes");
  await admin.rewrite(planOfRules(250, second!.id, second!.id));
  await expect(page.locator(".change")).toHaveCount(1);
  await expect(page.locator(".change")).toContainText(`${first!.name} → ${second!.name}`);
  await expect(page.locator(".change")).toContainText("250 rules, 250 callers");
  await page.getByText("All 250 changes").click();
  await expect(admin.panel.getByRole("button", { name: "Try one of them" }).first()).toBeVisible();
  expect(await admin.panel.getByRole("button", { name: "Try one of them" }).count()).toBeLessThan(200);
  await scrollTo(page, admin.panel.locator('[aria-posinset="250"]'), admin.panel);
  await server.save(planOfRules(250, second!.id, second!.id));
  await admin.open("history/3");
  await expect(page.locator(".change")).toHaveCount(1);
  await expect(page.locator(".change")).toContainText("250 rules, 250 callers");
  await admin.open("history/2");
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByRole("dialog").locator(".change")).toHaveCount(1);
});

test("what is folded is not made: the lines that change", async ({ admin, page }) => {
  await admin.signIn("plan/changes");
  await admin.rewrite(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await expect(page.locator(".change").first()).toBeVisible();
  await expect(page.locator(".text-diff")).toHaveCount(0);
  await page.getByText("The text, line by line").click();
  await expect(page.locator(".text-diff")).toBeVisible();
});

test("on a phone the week below the text is not asked for at each key, but once one pauses", async ({ admin, page }) => {
  await page.clock.install();
  await page.setViewportSize({ width: 390, height: 844 });
  await admin.signIn("plan/week");
  await expect(page.getByRole("list", { name: "Who answers" })).toBeVisible();
  let weeks = 0;
  page.on("request", (request) => (weeks += request.url().endsWith("/timeline") ? 1 : 0));
  await admin.editor.click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.clock.runFor(3000);
  weeks = 0;
  for (let key = 0; key < 4; key += 1) {
    const checked = page.waitForResponse((response) => response.url().endsWith("/check"));
    await page.keyboard.press("#");
    await page.clock.runFor(400);
    await checked;
    await page.clock.runFor(400);
  }
  expect(weeks).toBe(0);
  await page.clock.runFor(2000);
  await expect.poll(() => weeks).toBe(1);
});

const LETTERS = "Abteilungsleiterstellvertretung".repeat(7).slice(0, 200);
const RIGHT_TO_LEFT = "مكتب الاستقبال الرئيسي ".repeat(8).trim();

/** A plan with 30 switches with long names, of which calls to the demo's first number can reach two. */
function planOfSwitches(agents: { id: string }[]): string {
  const name = (index: number) => `the_lifts_stand_still_because_of_a_storm_on_the_mountain_${index}`;
  const switches = Array.from({ length: 30 }, (_, index) => name(index));
  const rule = (index: number) => `  when ${name(index)} is on { route to long }`;
  return [
    "timezone America/New_York\n# Mount Alder",
    `agent long = "${agents[0]!.id}"\nagent other = "${agents[1]!.id}"`,
    ...switches.map((it) => `switch ${it}`),
    `rule "${LETTERS}" when dialed is +18025550100 {\n${[0, 1].map(rule).join("\n")}\n  route to other\n}`,
    `rule "${RIGHT_TO_LEFT}" {\n${switches.slice(2).map((_, index) => rule(index + 2)).join("\n")}\n  route to long\n}`,
  ].join("\n");
}

async function prepareLongNames(admin: Admin): Promise<{ agent: string; call: string }> {
  const { server } = admin;
  const agents = await makeAgents(server, [LETTERS, RIGHT_TO_LEFT, `${LETTERS.slice(0, 150)} ${RIGHT_TO_LEFT.slice(0, 40)}`]);
  const long = agents.find((it) => it.name === LETTERS)!;
  await server.ask("PUT", `/core/agents/${long.id}`, { description: LETTERS });
  const text = planOfSwitches([long, agents.find((it) => it.name === RIGHT_TO_LEFT)!]);
  await server.ask("PUT", CONFIG, { workflow_definition: text, fallback_agent_id: long.id });
  const { items } = await server.ask<{ items: { name: string }[] }>("GET", `${CONFIG}/switches`);
  await server.ask("PUT", `${CONFIG}/switches/${items[0]!.name}`, { on: true, until: "2031-01-01T11:00:00Z" });
  return { agent: long.id, call: (await server.call("+18025550100", "2027-01-12T08:30:00-05:00")).id };
}

for (const width of [390, 1440]) {
  test(`no view is wider than a window of ${width} px, whatever the names`, async ({ admin, page }) => {
    test.slow();
    const { agent, call } = await prepareLongNames(admin);
    await page.setViewportSize({ width, height: 900 });
    await admin.signIn();
    const views: [string, Locator][] = [
      ["plan/problems", admin.panel],
      ["plan/try", page.getByText("goes to")],
      ["plan/week", page.getByRole("list", { name: "Who answers" })],
      ["plan/settings", page.getByLabel("Its version")],
      ["calls", page.getByRole("cell").first()],
      [`calls/${call}`, page.getByText("which decided it")],
      ["history", page.getByRole("link", { name: "Revision 1" })],
      ["history/2", page.locator(".change").first()],
      ["switches", page.getByRole("switch").first()],
      ["agents", page.getByRole("link", { name: LETTERS, exact: true })],
      [`agents/${agent}`, page.getByText("Version 1", { exact: true })],
      ["numbers", page.getByRole("cell", { name: `${LETTERS} v1` }).first()],
    ];
    for (const [route, drawn] of views) {
      await admin.open(route);
      await expect(drawn).toBeVisible();
      await fitsIn(page, route);
    }
    await admin.open("plan/changes");
    await admin.rewrite((await admin.planWith("route to other", "route to long")));
    await expect(page.locator(".change").first()).toBeVisible();
    await fitsIn(page, "plan/changes");
    await admin.open("switches");
    await page.getByRole("switch").first().click();
    await expect(page.getByRole("dialog")).toContainText("→");
    await fitsIn(page, "a question");
  });
}

/** Nothing is wider than what holds it: the page, the panel, a dialog, a table. */
async function fitsIn(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const held = [document.documentElement, ...document.querySelectorAll("main, .panel, dialog, table, td, li, .banner, .field, fieldset")];
    const names = held.filter((it) => it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== "inline" && it.clientWidth > 0);
    return names.map((it) => `${it.tagName} ${it.className}: ${it.scrollWidth} in ${it.clientWidth}, ${it.textContent?.slice(0, 40)}`);
  });
  expect(wide, what).toEqual([]);
}

test("only the switches stand there that calls to the number can reach; the others are folded", async ({ admin, page }) => {
  await prepareLongNames(admin);
  await admin.signIn("plan/try");
  const fields = admin.panel.getByLabel(/^Switch the_lifts/);
  await expect(admin.panel.getByText("28 more switches")).toBeVisible();
  await expect(fields).toHaveCount(2);
  await page.getByLabel("Dialed").fill("+18025550119");
  await expect(admin.panel.getByText("2 more switches")).toBeVisible();
  await expect(fields).toHaveCount(28);
  await page.getByLabel("Dialed").fill("+18025550100");
  await expect(admin.panel.getByText("28 more switches")).toBeVisible();
  await admin.tab("The week");
  await expect(fields).toHaveCount(2);
  await admin.panel.getByText("28 more switches").click();
  await expect(fields).toHaveCount(30);
  // One that is said stays in sight.
  await fields.nth(29).selectOption("on");
  await expect(admin.panel.getByText("27 more switches")).toBeVisible();
});

/** As many agents, each with a number, and further numbers. */
async function prepareMany(admin: Admin, agents: number, further: number): Promise<void> {
  await makeAgents(admin.server, Array.from({ length: agents }, (_, index) => `desk ${index + 1}`));
  const numbers = Array.from({ length: further }, (_, index) => numberAt(agents + index + 1));
  await forEach(numbers, (phone_number) => admin.server.ask("POST", "/core/phone-numbers", { phone_number, trunk_id: "trunk-b" }));
}

test("numbers are asked for once, however many agents there are; lists are searched and sorted", async ({ admin, page }) => {
  test.slow();
  await prepareMany(admin, 60, 190);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await admin.signIn("numbers");
  await expect(page.getByRole("cell", { name: /desk \d+ v1/ }).first()).toBeVisible();
  await admin.visit("Agents");
  await expect(page.getByRole("link", { name: "desk 1", exact: true })).toBeVisible();
  await admin.visit("Numbers");
  await expect(page.getByRole("cell", { name: /desk \d+ v1/ }).first()).toBeVisible();
  expect(asked.filter((path) => path.endsWith("/versions"))).toEqual([]);
  // Three pages of a hundred, once.
  expect(asked.filter((path) => path === "/core/phone-numbers").length).toBe(3);
  await expect(page.getByRole("search").getByRole("status")).toContainText("252 in all");
  expect(await page.getByRole("row").count()).toBeLessThan(200);
  await scrollTo(page, page.getByRole("cell", { name: numberAt(250) }), page.locator("html"));
  await page.getByLabel("Search numbers").fill("desk 7 v1");
  await expect(page.getByRole("search").getByRole("status")).toContainText("1 of 252");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByLabel("Search numbers").fill("+1 (802) 555-0119");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByLabel("Search numbers").fill("");
  await page.getByRole("button", { name: "Number", exact: true }).click();
  await page.getByRole("button", { name: "Number", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Number", exact: true })).toHaveAttribute("aria-sort", "descending");
  await expect(page.getByRole("row").nth(1)).toContainText("+18025550119");
  await admin.visit("Agents");
  await page.getByLabel("Search agents").fill("desk 1");
  await expect(page.getByRole("search").getByRole("status")).toContainText("11 of 64");
  await page.getByLabel("Search agents").fill("");
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("desk 1");
  await expect(page.getByRole("row").nth(3)).toContainText("desk 3");
  await page.getByLabel("Search agents").fill("nobody has this name");
  await expect(page.getByText("None of them has “nobody has this name” in it.")).toBeVisible();
});

test("a text of hundreds of rules goes up compressed, and what is said of it comes so", async ({ admin, page, server }) => {
  const [desk] = await agentsOf(server);
  await admin.signIn("plan/try");
  const tried = page.waitForResponse(async (response) => response.url().endsWith("/simulate") && (response.request().headers()["content-encoding"] ?? "") === "gzip");
  await admin.rewrite(planOfRules(400, desk!.id));
  const answer = await tried;
  expect(answer.headers()["content-encoding"]).toBe("gzip");
  const sizes = await answer.request().sizes();
  expect(sizes.requestBodySize).toBeLessThan(planOfRules(400, desk!.id).length / 4);
  await expect(admin.panel).toContainText("400 rules did not match");
});

for (const width of [390, 1440]) {
  test(`axe finds nothing in long lists, ${width} wide, which are sorted and searched by hand`, async ({ admin, page, server }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await prepareMany(admin, 12, 250);
    const [first, second] = await agentsOf(server);
    await server.save(planOfRules(250, first!.id, second!.id));
    await admin.signIn("numbers");
    await expect(page.getByRole("cell").first()).toBeVisible();
    if (width < 640) await page.getByLabel("Sort by").selectOption("Number");
    else await page.getByRole("button", { name: "Number", exact: true }).click();
    await expect(page.getByRole("row").filter({ has: page.getByRole("cell") }).first()).toContainText(numberAt(1));
    await findNothing(page);
    await admin.open("plan/try");
    await admin.panel.getByText("250 rules did not match").click();
    await expect(admin.panel.getByText('rule "Line 0"')).toBeVisible();
    await findNothing(page);
    await admin.open("plan/changes");
    await admin.rewrite(planOfRules(250, second!.id, second!.id));
    await page.getByText("All 250 changes").click();
    await expect(admin.panel.getByText("by rule “Line 0”")).toBeVisible();
    await findNothing(page);
  });
}

test("of many switches that are on, the banner tells three and counts the others", async ({ admin, page, server }) => {
  await prepareLongNames(admin);
  const { items } = await server.ask<{ items: { name: string }[] }>("GET", `${CONFIG}/switches`);
  await forEach(items, ({ name }) => server.ask("PUT", `${CONFIG}/switches/${name}`, { on: true }));
  await admin.signIn("calls");
  const banner = page.getByRole("region", { name: "Current state" });
  await expect(banner.getByRole("link", { name: "And 27 more switches are on" })).toBeVisible();
  await expect(banner.getByRole("button")).toHaveCount(3);
});

test("a number is chosen by a part of it, once for all versions, and goes back to whose it was", async ({ admin, page, server }) => {
  await prepareMany(admin, 3, 120);
  const items = await agentsOf(server);
  const [from, to] = ["desk 2", "desk 3"].map((name) => items.find((it) => it.name === name)!);
  await server.ask("POST", `/core/agents/${to!.id}/versions`, {});
  await server.ask("POST", `/core/agents/${to!.id}/versions/2/publish`, {});
  const { items: numbers } = await server.ask<{ items: { phone_number: string; inbound_agent_id: string | null }[] }>("GET", "/core/phone-numbers?limit=100");
  const moved = numbers.find((it) => it.inbound_agent_id === from!.id)!.phone_number;
  await admin.signIn(`agents/${to!.id}`);
  const chooser = page.getByLabel("Give a number");
  await expect(chooser).toHaveCount(1);
  await chooser.fill("55500");
  expect(await page.locator("datalist option").count()).toBeLessThanOrEqual(50);
  await expect(page.getByRole("button", { name: "Assign", exact: true })).toBeDisabled();
  await chooser.fill(moved);
  await page.getByLabel("To version").selectOption("1");
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("Until now desk 2 v1 answers them.");
  await admin.confirm(`Assign ${moved}`);
  await expect(page.getByRole("button", { name: `Take ${moved} away from version 1` })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/^Undone\./)).toBeVisible();
  const owner = await server.ask<{ inbound_agent_id: string }>("GET", `/core/phone-numbers/${encodeURIComponent(moved)}`);
  expect(owner.inbound_agent_id).toBe(from!.id);
});

test("what is shared is read once at sign-in, however many agents there are, and anew once others change it", async ({ admin, page, server }) => {
  test.slow();
  await prepareMany(admin, 120, 0);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const count = (path: string) => asked.filter((it) => it === path).length;
  await admin.signIn("plan/try");
  await expect(page.getByText("goes to")).toBeVisible();
  await expect.poll(() => count(`${CONFIG}/switches`)).toBe(1);
  await page.waitForLoadState("networkidle");
  // Two pages of a hundred.
  expect(count("/core/agents")).toBe(2);
  expect(count("/core/phone-numbers")).toBe(2);
  expect(count("/core/api-keys")).toBe(1);
  expect(count(`${CONFIG}/check`)).toBe(1);
  await admin.visit("Agents");
  await expect(page.getByRole("link", { name: "desk 1", exact: true })).toBeVisible();
  expect(count("/core/agents")).toBe(2);
  const { id } = (await agentsOf(server)).find((it) => it.name === "desk 1")!;
  await server.ask("PUT", `/core/agents/${id}`, { name: "renamed" });
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(page.getByRole("link", { name: "renamed", exact: true })).toBeVisible();
  expect(count("/core/agents")).toBe(4);
});

/** A plan with this many switches. */
function planWithSwitches(switches: number): string {
  const names = Array.from({ length: switches }, (_, index) => `closed_${index + 1}`);
  return `timezone America/New_York\n# Mount Alder\n${names.map((name) => `switch ${name}`).join("\n")}\n${names.map((name) => `when ${name} is on { reject }`).join("\n")}\nfallback\n`;
}

for (const width of [390, 1440]) {
  test(`hundreds of switches are searched and sorted, and only those near to what is seen are there, ${width} wide`, async ({ admin, page, server }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await server.save(planWithSwitches(300));
    await server.ask("PUT", `${CONFIG}/switches/closed_250`, { on: true });
    await admin.signIn("switches");
    const switches = page.getByRole("switch");
    const status = page.getByRole("search").getByRole("status");
    await expect(status).toContainText("300 in all");
    await expect(switches.first()).toHaveAccessibleName("closed_1");
    expect(await switches.count()).toBeLessThan(200);
    await findNothing(page);
    await scrollTo(page, page.getByRole("switch", { name: "closed_300", exact: true }), page.locator("html"));
    await expect(page.locator('[aria-posinset="300"]')).toHaveAttribute("aria-setsize", "300");
    expect(await switches.count()).toBeLessThan(200);
    await page.evaluate(() => scrollTo(0, 0));
    await page.getByLabel("Sort by").selectOption("On first");
    await expect(switches.first()).toHaveAccessibleName("closed_250");
    await page.getByLabel("Search switches").fill("closed_29");
    await expect(status).toContainText("11 of 300");
    await page.getByRole("switch", { name: "closed_295", exact: true }).click();
    await admin.confirm("Turn closed_295 on");
    await expect(page.getByRole("switch", { name: "closed_295", exact: true })).toHaveAttribute("aria-checked", "true");
    await expect(switches.first()).toHaveAccessibleName("closed_295");
    await findNothing(page);
    await fitsIn(page, "switches");
  });
}

test("of many agents one is chosen by a part of the name, and what is no agent is not set", async ({ admin, page, server }) => {
  await prepareMany(admin, 30, 0);
  // Two agents may have one name.
  const twins = [1, 2].map(() => server.ask<{ id: string }>("POST", "/core/agents", { name: "twin" }));
  const [, second] = await Promise.all(twins);
  await admin.signIn("plan/settings");
  const before = await server.ask<{ revision: number }>("GET", CONFIG);
  const field = page.getByLabel("Fallback agent");
  await expect(field).toHaveValue("snow_desk");
  await field.fill("desk 1");
  await field.fill("desk 17");
  await expect(page.getByLabel("Its version")).toBeVisible();
  await field.fill("desk 17x");
  await expect(page.getByText("Not one of your agents yet.")).toBeVisible();
  await page.getByRole("button", { name: "Set the fallback agent" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await server.ask<object>("GET", CONFIG)).toEqual(before);
  await field.fill("Desk 17");
  await page.getByRole("button", { name: "Set the fallback agent" }).click();
  await admin.confirm("Set the fallback agent");
  await expect(page.getByText("The fallback agent is desk 17.")).toBeVisible();
  await expect(field).toHaveValue("desk 17");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field).toHaveValue("snow_desk");
  await field.fill("twin");
  await expect(page.getByText("Not one of your agents yet.")).toBeVisible();
  await expect(page.locator("datalist option")).toHaveCount(2);
  await field.fill(`twin (${second!.id})`);
  await expect(page.getByText("Not one of your agents yet.")).toHaveCount(0);
  await field.fill("");
  await expect(page.getByLabel("Its version")).toHaveCount(0);
  await findNothing(page);

  await server.call("+18025550100", "2027-01-12T08:30:00-05:00");
  await server.call("+18025550100", "2027-01-12T22:30:00-05:00");
  await admin.visit("Calls");
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("row")).toHaveCount(3, { timeout: 1000 });
  }).toPass();
  await page.getByLabel("Agent").fill("snow_desk");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByLabel("Agent").fill("snow_");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "All calls" }).click();
  await expect(page.getByLabel("Agent")).toHaveValue("");
  await expect(page.getByRole("row")).toHaveCount(3);
});
