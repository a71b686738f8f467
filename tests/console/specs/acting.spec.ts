/** What acts on the next call: nothing does without a button, and by accident. */

import { expect, test } from "../admin.ts";
import { CONFIG } from "../server.ts";

interface Saved {
  revision: number;
  enabled: boolean;
  fallback_agent_id: string | null;
  fallback_agent_version: number | null;
}

interface Named {
  id: string;
  name: string;
}

test("by keyboard alone: arrow keys choose a fallback agent and its version, and only the button sets them", async ({ admin, page, server }) => {
  const { items } = await server.ask<{ items: Named[] }>("GET", "/core/agents");
  await admin.signIn("plan/settings");
  const before = await server.ask<Saved>("GET", CONFIG);
  await page.getByLabel("Fallback agent").focus();
  for (let count = 0; count < 3; count += 1) await page.keyboard.press("ArrowDown");
  const chosen = await page.getByLabel("Fallback agent").inputValue();
  expect(chosen).not.toBe(before.fallback_agent_id ?? "");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Its version")).toBeFocused();
  await expect(page.getByRole("option", { name: "version 1" })).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  expect(await server.ask<Saved>("GET", CONFIG)).toEqual(before);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Set the fallback agent" })).toBeFocused();
  await page.keyboard.press("Enter");
  const name = items.find((it) => it.id === chosen)?.name ?? "";
  await expect(page.getByText(`The fallback agent is ${name} v1.`)).toBeVisible();
  expect(await server.ask<Saved>("GET", CONFIG)).toMatchObject({ revision: 2, fallback_agent_id: chosen, fallback_agent_version: 1 });
});

test("by keyboard alone: arrow keys choose a number, and only the button assigns it", async ({ admin, page, server }) => {
  await admin.signIn("agents");
  await page.getByRole("link", { name: "patrol" }).click();
  const before = await server.ask<object>("GET", "/core/phone-numbers");
  await page.getByLabel("Give version 1 a number").focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("Give version 1 a number")).toHaveValue("+18025550100");
  expect(await server.ask<object>("GET", "/core/phone-numbers")).toEqual(before);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Assign" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Take +18025550100 away from version 1" })).toBeVisible();
});
