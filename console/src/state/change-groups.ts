/** Changes with the same `was` and `now` as one, and how many rules and numbers they are about. */

import type { Change, Ending } from "../api/contract.ts";

type NumberSet = Change["calls"][number]["callers"];

/** Groups in the order of their first changes. */
export function groupChanges(changes: readonly Change[]): Change[][] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.changes, endKey(change.was), endKey(change.now)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()];
}

const endKey = ({ decision, agent_id: agent, version }: Ending) => [decision, agent, version];

/** "250 rules, 250 callers". Numbers are counted only where each change names its own. */
export function sizeInWords(changes: readonly Change[]): string {
  const rules = new Set(changes.flatMap(({ was, now }) => [now.rule ?? was.rule ?? []].flat()));
  const sets = changes.flatMap((change) => (change.has_more_calls ? [null] : change.calls));
  const [callers, dialed] = [numbersIn(sets.map((set) => set?.callers ?? null)), numbersIn(sets.map((set) => set?.dialed ?? null))];
  return [counted(rules.size, "rule"), counted(callers, "caller"), counted(dialed, "dialed number")].filter(Boolean).join(", ");
}

/** How many numbers these sets name; 0 where one is more than a list of numbers. */
function numbersIn(sets: readonly NumberSet[]): number {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === null || set.all_but || set.names.length > 0 || set.listed.some((it) => /[*.]/.test(it))) return 0;
    for (const number of set.listed) all.add(number);
  }
  return all.size;
}

const counted = (count: number, noun: string) => (count === 0 ? "" : `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`);
