/**
 * How things stand now, beside the text that is written: switches that are on, and what the check says of the saved plan
 * today. Agents, versions, the fallback agent and the date change without a key, so what rests on them is asked again.
 */

import { computed, effect, signal } from "@preact/signals";
import type { Switch } from "../api/contract.ts";
import { check, switches, whoami } from "../api/endpoints.ts";
import { isConnected } from "../api/connection.ts";
import { may, who } from "../api/session.ts";
import { type Checked, checking } from "./check.ts";
import { Latest } from "./latest.ts";
import { readNames } from "./names.ts";
import { isChanged, saved, savedText } from "./plan.ts";
import { surround, surroundings, today } from "./surroundings.ts";

/** How often it is looked whether others have changed what decides calls. */
const LOOK_MS = 30_000;

export const switchesOn = signal<Switch[]>([]);
const standing = new Latest<Omit<Checked, "more">>();
/** What the check says of the saved plan. */
export const standingProblems = computed(() => {
  const answer = standing.answer.value;
  return answer !== null && answer.text === savedText.value ? answer.diagnostics : [];
});

const isSignedIn = () => who.peek() !== null && saved.peek() !== undefined;

/** Reads what others may have changed. */
export async function lookAround(): Promise<void> {
  if (!isSignedIn()) return;
  const { routing_stamp: stamp } = await whoami();
  const hasPlan = saved.peek() !== null && may("inbound_routing_configs:read");
  // A switch can go off by itself; agents and versions change only with the stamp.
  const [found] = await Promise.all([hasPlan ? switches() : null, stamp === surroundings.peek().stamp ? null : readNames()]);
  switchesOn.value = (found?.items ?? []).filter((item) => item.on);
  surround({ stamp, today: today() });
}

/** Something that acts on calls was done here. */
export async function changedLive(): Promise<void> {
  await lookAround().catch(() => {});
}

export function followStanding(): void {
  effect(() => {
    // A draft that is not changed is the saved plan, and is checked anyway.
    const known = checking.answer.value;
    if (known !== null && known.text === savedText.value) standing.answer.value = known;
  });
  effect(() => {
    const [text, around] = [savedText.value, surroundings.value];
    if (!isChanged.value || text === "" || !isConnected.value) return;
    const known = standing.answer.peek();
    if (known !== null && known.text === text && known.around === around) return;
    void standing.ask(async (signal) => ({ text, around, diagnostics: (await check(text, signal)).diagnostics }));
  });
  effect(() => {
    if (who.value === null || saved.value === undefined) return;
    void saved.value?.revision;
    queueMicrotask(() => void lookAround().catch(() => {}));
  });
  setInterval(() => !document.hidden && void lookAround().catch(() => {}), LOOK_MS);
  addEventListener("focus", () => void lookAround().catch(() => {}));
}
