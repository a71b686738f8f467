/** Two people change one plan: what is apart is merged, what is not is asked about, and nothing is saved unseen. */

import { type Choice, isOverlap, merge, mergedText, type Overlap } from "../../../console/src/state/merge.ts";
import { type Admin, expect, test } from "../admin.ts";

const HOURS = ["08:30-16:00", "08:30-17:00"] as const;
const WORDS = ["Day tickets stay valid all season.", "Day tickets are paid back."] as const;

const random = (seed: number) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const overlapsOf = (parts: ReturnType<typeof merge>): Overlap[] => parts.filter(isOverlap);
const all = (parts: ReturnType<typeof merge>, choice: Choice) => mergedText(parts, overlapsOf(parts).map(() => choice));

/** Texts of few different lines, so that lines repeat. */
function threeTexts(seed: number): [string, string, string] {
  const next = random(seed);
  const some = () => Array.from({ length: Math.floor(next() * 8) }, () => "abcd"[Math.floor(next() * 4)]).join("\n");
  return [some(), some(), some()];
}

/** A text of lines that are all different, changed at random: some lines go, some come. */
function edited(lines: string[], mark: string, next: () => number): string[] {
  return lines.flatMap((line, index) => {
    const chance = next();
    if (chance < 0.15) return [];
    if (chance < 0.3) return [line, `${mark}${index}`];
    return chance < 0.45 ? [`${mark}${index}`] : [line];
  });
}

test("merging with a side that changed nothing gives the other, and the same change on both sides is no question", () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const [before, one, other] = threeTexts(seed);
    for (const [mine, theirs, expected] of [[one, before, one], [before, other, other], [one, one, one]] as const) {
      const parts = merge(before, mine, theirs);
      expect(overlapsOf(parts)).toEqual([]);
      expect(mergedText(parts, [])).toBe(expected);
    }
  }
});

test("a merge is the same from both sides, and a question gives each side its own lines", () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const [before, one, other] = threeTexts(seed);
    const [parts, mirrored] = [merge(before, one, other), merge(before, other, one)];
    expect(overlapsOf(parts).map(({ mine, theirs }) => [theirs, mine])).toEqual(overlapsOf(mirrored).map(({ mine, theirs }) => [mine, theirs]));
    expect(all(parts, "mine")).toBe(all(mirrored, "theirs"));
    for (const { mine, theirs } of overlapsOf(parts)) expect(mine).not.toEqual(theirs);
  }
});

test("what somebody wrote is in the merged text or asked about, and what somebody deleted is not there without being asked", () => {
  let questions = 0;
  for (let seed = 1; seed <= 500; seed += 1) {
    const next = random(seed);
    const lines = Array.from({ length: 1 + Math.floor(next() * 12) }, (_, index) => `line ${index}`);
    const [mine, theirs] = [edited(lines, "mine ", next), edited(lines, "theirs ", next)];
    const parts = merge(lines.join("\n"), mine.join("\n"), theirs.join("\n"));
    const merged = parts.flatMap((part) => (isOverlap(part) ? [] : part));
    const asked = overlapsOf(parts).flatMap((it) => [...it.mine, ...it.theirs]);
    questions += overlapsOf(parts).length;
    for (const line of [...mine, ...theirs].filter((it) => !lines.includes(it))) expect([...merged, ...asked]).toContain(line);
    for (const line of merged.filter((it) => lines.includes(it))) expect([mine.includes(line), theirs.includes(line)]).toEqual([true, true]);
    for (const line of lines.filter((it) => mine.includes(it) && theirs.includes(it))) expect([...merged, ...asked]).toContain(line);
    // No line twice, and each side's lines in its order.
    expect(new Set(merged).size).toBe(merged.length);
    for (const side of [mine, theirs]) expect(merged.filter((it) => side.includes(it))).toEqual(side.filter((it) => merged.includes(it)));
  }
  expect(questions).toBeGreaterThan(50);
});

test("changes of different lines are merged, also of lines beside each other; of the same line they are asked about", () => {
  expect(mergedText(merge("a\nb\nc", "A\nb\nc", "a\nb\nC"), [])).toBe("A\nb\nC");
  expect(mergedText(merge("a\nb\nc", "A\nb\nc", "a\nB\nc"), [])).toBe("A\nB\nc");
  expect(overlapsOf(merge("a\nb\nc", "a\nm\nc", "a\nt\nc"))).toEqual([{ before: ["b"], mine: ["m"], theirs: ["t"] }]);
  const added = merge("a\nb", "a\nm\nb", "a\nt\nb");
  expect(overlapsOf(added)).toEqual([{ before: [], mine: ["m"], theirs: ["t"] }]);
  expect((["mine", "theirs", "both"] as const).map((choice) => mergedText(added, [choice]))).toEqual(["a\nm\nb", "a\nt\nb", "a\nt\nm\nb"]);
  // A line that is added beside a changed one may belong before or after it.
  expect(overlapsOf(merge("a\nb", "a\nm\nb", "a\nB"))).toHaveLength(1);
  // One deletes what the other changes.
  expect(overlapsOf(merge("a\nb\nc", "a\nc", "a\nB\nc"))).toEqual([{ before: ["b"], mine: [], theirs: ["B"] }]);
});

test("ends of lines are no change, and empty texts are texts", () => {
  expect(mergedText(merge("a\r\nb\r\nc\r\n", "A\nb\nc\n", "a\rb\rC\r"), [])).toBe("A\nb\nC\n");
  expect(mergedText(merge("", "", "x\n"), [])).toBe("x\n");
  expect(mergedText(merge("", "x", ""), [])).toBe("x");
  expect(mergedText(merge("x\ny", "", ""), [])).toBe("");
  expect(mergedText(merge("", "", ""), [])).toBe("");
  expect(overlapsOf(merge("x", "", "y"))).toEqual([{ before: ["x"], mine: [""], theirs: ["y"] }]);
  expect(mergedText(merge("a", "a\n", "a"), [])).toBe("a\n");
});

/** Mine is in the editor, theirs is saved, and the page has noticed. */
async function meet(admin: Admin, mine: readonly [string, string], theirs: readonly [string, string]): Promise<void> {
  await admin.signIn("plan/changes");
  await admin.rewrite(await admin.planWith(...mine));
  await expect(admin.panel).toContainText("Among all possible calls");
  await admin.server.save(await admin.planWith(...theirs));
  await admin.page.getByRole("button", { name: "Save it now" }).click();
  await expect(admin.page.getByRole("dialog", { name: "Someone saved revision 2 while you were editing" })).toBeVisible();
}

test("changes in different places are merged, looked at, and saved", async ({ admin, page, server }) => {
  await meet(admin, HOURS, WORDS);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Your changes and theirs are in different places");
  await dialog.getByRole("button", { name: "Merge, and review it" }).click();
  await expect(page.getByText("Merged. Look at what changes, then save.")).toBeVisible();
  await expect(page.getByText("against revision 2")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "recordings → snow_desk" }).first()).toBeVisible();
  expect((await server.plan()).revision).toBe(2);
  await page.getByText("The text, line by line").click();
  const lines = page.getByRole("group", { name: "Lines that change" });
  await expect(lines).toContainText(HOURS[1]);
  await expect(lines).not.toContainText("paid back");
  await page.getByRole("button", { name: "Save it now" }).click();
  await expect(page.getByText("Saved as revision 3")).toBeVisible();
  const { workflow_definition: text } = await server.plan();
  expect(text).toContain(HOURS[1]);
  expect(text).toContain(WORDS[1]);
});

test("undoing a merge brings the draft back upon its own revision, so that it writes nothing over", async ({ admin, page }) => {
  await meet(admin, HOURS, WORDS);
  await page.getByRole("button", { name: "Merge, and review it" }).click();
  await expect(admin.editor).toContainText(WORDS[1]);
  await expect(page.getByText("Someone saved revision 2 while you were editing.")).toHaveCount(0);
  await admin.editor.press("ControlOrMeta+z");
  await expect(admin.editor).not.toContainText(WORDS[1]);
  await expect(page.getByRole("status").getByText("Someone saved revision 2 while you were editing.")).toBeVisible();
  await admin.editor.press("ControlOrMeta+y");
  await expect(admin.editor).toContainText(WORDS[1]);
  await expect(page.getByText("Someone saved revision 2 while you were editing.")).toHaveCount(0);
});

for (const [choice, expected] of [["Theirs", ["# t"]], ["Mine", ["# m"]], ["Both, theirs first", ["# t", "# m"]]] as const) {
  test(`only lines that both changed are asked about: ${choice}`, async ({ admin, page, server }) => {
    const before = (await server.plan()).workflow_definition;
    const noted = (note: string, [old, now]: readonly [string, string]) => before.replace("rule ", `${note}\nrule `).replace(old, now);
    await admin.signIn("plan/changes");
    await admin.rewrite(noted("# m", HOURS));
    await expect(admin.panel).toContainText("Among all possible calls");
    await server.save(noted("# t", WORDS));
    await page.getByRole("button", { name: "Save it now" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("In one place you and they changed the same lines.");
    await expect(dialog.getByRole("button", { name: "Merge" })).toBeDisabled();
    await dialog.getByRole("radio", { name: new RegExp(`^${choice}`) }).check();
    await dialog.getByRole("button", { name: "Merge" }).click();
    await page.getByRole("button", { name: "Save it now" }).click();
    await expect(page.getByText("Saved as revision 3")).toBeVisible();
    const { workflow_definition: text } = await server.plan();
    expect(text.split("\n").filter((line) => /^# [mt]$/.test(line))).toEqual(expected);
    expect(text).toContain(HOURS[1]);
    expect(text).toContain(WORDS[1]);
  });
}

test("a revision that is saved while one chooses is not written over", async ({ admin, page, server }) => {
  await meet(admin, HOURS, WORDS);
  await server.save((await admin.planWith(WORDS[1], "No day tickets today.")));
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(page.getByText("Someone saved revision 3 while you were editing.")).toBeAttached();
  await page.getByRole("dialog").getByRole("button", { name: "Keep mine, and review it" }).click();
  await page.getByRole("button", { name: "See their changes" }).first().click();
  await expect(page.getByRole("dialog", { name: "Someone saved revision 3 while you were editing" })).toContainText("No day tickets today.");
  expect((await server.plan()).revision).toBe(3);
});
