/** What acts on the next call: nothing does without a button, and by accident. */

import { expect, test } from "../admin.ts";
import { CONFIG, type Server } from "../server.ts";

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
  await expect(page.getByRole("dialog", { name: "Set the fallback agent" })).toBeVisible();
  expect(await server.ask<Saved>("GET", CONFIG)).toEqual(before);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const name = items.find((it) => it.id === chosen)?.name ?? "";
  await expect(page.getByText(`The fallback agent is ${name} v1.`)).toBeVisible();
  expect(await server.ask<Saved>("GET", CONFIG)).toMatchObject({ revision: 2, fallback_agent_id: chosen, fallback_agent_version: 1 });
});

test("by keyboard alone: a number is chosen, and only the button assigns it", async ({ admin, page, server }) => {
  await admin.signIn("agents");
  await page.getByRole("link", { name: "patrol" }).click();
  const before = await server.ask<object>("GET", "/core/phone-numbers");
  await page.getByLabel("Give a number").focus();
  await page.keyboard.type("+18025550100");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("To version")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  expect(await server.ask<object>("GET", "/core/phone-numbers")).toEqual(before);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Assign" })).toBeFocused();
  await page.keyboard.press("Enter");
  await admin.confirm("Assign +18025550100");
  await expect(page.getByRole("button", { name: "Take +18025550100 away from version 1" })).toBeVisible();
});

/** The demo's plan is switched off by revision 2, and put in force again by revision 3. */
async function turnOffAndOn(server: Server): Promise<void> {
  await server.ask("PUT", CONFIG, { enabled: false });
  await server.ask("PUT", CONFIG, { enabled: true });
}

test("restoring brings the text back, and switches nothing off that one has not ticked", async ({ admin, page, server }) => {
  await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await server.ask("PUT", CONFIG, { enabled: false, fallback_agent_id: null });
  const { fallback_agent_id } = await server.ask<Saved>("GET", `${CONFIG}/revisions/1`);
  await server.ask("PUT", CONFIG, { enabled: true, fallback_agent_id, workflow_definition: await admin.planWith("08:30-17:00", "08:30-18:00") });
  await admin.signIn("history/3");
  await page.getByRole("button", { name: "Restore" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore revision 3" });
  await expect(dialog).toContainText("snow_desk v1 → recordings v1");
  await expect(dialog.getByLabel("Switch the plan off, too")).not.toBeChecked();
  await expect(dialog.getByLabel("Its fallback agent, too")).not.toBeChecked();
  await expect(dialog).toContainText("There is no fallback agent: calls that the plan does not decide are cut off, instead of going to snow_desk.");
  await admin.confirm("Restore revision 3");
  await expect(page.getByText("Revision 3 is restored, as revision 5.")).toBeVisible();
  const now = await server.ask<Saved & { workflow_definition: string }>("GET", CONFIG);
  expect(now).toMatchObject({ enabled: true, fallback_agent_id });
  expect(now.workflow_definition).toContain("08:30-17:00");
  expect(await server.ask("GET", `${CONFIG}/revisions/5`)).toMatchObject({ restored_from: 3 });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone.")).toBeVisible();
  expect((await server.plan()).workflow_definition).toContain("08:30-18:00");
});

test("what is ticked is restored too; with nothing to restore there is nothing to press", async ({ admin, page, server }) => {
  await turnOffAndOn(server);
  await admin.signIn("history/2");
  await page.getByRole("button", { name: "Restore" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore revision 2" });
  await expect(dialog).toContainText("Its text is the same as the text saved now.");
  await expect(dialog.getByRole("button", { name: "Restore revision 2" })).toBeDisabled();
  await expect(dialog).toContainText("No call ends differently");
  await dialog.getByLabel("Switch the plan off, too").check();
  await expect(dialog).toContainText("recordings v1 → snow_desk v1");
  await admin.confirm("Restore revision 2");
  await expect(page.getByText("Revision 2 is restored, as revision 4. The plan is switched off.")).toBeVisible();
  expect(await server.ask<Saved>("GET", CONFIG)).toMatchObject({ enabled: false, revision: 4 });
});

test("comparing revisions tells what the settings change, and never that all is as before then", async ({ admin, page, server }) => {
  const { fallback_agent_id } = await server.ask<Saved>("GET", CONFIG);
  await turnOffAndOn(server);
  await server.ask("PUT", CONFIG, { fallback_agent_id: null });
  await server.ask("PUT", CONFIG, { fallback_agent_id });
  await server.ask("PUT", CONFIG, { fallback_agent_version: 1 });
  await admin.signIn("history/2");
  const comparison = page.getByRole("region", { name: "What it changes" });
  for (const [revision, sentence] of [
    [2, "The plan is switched off: it decides no call, and each number's own agent answers."],
    [3, "The plan is put in force"],
    [4, "There is no fallback agent: calls that the plan does not decide are cut off, instead of going to snow_desk."],
    [5, "Calls that the plan does not decide go to snow_desk instead of being cut off."],
    [6, "Calls that the plan does not decide go to snow_desk v1"],
  ] as const) {
    await admin.open(`history/${revision}`);
    await expect(page.getByRole("heading", { name: `Revision ${revision}` })).toBeVisible();
    await expect(comparison).toContainText(sentence);
    await expect(comparison).toContainText("The texts are the same.");
    await expect(page.getByText("Every call is decided as before.")).toHaveCount(0);
  }
});

test("a switched-off plan is never called in force, and history says which save turned it off", async ({ admin, page, server }) => {
  await turnOffAndOn(server);
  await server.ask("PUT", CONFIG, { enabled: false });
  await server.save(await admin.planWith("08:30-16:00", "08:30-17:00"));
  await admin.signIn("history");
  const item = (revision: number) => page.getByRole("listitem").filter({ has: page.getByRole("link", { name: `Revision ${revision}`, exact: true }) });
  await expect(item(5)).toContainText("switched off");
  await expect(item(5)).not.toContainText("this save");
  await expect(item(4)).toContainText("this save switched the plan off");
  await expect(item(3)).toContainText("this save put the plan in force");
  await expect(item(2)).toContainText("this save switched the plan off");
  await expect(page.getByText("in force", { exact: true })).toHaveCount(0);
  await item(5).getByRole("link").click();
  await expect(page.getByRole("heading", { name: "Revision 5" })).toBeVisible();
  await expect(page.getByText("switched off", { exact: true })).toBeVisible();
  await expect(page.getByText("in force", { exact: true })).toHaveCount(0);
});

test("what acts on calls asks first, and can be undone: the plan, an agent, a number, a switch", async ({ admin, page, server }) => {
  const agents = await server.ask<{ items: (Named & { active: boolean })[] }>("GET", "/core/agents");
  const patrol = agents.items.find((it) => it.name === "patrol");
  const numbers = await server.ask<object>("GET", "/core/phone-numbers");
  const undo = async () => {
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText("Undone. This takes effect with the next call.")).toBeVisible();
  };
  await admin.signIn("plan/settings");
  await page.getByRole("switch", { name: "The plan is in force" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Each number's own agent answers.");
  await expect(dialog).toContainText("recordings v1 → snow_desk v1");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("switch", { name: "The plan is in force" })).toBeFocused();
  expect(await server.ask<Saved>("GET", CONFIG)).toMatchObject({ enabled: true, revision: 1 });
  await page.getByRole("switch", { name: "The plan is in force" }).click();
  await admin.confirm("Switch the plan off");
  await expect(page.getByRole("switch", { name: "The plan is in force" })).not.toBeChecked();
  await undo();
  expect(await server.ask<Saved>("GET", CONFIG)).toMatchObject({ enabled: true });

  await admin.open(`agents/${patrol?.id}`);
  await page.getByRole("button", { name: "Deactivate" }).click();
  expect(await server.ask(`GET`, `/core/agents/${patrol?.id}`)).toMatchObject({ active: true });
  await expect(dialog).toContainText("patrol answers no calls any more");
  await expect(dialog).toContainText("patrol v1 → snow_desk v1");
  await admin.confirm("Deactivate");
  await expect(page.getByRole("button", { name: "Activate" })).toBeVisible();
  await undo();
  expect(await server.ask(`GET`, `/core/agents/${patrol?.id}`)).toMatchObject({ active: true });

  await page.getByLabel("Give a number").fill("+18025550100");
  await page.getByRole("button", { name: "Assign" }).click();
  await expect(dialog).toContainText("Until now snow_desk v1 answers them.");
  await expect(dialog).toContainText("No call ends differently, with all else as it is now.");
  await admin.confirm("Assign +18025550100");
  await expect(page.getByRole("button", { name: "Take +18025550100 away from version 1" })).toBeVisible();
  await undo();
  expect(await server.ask<object>("GET", "/core/phone-numbers")).toEqual(numbers);

  await admin.open("switches");
  await page.getByRole("switch", { name: "storm" }).click();
  await expect(dialog).toContainText("→ storm_desk v1");
  await admin.confirm("Turn storm on");
  await expect(page.getByRole("switch", { name: "storm" })).toBeChecked();
  await undo();
  await expect(page.getByRole("switch", { name: "storm" })).not.toBeChecked();
});

test("publishing says who gets the version, shows its config, and offers a share instead", async ({ admin, page, server }) => {
  const agents = await server.ask<{ items: Named[] }>("GET", "/core/agents");
  const desk = agents.items.find((it) => it.name === "snow_desk")?.id;
  const hostile = "<img src=x onerror=alert(1)>";
  await server.ask("POST", `/core/agents/${desk}/versions`, { config: { voice: "calm", greeting: hostile } });
  await admin.signIn(`agents/${desk}`);
  await page.getByRole("button", { name: "Publish" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish version 2" });
  await expect(dialog).toContainText("Calls that go to snow_desk without a pinned version go to version 2 from now on instead of version 1: all callers at once.");
  await expect(dialog).toContainText("This cannot be undone.");
  await expect(dialog).toContainText("snow_desk v1 → snow_desk v2");
  await expect(dialog.getByLabel("The config of version 2")).toContainText('"voice": "calm"');
  await expect(dialog.getByLabel("The config of version 2")).toContainText(hostile);
  await dialog.getByText("Send it only a share of the callers instead").click();
  const split = (await dialog.getByLabel("The split to paste").textContent()) ?? "";
  // What it says to do is what the service accepts.
  const pinned = await admin.planWith("route to snow_desk\n", "route to snow_desk version 1\n");
  await server.save(pinned.replaceAll(/(expect route to snow_desk)(?= |$)/gm, "$1 version 1"));
  await admin.confirm("Publish version 2");
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await server.save((await admin.planWith("route to snow_desk version 1\n}", `${split}\n}`)).replaceAll(/expect route to snow_desk version 1/g, "expect route to snow_desk"));
});

test("an act says what it does to calls of the log, and warns where calls are cut off", async ({ admin, page, server }) => {
  await server.ask("PUT", CONFIG, { fallback_agent_id: null });
  await server.call("+18025550100", "2027-07-12T08:30:00-05:00");
  const { items } = await server.ask<{ items: Named[] }>("GET", "/core/agents");
  for (const { id, name } of items) if (name === "snow_desk" || name === "recordings") await server.ask("PUT", `/core/agents/${id}`, { active: name === "recordings" });
  await admin.signIn(`agents/${items.find((it) => it.name === "recordings")?.id}`);
  const dialog = page.getByRole("dialog");
  await expect(async () => {
    await page.getByRole("button", { name: "Deactivate" }).click();
    await expect(dialog).toContainText("Of the last 1 call, 1 would be decided differently now.", { timeout: 2000 });
  }).toPass();
  await expect(dialog).toContainText("recordings v1 → nobody answers");
  await expect(dialog).toContainText("Calls to an agent that cannot answer are cut off.");
});

test("before the first save one sees what it takes from the numbers' own agents", async ({ admin, page, server }) => {
  await server.ask("DELETE", CONFIG);
  await admin.open();
  await page.getByLabel("Key").fill(server.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await admin.rewrite("timezone America/New_York\n\nfallback\n");
  await admin.tab("What changes");
  await expect(admin.panel).toContainText("snow_desk v1 → nobody answers");
  await expect(admin.panel).toContainText("Calls that get no decision are cut off.");
});

test("an end of a switch is part of what becomes different", async ({ admin, page, server }) => {
  await server.ask("PUT", `${CONFIG}/switches/storm`, { on: true });
  await admin.signIn("switches");
  await page.getByLabel("Turn off automatically at").fill("2027-01-12T06:00");
  await page.getByRole("button", { name: "Set the end" }).click();
  const dialog = page.getByRole("dialog", { name: "Set the end of storm" });
  await expect(dialog).toContainText("storm_desk v1 → ");
  await admin.confirm("Set the end of storm");
  await expect(page.getByText("On until 12 Jan 2027, 06:00")).toBeVisible();
  await page.getByLabel("Turn off automatically at").fill("2027-01-13T06:00");
  await page.getByRole("button", { name: "Set the end" }).click();
  // Only the day between the two ends.
  await expect(dialog).toContainText("→ storm_desk v1");
  await expect(dialog).toContainText("12 January 2027");
});

test("on a phone the buttons of a question are in sight, however much it says", async ({ admin, page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await server.call("+18025550119", "2027-01-12T08:30:00-05:00");
  await admin.signIn("plan/settings");
  await page.getByRole("switch", { name: "The plan is in force" }).click();
  const dialog = page.getByRole("dialog", { name: "Switch the plan off" });
  await expect(dialog).toContainText("patrol v1");
  expect(await dialog.evaluate((it) => it.scrollHeight - it.clientHeight)).toBeGreaterThan(0);
  for (const name of ["Switch the plan off", "Cancel"]) await expect(dialog.getByRole("button", { name, exact: true })).toBeInViewport({ ratio: 1 });
  // What is below them can be reached.
  await dialog.evaluate((it) => it.scrollTo(0, it.scrollHeight));
  await expect(dialog.getByText("1 more change")).toBeInViewport({ ratio: 1 });
  await dialog.getByText("1 more change").click();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeInViewport({ ratio: 1 });
});
