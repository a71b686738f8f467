/** What saving would change: all calls by the meaning of both plans, and the last ones of the log, one by one. */

import { effect } from "@preact/signals";
import type { Diff, Replay } from "../api/contract.ts";
import { diff, replay } from "../api/endpoints.ts";
import { acceptedNow } from "./check.ts";
import { isConnected } from "../api/connection.ts";
import { Latest } from "./latest.ts";
import { isChanged, saved } from "./plan.ts";
import { panel } from "./route.ts";
import { pauseBefore } from "./sight.ts";
import { may } from "../api/session.ts";

const PAUSE_MS = 250;

export const meanings = new Latest<{ text: string; diff: Diff }>();
export const replays = new Latest<{ text: string; replay: Replay }>();

let timer: ReturnType<typeof setTimeout> | undefined;

/** Follows the draft, while somebody looks. */
export function followChanges(): void {
  effect(() => {
    const [text, config, isOpen] = [acceptedNow(), saved.value, panel.value === "changes"];
    clearTimeout(timer);
    if (!config || !isChanged.value) {
      meanings.forget();
      replays.forget();
      return;
    }
    if (text === null || !isOpen || !isConnected.value) return;
    timer = setTimeout(() => void look(text), pauseBefore(PAUSE_MS));
  });
}

/** What it means for all calls, and then for those of the log. */
async function look(text: string): Promise<void> {
  const isKnown = await meanings.ask(async (signal) => ({ text, diff: await diff(text, signal) }));
  if (isKnown && may("inbound_calls:read")) await replays.ask(async (signal) => ({ text, replay: await replay(text, signal) }));
}
