/** What the page works out by itself, without a browser: places, clocks, days of a week, lines of a diff. */

import { expect, test } from "@playwright/test";
import type { Change, Stretch, Timeline, TraceStep } from "../../../console/src/api/contract.ts";
import { offsetOf, offsetsOfBytes, placeOf } from "../../../console/src/editor/places.ts";
import { dayAfter, instantOf, mondayOf, reading } from "../../../console/src/state/clock.ts";
import { diffLines } from "../../../console/src/state/text-diff.ts";
import { calendar } from "../../../console/src/state/week-pieces.ts";
import { groupChanges, sizeInWords } from "../../../console/src/state/change-groups.ts";
import { foldMisses, runInWords, SHORTEST_RUN } from "../../../console/src/state/way.ts";
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

test("a long run of steps that did not match is one part of the way, a short one is told step by step", () => {
  const step = (line: number, held: boolean | null, statement = 'rule "R"') => ({ line, statement, rule: null, held, because: null });
  const missed = (from: number, count: number) => Array.from({ length: count }, (_, index) => step(from + index, false));
  const told = (steps: TraceStep[]) => foldMisses(steps).map((part) => (part.kind === "run" ? part.steps.length : `line ${part.step.line}`));
  expect(told([])).toEqual([]);
  expect(told([...missed(1, SHORTEST_RUN - 1), step(9, true)])).toEqual(["line 1", "line 2", "line 3", "line 9"]);
  expect(told([step(1, null), ...missed(2, 7), step(9, true), ...missed(10, 4)])).toEqual(["line 1", 7, "line 9", 4]);
  expect(runInWords(missed(1, 1489))).toBe("1,489 rules did not match");
  expect(runInWords([...missed(1, 4), step(5, false, "when late")])).toBe("5 conditions did not match");
});

test("changes are grouped by who answered and who answers, and counted where that is exact", () => {
  const end = (agent_id: string, rule: string | null) => ({ decision: "route", agent_id, version: null, rule, line: 1 }) as const;
  const set = (listed: string[], more: object = {}) => ({ text: "", callers: { all_but: false, names: [], listed, text: "", ...more }, dialed: null, trunk: null, organization: null, switches: {}, hours: null, splits: {} });
  const change = (now: string, rule: string | null, callers: string[], more: object = {}) =>
    ({ changes: "decision", was: end("a", rule), now: end(now, rule), calls: [set(callers, more)], has_more_calls: false, share: null, witness: null }) as unknown as Change;
  const changes = [change("b", "One", ["+11"]), change("c", "Two", ["+12"]), change("b", "Three", ["+11", "+13"]), change("b", "Three", ["+14"])];
  expect(groupChanges(changes).map((group) => group.length)).toEqual([3, 1]);
  expect(sizeInWords(groupChanges(changes)[0] ?? [])).toBe("2 rules, 3 callers");
  // What is more than a list of numbers is not counted.
  expect(sizeInWords([...changes, change("b", null, ["+1415*"])])).toBe("3 rules");
  expect(sizeInWords([...changes, change("b", "One", ["+15"], { all_but: true })])).toBe("3 rules");
});

test("a plan's lines say its zone and its switches", () => {
  const plan = "# timezone Mars/Base\n  timezone Europe/London # here\nswitch storm\n switch fire_drill\n# switch off\n";
  expect(zoneOf(plan)).toBe("Europe/London");
  expect([zoneOf("timezone Nowhere/City"), zoneOf("")]).toEqual(["UTC", "UTC"]);
  expect(switchesOf(plan)).toEqual(["storm", "fire_drill"]);
});
