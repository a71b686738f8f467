/** What large plans and organizations cost: elements of the page, time of keys, and requests. */

import type { Page } from "@playwright/test";
import { type Admin, test } from "../admin.ts";
import { agentsOf, forEach, makeAgents, numberAt, planOfRules } from "../large.ts";

const KEYS = 7;

/** All elements of the page, those of the editor too. */
function countElements(): number {
  const within = (root: Document | ShadowRoot): number =>
    [...root.querySelectorAll("*")].reduce((sum, element) => sum + 1 + (element.shadowRoot ? within(element.shadowRoot) : 0), 0);
  return within(document);
}

const panelHeight = (page: Page) => page.getByRole("tabpanel").evaluate((panel) => panel.scrollHeight);

/** How long it takes until these keys are shown, in ms. */
async function timeOfKeys({ page, editor }: Admin): Promise<number> {
  await editor.press("ControlOrMeta+Home");
  const begun = Date.now();
  for (let key = 0; key < KEYS; key += 1) await page.keyboard.press("#");
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  const time = Date.now() - begun;
  for (let key = 0; key < KEYS; key += 1) await page.keyboard.press("Backspace");
  return time;
}

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

test("a plan of 10,000 rules: elements, and seven keys with each panel", async ({ admin, page, server }) => {
  test.setTimeout(600_000);
  // A check that a key has made old may still take its core.
  admin.expected.push(/429/);
  const [desk] = await agentsOf(server);
  await admin.signIn("plan/problems");
  await admin.rewrite(planOfRules(10_000, desk!.id));
  let underWay = 0;
  page.on("request", () => (underWay += 1));
  for (const ended of ["requestfinished", "requestfailed"] as const) page.on(ended as "requestfinished", () => (underWay -= 1));
  /** Until the text is checked, and nothing is asked any more. */
  const settled = async () => {
    await page.locator(".health:not(.stale):not(.bad)").waitFor({ timeout: 240_000 });
    for (let quiet = 0; quiet < 10; quiet = underWay === 0 ? quiet + 1 : 0) await page.waitForTimeout(100);
  };
  await settled();
  const times = new Map<string, number>();
  for (const tab of ["Problems", "Try a call"]) {
    await admin.tab(tab);
    if (tab === "Try a call") await page.getByText("goes to").waitFor({ timeout: 240_000 });
    await settled();
    console.log(`\n10,000 rules, ${tab}: ${await page.evaluate(countElements)} elements, ${await panelHeight(page)} px`);
    const rounds: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      rounds.push(await timeOfKeys(admin));
      await settled();
    }
    times.set(tab, median(rounds));
    console.log(`${KEYS} keys, ${tab}: ${rounds.join(", ")} ms`);
  }
  console.log(`ratio of Try a call to Problems: ${(times.get("Try a call")! / times.get("Problems")!).toFixed(2)}`);
});

test("250 rules that go to another agent: cards and pixels", async ({ admin, page, server }) => {
  const [first, second] = await agentsOf(server);
  await server.save(planOfRules(250, first!.id, second!.id));
  await admin.signIn("plan/changes");
  await admin.rewrite(planOfRules(250, second!.id, second!.id));
  await page.locator(".change").first().waitFor({ timeout: 60_000 });
  const cards = await page.locator(".change").count();
  console.log(`\n250 rules from one agent to another: ${cards} cards, ${await panelHeight(page)} px`);
});

test("200 agents and 500 numbers: requests", async ({ admin, page, server }) => {
  test.setTimeout(240_000);
  await makeAgents(server, Array.from({ length: 200 }, (_, index) => `desk ${index + 1}`));
  const others = Array.from({ length: 300 }, (_, index) => numberAt(index + 201));
  await forEach(others, (phone_number) => server.ask("POST", "/core/phone-numbers", { phone_number, trunk_id: "trunk-a" }));
  let requests = 0;
  page.on("request", (request) => (requests += request.url().includes("/core/") ? 1 : 0));
  await admin.signIn("switches");
  await page.waitForLoadState("networkidle");
  const told = [`signing in ${requests}`];
  for (const [name, heading] of [["Numbers", "Numbers"], ["Agents", "Agents"], ["Numbers", "Numbers again"]] as const) {
    requests = 0;
    await admin.visit(name);
    await page.getByRole("table").waitFor({ timeout: 60_000 });
    await page.waitForLoadState("networkidle");
    told.push(`${heading} ${requests}`);
  }
  const elements = await page.evaluate(countElements);
  console.log(`\n200 agents and 500 numbers, requests: ${told.join(", ")}; ${elements} elements`);
});
