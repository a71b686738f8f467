/** What the page works out by itself, without a browser: places, clocks, days of a week, lines of a diff. */

import { expect, test } from "@playwright/test";
import type { Stretch, Timeline } from "../../../console/src/api/contract.ts";
import { offsetOf, offsetsOfBytes, placeOf } from "../../../console/src/editor/places.ts";
import { dayAfter, instantOf, mondayOf, reading } from "../../../console/src/state/clock.ts";
import { diffLines } from "../../../console/src/state/text-diff.ts";
import { calendar } from "../../../console/src/state/week-pieces.ts";
import { agentIn, leavesCalls, switchesOf, zoneOf } from "../../../console/src/state/facts.ts";

/** As much of the editor's document as places need. */
function documentOf(text: string) {
  const lines = text.split("\n");
  const from = (number: number) => lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const line = (number: number) => ({ number, from: from(number), text: lines[number - 1] ?? "" });
  const lineAt = (offset: number) => line(lines.findIndex((_, index) => offset < from(index + 2)) + 1);
  return { lines: lines.length, length: text.length, line, lineAt } as unknown as Parameters<typeof offsetOf>[0];
}

test("columns are characters to the service and code units to the editor", () => {
  const text = "a🎿b\né⛷️x";
  const doc = documentOf(text);
  for (const [line, column, offset] of [[1, 1, 0], [1, 2, 1], [1, 3, 3], [1, 4, 4], [2, 1, 5], [2, 2, 6], [2, 4, 8]] as const) {
    expect(offsetOf(doc, line, column)).toBe(offset);
    expect(placeOf(doc, offset)).toEqual({ line, column });
  }
  expect(offsetOf(doc, 9, 9)).toBe(text.length);
});

test("edits are bytes to the service", () => {
  const text = "aé€🎿z";
  const bytes = [0, 1, 3, 6, 10, 11];
  expect([...offsetsOfBytes(text, bytes).values()]).toEqual([0, 1, 2, 3, 5, 6]);
  for (const byte of bytes) {
    const offset = offsetsOfBytes(text, [byte]).get(byte);
    expect(Buffer.byteLength(text.slice(0, offset))).toBe(byte);
  }
});

test("a zone's clock is read and set, also where it jumps", () => {
  const zone = "America/New_York";
  expect(reading("2027-01-12T13:30:00Z", zone)).toBe("2027-01-12T08:30");
  expect(instantOf("2027-01-12T08:30", zone)).toBe("2027-01-12T13:30:00.000Z");
  expect(instantOf("2027-07-12T08:30", zone)).toBe("2027-07-12T12:30:00.000Z");
  // 02:30 is skipped on 2027-03-14, and comes twice on 2027-11-07.
  expect(reading(instantOf("2027-03-14T02:30", zone), zone)).toBe("2027-03-14T03:30");
  expect(instantOf("2027-11-07T01:30", zone)).toBe("2027-11-07T05:30:00.000Z");
  for (const other of ["UTC", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]) {
    expect(reading(instantOf("2027-05-05T12:34", other), other)).toBe("2027-05-05T12:34");
  }
  expect([mondayOf("2026-12-27"), mondayOf("2026-12-21"), dayAfter("2027-02-28")]).toEqual(["2026-12-21", "2026-12-21", "2027-03-01"]);
});

test("a week is cut into days at the zone's midnights, and an outcome keeps its number", () => {
  const ending = { decision: "reject", agent_id: null, version: null, rule: "R", line: 1 } as const;
  const stretches: Stretch[] = [
    { from: "2027-03-13T05:00:00Z", until: "2027-03-14T12:00:00Z", ...ending },
    { from: "2027-03-14T12:00:00Z", until: "2027-03-15T04:00:00Z", outcomes: [{ ...ending, percent: 5 }, { ...ending, decision: "fallback", percent: 95 }] },
  ];
  const call = { caller_number: null, called_number: "+1", trunk_id: null, switches: [] };
  const timeline: Timeline = { zone: "America/New_York", call, from: stretches[0]!.from, until: stretches[1]!.until, stretches };
  const known = ["something before"];
  const { days, kinds } = calendar(timeline, known);
  expect(days.map((day) => [day.date, day.pieces.map(({ kind, from, until }) => [kind, from, until])])).toEqual([
    ["2027-03-13", [[1, 0, 1440]]],
    ["2027-03-14", [[1, 0, 480], [2, 480, 1440]]],
  ]);
  expect([...kinds.keys()]).toEqual([1, 2]);
  expect(calendar(timeline, known).days[1]?.pieces[1]?.kind).toBe(2);
});

test("a diff gives both texts back, with the fewest lines changed", () => {
  const random = (seed: number) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let seed = 1; seed <= 300; seed += 1) {
    const next = random(seed);
    const most = seed % 50 === 0 ? 300 : 9;
    const some = () => Array.from({ length: Math.floor(next() * most) }, () => "abc"[Math.floor(next() * 3)]).join("\n");
    const [before, after] = [some(), some()];
    const lines = diffLines(before, after);
    const of = (left: string) => lines.filter((line) => line.kind !== left).map((line) => line.text).join("\n");
    expect([of("new"), of("gone")]).toEqual([before, after]);
    expect(lines.filter((line) => line.kind === "same").length).toBe(longestCommon(before.split("\n"), after.split("\n")));
  }
});

/** The length of the longest common subsequence, by the textbook. */
function longestCommon(one: string[], other: string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const line of one) {
    const next = [0];
    other.forEach((it, index) => next.push(it === line ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!)));
    row = next;
  }
  return row.at(-1)!;
}

test("a plan's lines say whether they leave calls to the fallback agent, and what an agent is called", () => {
  for (const plan of ["fallback\n", "when caller is anonymous { fallback }", 'rule "x" {\n  fallback # y\n}']) expect(leavesCalls(plan)).toBe(true);
  for (const plan of ["# fallback\nreject", 'context "fallback \\" fallback"\nreject', 'example "x" { call from +1 to +2 expect fallback }', "route to fallback_desk"]) expect(leavesCalls(plan)).toBe(false);
  const plan = '# agent old = "b"\nagent desk = "a" version 2\n  agent night="b"\n';
  expect([agentIn(plan, "a"), agentIn(plan, "b"), agentIn(plan, "c")]).toEqual(["desk", "night", '"c"']);
});

test("a plan's lines say its zone and its switches", () => {
  const plan = "# timezone Mars/Base\n  timezone Europe/London # here\nswitch storm\n switch fire_drill\n# switch off\n";
  expect(zoneOf(plan)).toBe("Europe/London");
  expect([zoneOf("timezone Nowhere/City"), zoneOf("")]).toEqual(["UTC", "UTC"]);
  expect(switchesOf(plan)).toEqual(["storm", "fire_drill"]);
});
