/**
 * Two changes of one text, merged by line. What only one side changed is taken as it is; only where both changed the same
 * lines, and not in the same way, somebody has to choose.
 */

import { diffLines } from "./text-diff.ts";

/** Where both sides changed the same lines. */
export interface Overlap {
  /** The lines that both changed; none where both added some at one place. */
  before: string[];
  mine: string[];
  theirs: string[];
}

export type Choice = "mine" | "theirs" | "both";

/** Lines of the merged text, or a question about them. */
export type Part = string[] | Overlap;

export const isOverlap = (part: Part): part is Overlap => !Array.isArray(part);

/** `before` is what both began from. All ends of lines are one kind here. */
export function merge(before: string, mine: string, theirs: string): Part[] {
  const [common, own, other] = [before, mine, theirs].map((text) => text.replace(/\r\n?/g, "\n")) as [string, string, string];
  const lines = common.split("\n");
  const parts: Part[] = [];
  let at = 0;
  for (const group of groupsOf(hunksOf(common, own, "mine"), hunksOf(common, other, "theirs"))) {
    const { from, until } = extentOf(group);
    parts.push(lines.slice(at, from), ...mergeGroup(group, lines));
    at = until;
  }
  parts.push(lines.slice(at));
  return parts;
}

/** The merged text, with a choice for each overlap in their order. Both means theirs first. */
export function mergedText(parts: readonly Part[], choices: readonly Choice[]): string {
  let asked = 0;
  return parts.flatMap((part) => (isOverlap(part) ? chosen(part, choices[asked++] ?? "theirs") : part)).join("\n");
}

function chosen({ mine, theirs }: Overlap, choice: Choice): string[] {
  return { mine, theirs, both: [...theirs, ...mine] }[choice];
}

/** Lines `from` to before `until` become these. Where both are the same, lines are added before that one. */
interface Hunk {
  side: "mine" | "theirs";
  from: number;
  until: number;
  lines: string[];
}

function hunksOf(before: string, after: string, side: Hunk["side"]): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: Hunk | null = null;
  for (const { kind, text } of diffLines(before, after)) {
    if (kind === "same") open = null;
    else if (open === null) hunks.push((open = { side, from: at, until: at, lines: [] }));
    if (kind !== "new") at += 1;
    if (open === null) continue;
    if (kind === "new") open.lines.push(text);
    else open.until = at;
  }
  return hunks;
}

/** Hunks that have to be looked at together, in their order. */
function groupsOf(mine: Hunk[], theirs: Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of [...mine, ...theirs].sort((one, other) => one.from - other.from || one.until - other.until)) {
    const last = groups.at(-1);
    if (last?.some((it) => overlap(it, hunk))) last.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

/** Lines that are added at the edge of a change overlap with it: which come first is not known. */
function overlap(one: Hunk, other: Hunk): boolean {
  if (one.side === other.side) return false;
  const isAtEdge = one.from === one.until || other.from === other.until;
  return isAtEdge ? one.from <= other.until && other.from <= one.until : one.from < other.until && other.from < one.until;
}

function extentOf(group: Hunk[]): { from: number; until: number } {
  return { from: Math.min(...group.map((it) => it.from)), until: Math.max(...group.map((it) => it.until)) };
}

function mergeGroup(group: Hunk[], lines: string[]): Part[] {
  const [mine, theirs] = [group.filter((it) => it.side === "mine"), group.filter((it) => it.side === "theirs")];
  const { from, until } = extentOf(group);
  const sideOf = (hunks: Hunk[]) => applied(hunks, lines, from, until);
  if (mine.length === 0 || theirs.length === 0) return [sideOf(group)];
  return question(lines.slice(from, until), sideOf(mine), sideOf(theirs));
}

/** The lines there as one side has them. */
function applied(hunks: Hunk[], lines: string[], from: number, until: number): string[] {
  const after: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    after.push(...lines.slice(at, hunk.from), ...hunk.lines);
    at = hunk.until;
  }
  return [...after, ...lines.slice(at, until)];
}

/** Lines with which both sides begin or end are no question. */
function question(before: string[], mine: string[], theirs: string[]): Part[] {
  const most = Math.min(mine.length, theirs.length);
  let head = 0;
  while (head < most && mine[head] === theirs[head]) head += 1;
  let tail = 0;
  while (tail < most - head && mine.at(-1 - tail) === theirs.at(-1 - tail)) tail += 1;
  const [left, right] = [mine.slice(head, mine.length - tail), theirs.slice(head, theirs.length - tail)];
  const middle: Part[] = left.length === 0 && right.length === 0 ? [] : [{ before, mine: left, theirs: right }];
  return [mine.slice(0, head), ...middle, mine.slice(mine.length - tail)];
}
