/** A timeline cut into days, as a calendar draws it: on the clock of the plan's zone. */

import type { Ending, Stretch, Timeline } from "../api/contract.ts";
import { dateOf, dayAfter, instantOf, minutesOf, reading } from "./clock.ts";

export const DAY_MINUTES = 1440;

/** What becomes of calls: equal ones have one color. */
export interface Kind {
  key: string;
  endings: (Ending & { percent: number })[];
}

/** A part of a day in which one thing becomes of calls. */
export interface Piece {
  kind: number;
  rule: string | null;
  line: number | null;
  /** Minutes of the day's clock. */
  from: number;
  until: number;
  /** What the clock shows where the whole stretch ends, maybe days later; null where that is after what is known. */
  ends: string | null;
}

export interface Day {
  date: string;
  pieces: Piece[];
}

export interface Calendar {
  /** Those that are in it, each with its number. */
  kinds: Map<number, Kind>;
  days: Day[];
}

export function endingsOf(stretch: Stretch): (Ending & { percent: number })[] {
  return "outcomes" in stretch ? stretch.outcomes : [{ ...stretch, percent: 100 }];
}

/** `known` are the kinds that were seen before: they keep their numbers, and with these their looks. */
export function calendar(timeline: Timeline, known: string[]): Calendar {
  const { zone } = timeline;
  const kinds = new Map<number, Kind>();
  const days = new Map<string, Day>();
  const last = dateOf(reading(Date.parse(timeline.until) - 1, zone));
  for (let date = dateOf(reading(timeline.from, zone)); date <= last; date = dayAfter(date)) days.set(date, { date, pieces: [] });
  for (const stretch of timeline.stretches) {
    const endings = endingsOf(stretch);
    const key = keyOf(endings);
    const kind = numberOf(known, key);
    kinds.set(kind, { key, endings });
    const [first] = endings;
    const ends = Date.parse(stretch.until) < Date.parse(timeline.until) ? reading(stretch.until, zone) : null;
    for (const { date, from, until } of cut(stretch, zone)) {
      days.get(date)?.pieces.push({ kind, rule: first?.rule ?? null, line: first?.line ?? null, from, until, ends });
    }
  }
  return { kinds, days: [...days.values()] };
}

/** Who answers makes the kind; by which rule does not. */
function keyOf(endings: Kind["endings"]): string {
  return endings.map((it) => `${it.percent} ${it.decision} ${it.agent_id} ${it.version}`).join();
}

function numberOf(known: string[], key: string): number {
  const found = known.indexOf(key);
  return found >= 0 ? found : known.push(key) - 1;
}

/** The days that a stretch lies in, and from when until when in each. */
function* cut(stretch: Stretch, zone: string): Generator<{ date: string; from: number; until: number }> {
  const end = Date.parse(stretch.until);
  let at = Date.parse(stretch.from);
  while (at < end) {
    const clock = reading(at, zone);
    const date = dateOf(clock);
    const midnight = Date.parse(instantOf(`${dayAfter(date)}T00:00`, zone));
    const isLast = end < midnight;
    yield { date, from: minutesOf(clock), until: isLast ? minutesOf(reading(end, zone)) : DAY_MINUTES };
    at = isLast ? end : midnight;
  }
}
