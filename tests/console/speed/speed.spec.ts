/** How fast the page is: from the last key to its problem, and a plan of 10,000 rules under the fingers. */

import { type Admin, test } from "../admin.ts";

/** A plan with this many lines, or rules. */
function plan(rules: number): string {
  const head = 'timezone America/New_York\n# Mount Alder\nagent desk = "{desk}"\nschedule office { mon-fri 09:00-17:00 }\n';
  const rule = (index: number) => `rule "Line ${index}" when dialed is +1802${String(5550000 + index).padStart(7, "0")} and office is open { route to desk }`;
  return `${head}${Array.from({ length: rules }, (_, index) => rule(index)).join("\n")}\nrule "Others" { route to desk }\n`;
}

async function planOf(admin: Admin, rules: number): Promise<string> {
  const { items } = await admin.server.ask<{ items: { id: string }[] }>("GET", "/core/agents");
  return plan(rules).replace("{desk}", items[0]!.id);
}

const spread = (times: number[]) => {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms, worst ${sorted.at(-1)} ms (${sorted.length} times)`;
};

/** From the next key on, waits for the first frame in which the page tells of its error. */
function watch(): void {
  const waited = new Promise<number>((resolve) => {
    const look = (begun: number) => {
      if (document.querySelector(".health.bad:not(.stale)") !== null) resolve(performance.now() - begun);
      else requestAnimationFrame(() => look(begun));
    };
    addEventListener("keydown", () => look(performance.now()), { once: true, capture: true });
  });
  Object.assign(globalThis, { waited });
}

const waited = () => (globalThis as unknown as { waited: Promise<number> }).waited;

test("a problem on a plan of 500 lines", async ({ admin, page }) => {
  await admin.signIn("plan/problems");
  await admin.rewrite(await planOf(admin, 495));
  await page.getByRole("link", { name: "No problems" }).waitFor();
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    await admin.editor.press("ControlOrMeta+Home");
    await page.evaluate(watch);
    await page.keyboard.type("x");
    times.push(await page.evaluate(waited));
    await page.keyboard.press("Backspace");
    await page.getByRole("link", { name: "No problems" }).waitFor();
  }
  console.log(`\nfrom the last key to its problem, 500 lines: ${spread(times)}`);
});

test("keys in a plan of 10,000 rules", async ({ admin, page }) => {
  await admin.signIn("plan/problems");
  const text = await planOf(admin, 10_000);
  const begun = Date.now();
  await admin.rewrite(text);
  await page.getByText(/changed/).first().waitFor();
  console.log(`\n10,000 rules (${Math.round(text.length / 1024)} KB) pasted after ${Date.now() - begun} ms`);
  await page.locator(".health:not(.stale)").waitFor({ timeout: 240_000 });
  console.log(`10,000 rules checked after ${Date.now() - begun} ms`);
  await admin.editor.press("ControlOrMeta+Home");
  const times = await typed(admin);
  console.log(`from a key to the frame that shows it, 10,000 rules: ${spread(times)}`);
});

/** Types a comment, and measures each key. */
async function typed(admin: Admin): Promise<number[]> {
  const { page } = admin;
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(globalThis, { times });
    addEventListener(
      "keydown",
      () => {
        const begun = performance.now();
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - begun)));
      },
      { capture: true },
    );
  });
  await page.keyboard.type("# what is typed here is only a comment", { delay: 80 });
  return page.evaluate(() => (globalThis as unknown as { times: number[] }).times);
}
