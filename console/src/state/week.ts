/** The week that is shown: which one, and who answers in it, live. */

import { computed, effect, signal } from "@preact/signals";
import type { Timeline } from "../api/contract.ts";
import { type AskedWeek, timeline } from "../api/endpoints.ts";
import { acceptedNow } from "./check.ts";
import { dateOf, mondayOf, reading } from "./clock.ts";
import { isConnected } from "../api/connection.ts";
import { Latest } from "./latest.ts";
import { panel } from "./route.ts";
import { pauseBefore } from "./sight.ts";
import { declaredSwitches, furtherFields, isOrdinary, saidSwitches, trial, zone } from "./trial.ts";

const PAUSE_MS = 120;

export const weeks = new Latest<Timeline>();
/** The outcomes that were shown so far: from week to week and from key to key, each keeps its color. */
export const seenKinds: string[] = [];
/** The first day that is shown; null for this week's Monday. */
const chosen = signal<string | null>(null);

export const today = computed(() => dateOf(reading(Date.now(), zone.value)));
export const monday = computed(() => chosen.value ?? mondayOf(today.value));

export function showWeekOf(date: string | null): void {
  chosen.value = date === null ? null : mondayOf(date);
}

/** The switches as the week needs them: all are off that nobody has turned on. */
function asked(plan: string): AskedWeek {
  const { caller, dialed, switches } = trial.value;
  const week: AskedWeek = { workflow_definition: plan, called_number: dialed.trim(), from: monday.value, days: 7 };
  if (!isOrdinary.value) week.caller_number = caller.trim();
  Object.assign(week, furtherFields(trial.value));
  const said = saidSwitches(switches, declaredSwitches.value);
  if (Object.keys(said).length > 0) week.switches = said;
  return week;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Follows the draft, while somebody looks. */
export function followWeek(): void {
  effect(() => {
    const [plan, isOpen] = [acceptedNow(), panel.value === "week"];
    clearTimeout(timer);
    if (plan === null || !isOpen || !isConnected.value) return;
    if (trial.value.dialed.trim() === "") return weeks.forget();
    const question = asked(plan);
    timer = setTimeout(() => void weeks.ask((signal) => timeline(question, signal)), pauseBefore(PAUSE_MS));
  });
}
