/** Drafts on this machine: each tab has its own, none is lost, and whoever signs out may take them along. */

import type { BrowserContext, Page } from "@playwright/test";
import { Admin, expect, test } from "../admin.ts";

/** Another tab of the same browser, signed in. */
async function otherTab(admin: Admin, context: BrowserContext): Promise<Admin> {
  const other = new Admin(await context.newPage(), admin.server);
  await other.signIn();
  return other;
}

const sessionOf = (page: Page): Promise<Record<string, string>> => page.evaluate(() => ({ ...sessionStorage }));

/** A tab that begins with what another's session holds, as browsers duplicate and restore them. */
async function tabWith(session: Record<string, string>, admin: Admin, context: BrowserContext): Promise<Admin> {
  const made = new Admin(await context.newPage(), admin.server);
  await made.page.addInitScript((items) => Object.entries(items).forEach(([key, value]) => sessionStorage.setItem(key, value)), session);
  await made.open();
  return made;
}

/** The texts of all drafts that this browser keeps. */
async function keptTexts(page: Page): Promise<string[]> {
  const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("callplan.draft.")).map((key) => localStorage.getItem(key) ?? ""));
  return kept.map((it) => (JSON.parse(it) as { text: string }).text);
}

/** Waits until as many drafts are kept, each with one of these at its end. */
async function expectKept(page: Page, ...ends: string[]): Promise<void> {
  await expect(async () => {
    const lasts = (await keptTexts(page)).map((text) => text.trimEnd().split("\n").at(-1));
    expect(lasts.sort()).toEqual([...ends].sort());
  }).toPass({ timeout: 15_000 });
}

async function expectEnd(admin: Admin, text: string): Promise<void> {
  await admin.editor.press("ControlOrMeta+End");
  await expect(admin.editor).toContainText(text);
}

test("a tab in which nothing was written removes no other tab's draft", async ({ admin, page, context }) => {
  await admin.signIn();
  const other = await otherTab(admin, context);
  await admin.append("\n# mine");
  await expectKept(page, "# mine");
  await other.page.reload();
  await expect(other.editor).toContainText("Mount Alder");
  await expectKept(page, "# mine");
  await Promise.all([other.page.waitForEvent("close"), other.page.close({ runBeforeUnload: true })]);
  await expectKept(page, "# mine");
});

test("two tabs keep two drafts, and a reload brings each its own", async ({ admin, page, context }) => {
  await admin.signIn();
  const other = await otherTab(admin, context);
  await admin.append("\n# one");
  await other.append("\n# two");
  await expectKept(page, "# one", "# two");
  for (const [tab, own, its] of [[admin, "# one", "# two"], [other, "# two", "# one"]] as const) {
    await tab.page.reload();
    await expect(tab.page.getByText("is here again")).toBeVisible();
    await expectEnd(tab, own);
    await expect(tab.editor).not.toContainText(its);
  }
  await expectKept(page, "# one", "# two");
});

test("a tab that crashes has its draft again once it is restored", async ({ admin, page, context }) => {
  await admin.signIn();
  const other = await otherTab(admin, context);
  await admin.append("\n# written before the crash");
  await expectKept(page, "# written before the crash");
  const session = await sessionOf(page);
  const crashed = page.waitForEvent("crash");
  await page.goto("chrome://crash").catch(() => {});
  await crashed;
  await other.page.reload();
  await expect(other.page.getByText("A draft that no tab has open")).toBeVisible();
  const restored = await tabWith(session, admin, context);
  await expect(restored.page.getByText("is here again")).toBeVisible();
  await expectEnd(restored, "# written before the crash");
  await expectKept(other.page, "# written before the crash");
});

test("the list has all drafts: one opens, compares and deletes them, and nothing goes on the way", async ({ admin, page, context }) => {
  await admin.signIn();
  const other = await otherTab(admin, context);
  const closed = await otherTab(admin, context);
  await closed.append("\n# closed");
  await other.append("\n# other");
  await admin.append("\n# mine");
  await expectKept(page, "# closed", "# mine", "# other");
  await closed.page.close();
  await page.getByRole("link", { name: "3 drafts on this machine" }).click();
  await expect(page.getByRole("heading", { name: "Drafts on this machine" })).toBeVisible();
  await expect(page.getByText("for Mount Alder")).toBeVisible();
  const item = (where: string) => page.getByRole("listitem").filter({ has: page.getByText(where, { exact: true }) });
  for (const where of ["in this tab", "open in another tab", "in no open tab"]) await expect(item(where)).toHaveCount(1);
  await expect(item("in this tab")).toContainText("# mine");
  await expect(item("open in another tab")).toContainText("# other");
  await expect(item("in no open tab")).toContainText("# closed");
  await expect(item("in no open tab")).toContainText(/Changes revision 1 · \d+ lines, \d\.\d kB/);

  await item("in no open tab").getByText("Compare with the text in this tab").click();
  await expect(item("in no open tab").getByRole("group", { name: "How the draft differs" })).toContainText("removed: # mine");
  await expect(item("in no open tab").getByRole("group", { name: "How the draft differs" })).toContainText("added: # closed");

  await item("in no open tab").getByRole("button", { name: "Open it here" }).click();
  await expectEnd(admin, "# closed");
  await expectKept(page, "# closed", "# mine", "# other");

  await page.getByRole("link", { name: "3 drafts on this machine" }).click();
  await expect(item("in no open tab")).toContainText("# mine");
  await item("in no open tab").getByRole("button", { name: "Delete" }).click();
  await expectKept(page, "# closed", "# other");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The draft is here again.")).toBeVisible();
  await expectKept(page, "# closed", "# mine", "# other");

  await item("open in another tab").getByRole("button", { name: "Delete" }).click();
  await expect(other.page.getByText("This draft was deleted in another tab.")).toBeVisible();
  await expectKept(page, "# closed", "# mine");
  await other.append("!");
  await expectKept(page, "# closed", "# mine", "# other!");
});

test("the draft of a tab that was closed is offered to the next", async ({ admin, page, context }) => {
  await admin.signIn();
  const closed = await otherTab(admin, context);
  await closed.append("\n# left behind");
  await expectKept(page, "# left behind");
  await expect(page.getByText("A draft that no tab has open")).toHaveCount(0);
  await closed.page.close();
  const next = await otherTab(admin, context);
  await expect(next.page.getByText("A draft that no tab has open")).toBeVisible();
  await expect(next.editor).not.toContainText("# left behind");
  await next.page.getByRole("link", { name: "Look at it" }).click();
  await next.page.getByRole("button", { name: "Open it here" }).click();
  await expectEnd(next, "# left behind");
  await expectKept(page, "# left behind");
});

test("a duplicated tab shares nothing with the one that it was made of", async ({ admin, page, context }) => {
  await admin.signIn();
  await admin.append("\n# one");
  await expectKept(page, "# one");
  const twin = await tabWith(await sessionOf(page), admin, context);
  await expectEnd(twin, "# one");
  await twin.append(" of the twin");
  await admin.append(" of the first");
  await expectKept(page, "# one of the first", "# one of the twin");
});

test("only drafts of the organization that is signed in are shown, and old ones are deleted", async ({ admin, page }) => {
  await admin.open();
  const organization = (await admin.server.ask<{ organization: { id: string } }>("GET", "/core/whoami")).organization.id;
  await page.evaluate((organization) => {
    const days = (count: number) => Date.now() - count * 86_400_000;
    const keep = (place: string, text: string, at: number) => localStorage.setItem(`callplan.draft.${place}`, JSON.stringify({ text, base: 1, at, page: "before" }));
    keep(`${organization}.recent`, "# recent", days(59));
    keep(`${organization}.old`, "# old", days(61));
    keep("00000000-0000-4000-8000-000000000000.theirs", "# of another organization", days(1));
    localStorage.setItem(`callplan.draft.${organization}.broken`, "{");
  }, organization);
  await admin.signIn();
  await page.getByRole("link", { name: "1 draft on this machine" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Changes revision 1" })).toHaveCount(1);
  await expect(page.getByText("# recent")).toBeVisible();
  const places = await page.evaluate(() => Object.keys(localStorage).join());
  expect(places).not.toContain(".old");
  expect(places).toContain(".theirs");
});

test("there are at most 20 drafts of an organization: the oldest that no tab has open goes", async ({ admin, page }) => {
  await admin.open();
  const organization = (await admin.server.ask<{ organization: { id: string } }>("GET", "/core/whoami")).organization.id;
  await page.evaluate((organization) => {
    for (let index = 0; index < 25; index += 1) localStorage.setItem(`callplan.draft.${organization}.${index}`, JSON.stringify({ text: `# draft ${index}`, base: 1, at: Date.now() - index * 60_000, page: "before" }));
  }, organization);
  await admin.signIn();
  await expect(page.getByRole("link", { name: "19 drafts on this machine" })).toBeVisible();
  expect((await keptTexts(page)).sort()).toEqual(Array.from({ length: 19 }, (_, index) => `# draft ${index}`).sort());
});

test("that the browser has no room for a draft is told, and one is asked before the page closes", async ({ admin, page }) => {
  await admin.signIn();
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
  });
  await admin.append("\n# too much");
  await expect(page.getByText("This draft is not kept: the browser has no room for it")).toBeVisible();
  const asked = page.waitForEvent("dialog");
  await Promise.all([asked.then((dialog) => dialog.dismiss()), page.close({ runBeforeUnload: true })]);
  expect((await asked).type()).toBe("beforeunload");
  await expect(admin.editor).toContainText("# too much");
});

test("whoever signs out is asked about the drafts, those of other tabs too", async ({ admin, page, context }) => {
  await admin.signIn();
  const other = await otherTab(admin, context);
  await admin.append("\n# mine");
  await other.append("\n# other");
  await expectKept(page, "# mine", "# other");
  await page.getByRole("button", { name: "Sign out" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign out" });
  await expect(dialog).toContainText("2 drafts of the plan are kept in this browser");
  await expect(dialog).toContainText("1 of them is open in other tabs");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expectKept(page, "# mine", "# other");

  await page.getByRole("button", { name: "Sign out" }).click();
  await dialog.getByRole("button", { name: "Sign out, and keep them" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expectKept(page, "# mine", "# other");

  await admin.signIn();
  await expectEnd(admin, "# mine");
  await page.getByRole("button", { name: "Sign out" }).click();
  await dialog.getByRole("button", { name: "Sign out, and delete 2 drafts" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("callplan.draft.")))).toEqual([]);
  await expect(other.page.getByText("This draft was deleted in another tab.")).toBeVisible();
  // Closing it keeps nothing again.
  other.page.on("dialog", (dialog) => void dialog.accept());
  await Promise.all([other.page.waitForEvent("close"), other.page.close({ runBeforeUnload: true })]);
  expect(await keptTexts(page)).toEqual([]);
  await admin.signIn();
  await expect(page.getByText("is here again")).toHaveCount(0);
});
